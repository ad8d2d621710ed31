"""One member of staff: their role, and the topics for which they are a specialist."""

import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from dashboard.guard import At, allow
from dashboard.words import words
from people import cover, routing
from people.access import May
from storage import doors, office
from storage.tables import Staff
from storage.tables.people import Role

pages = Blueprint("accounts", __name__)


@pages.get("/staff/<uuid:staff_id>")
@allow(May.CHANGE_STAFF)
def one(at: At, staff_id: uuid.UUID) -> str:
    """Show one account and what can be changed about it."""
    member = _member(at, staff_id)
    at.trace("saw_account", str(member.id))
    return _page(member)


def _page(member: Staff, problem: str = "") -> str:
    return render_template(
        "office/account.html",
        member=member,
        roles=[(str(role), words("roles", role)) for role in Role],
        topics=[(topic, words("specialists", topic)) for topic in routing.TOPICS],
        may_have_topics=member.role in cover.CASEWORKERS,
        problem=words("problems", problem) if problem else "",
    )


def _member(at: At, staff_id: uuid.UUID) -> Staff:
    found = at.session.get(Staff, staff_id, with_for_update=True)
    if found is None or found.left_at is not None:
        abort(404)
    return found


@pages.post("/staff/<uuid:staff_id>/role")
@allow(May.CHANGE_STAFF)
def role(at: At, staff_id: uuid.UUID) -> Any:
    """Change somebody's role: they are signed out everywhere. The last administrator stays one."""
    member = _member(at, staff_id)
    if not at.fresh:
        return redirect(url_for("door.confirm", next=f"/staff/{member.id}"), code=303)
    wanted = request.form.get("role", "")
    if wanted not in set(Role):
        return _page(member, "no_role"), 422
    last = member.role == Role.ADMIN and office.count_admins(at.session) <= 1
    if last and wanted != Role.ADMIN:
        return _page(member, "last_admin"), 409
    if wanted != member.role:
        member.role = wanted
        member.topics = member.topics if wanted in cover.CASEWORKERS else []
        doors.new_mark(at.session, member.id)
        at.trace("changed_role", str(member.id), reason=wanted)
    return redirect(url_for("office.staff"), code=303)


@pages.post("/staff/<uuid:staff_id>/topics")
@allow(May.CHANGE_STAFF)
def topics(at: At, staff_id: uuid.UUID) -> Any:
    """Set for which topics somebody is a specialist: they get those requests and flags as well."""
    member = _member(at, staff_id)
    if not at.fresh:
        return redirect(url_for("door.confirm", next=f"/staff/{member.id}"), code=303)
    if member.role not in cover.CASEWORKERS:
        return _page(member, "no_topics"), 422
    member.topics = [one for one in routing.TOPICS if one in request.form.getlist("topics")]
    at.trace("set_topics", str(member.id), reason=", ".join(member.topics))
    return redirect(url_for("office.staff"), code=303)
