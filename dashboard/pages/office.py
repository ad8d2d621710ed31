"""What managers and administrators look after: accounts."""

import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from dashboard.guard import At, allow
from dashboard.words import words
from people import access
from people.access import May
from people.hours import say_time
from storage import doors, office
from storage.tables import Staff
from storage.tables.people import Role

pages = Blueprint("office", __name__)


@pages.get("/staff")
@allow(May.SEE_STAFF)
def staff(at: At) -> str:
    """List the accounts of a council; an administrator sees every council's."""
    at.trace("saw_staff", str(at.member.id))
    return _staff_page(at)


def _staff_page(at: At, problem: str = "", link: str = "") -> str:
    council = None if at.member.role == Role.ADMIN else at.member.council
    rows = [
        {
            "id": str(one.id),
            "name": one.name,
            "email": one.email,
            "role": words("roles", one.role),
            "topics": ", ".join(words("specialists", topic) for topic in one.topics),
            "council": one.council,
            "ready": one.password_hash is not None and one.totp_secret is not None,
            "last_in": say_time(last, at.now, at.parts.zone) if last else "",
        }
        for one, last in office.staff_with_last_visit(at.session, council)
    ]
    return render_template(
        "office/staff.html",
        rows=rows,
        may_change=access.allows(at.member, May.CHANGE_STAFF),
        roles=list(Role),
        councils=at.parts.library.councils,
        problem=words("problems", problem) if problem else "",
        link=link,
    )


@pages.post("/staff")
@allow(May.CHANGE_STAFF)
def add(at: At) -> Any:
    """Add an account and show its one-time link, once."""
    if not at.fresh:
        return redirect(url_for("door.confirm", next="/staff"), code=303)
    form = request.form
    email, name, role = (
        form.get("email", "").strip(),
        form.get("name", "").strip(),
        form.get("role", ""),
    )
    council = form.get("council", "")
    if (
        "@" not in email
        or not name
        or role not in set(Role)
        or council not in at.parts.library.councils
    ):
        return _staff_page(at, "account_incomplete"), 422
    if office.taken(at.session, email):
        return _staff_page(at, "account_exists"), 422
    made = office.add(at.session, email=email, name=name, role=role, council=council, now=at.now)
    secret = doors.new_link(at.session, made.id, at.now)
    at.trace("added_staff", str(made.id))
    return _staff_page(at, link=url_for("door.set_up", secret=secret, _external=True))


@pages.post("/staff/<uuid:staff_id>/link")
@allow(May.CHANGE_STAFF)
def link(at: At, staff_id: uuid.UUID) -> Any:
    """Make a new one-time link for somebody who lost their phone or password. Ends their visits."""
    member = _member(at, staff_id)
    if not at.fresh:
        return redirect(url_for("door.confirm", next="/staff"), code=303)
    secret = doors.new_link(at.session, member.id, at.now)
    doors.new_mark(at.session, member.id)
    at.trace("made_link", str(member.id))
    return _staff_page(at, link=url_for("door.set_up", secret=secret, _external=True))


@pages.post("/staff/<uuid:staff_id>/leave")
@allow(May.CHANGE_STAFF)
def leave(at: At, staff_id: uuid.UUID) -> Any:
    """Note that somebody has left: out at once, everywhere. The last administrator stays."""
    member = _member(at, staff_id)
    if not at.fresh:
        return redirect(url_for("door.confirm", next="/staff"), code=303)
    if member.role == Role.ADMIN and office.count_admins(at.session) <= 1:
        return _staff_page(at, "last_admin"), 409
    member.left_at = at.now
    doors.new_mark(at.session, member.id)
    at.trace("removed_staff", str(member.id))
    return _staff_page(at)


def _member(at: At, staff_id: uuid.UUID) -> Staff:
    found = at.session.get(Staff, staff_id)
    if found is None or found.left_at is not None:
        abort(404)
    return found
