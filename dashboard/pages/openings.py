"""Opening somebody who is not yours: the form, and the list of who opened whom, and why."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from dashboard.days import DayError, given_day
from dashboard.guard import At, allow
from dashboard.visible import HIDDEN
from people import access, emergency
from people.access import May
from people.hours import say_time
from storage import openings
from storage.tables import Opening

pages = Blueprint("openings", __name__)


@pages.get("/openings")
@allow(May.OPEN_UP)
def listed(at: At) -> str:
    """List who opened a record that was not theirs, newest first, a page at a time."""
    before = request.args.get("before", "")
    found = openings.listed(
        at.session,
        access.own_openings(at.member),
        int(before) if before.isdecimal() else None,
    )
    at.trace("saw_openings", str(at.member.id))
    rows = [_row(at, one) for one in found]
    older = found[-1].id if len(found) == openings.PAGE else None
    return render_template("people/openings.html", rows=rows, older=older)


def _row(at: At, one: Opening) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "person": one.person.name,
        "by": one.staff.name,
        "when": say_time(one.opened_at, at.now, at.parts.zone),
        "until": say_time(one.until, at.now, at.parts.zone),
        "open": one.until > at.now,
        "why": one.why.translate(HIDDEN),
    }


@pages.get("/openings/new")
@allow(May.OPEN_UP)
def form(at: At) -> Any:
    """Show the form, to somebody who has just proved again who they are (SEC-10)."""
    if not at.fresh:
        return redirect(url_for("door.confirm", next="/openings/new"), code=303)
    at.trace("saw_opening_form", str(at.member.id))
    return _form()


def _form(problem: str = "") -> str:
    return render_template("people/open_up.html", problem=problem, given=request.form)


@pages.post("/openings/new")
@allow(May.OPEN_UP)
def open_up(at: At) -> Any:
    """Open the one whose name and date of birth were given in full; a miss is recorded too."""
    if not at.fresh:
        return redirect(url_for("door.confirm", next="/openings/new"), code=303)
    try:
        why = emergency.checked(request.form.get("why", ""))
        born_on = given_day(request.form, "born")
    except emergency.OpeningError as error:
        return _form(str(error)), 400
    except DayError:
        return _form("not_a_day"), 400
    person = emergency.find(at.session, at.member, request.form.get("name", ""), born_on)
    if person is None:
        at.trace("tried_to_open", str(at.member.id), reason=why)
        return _form("nobody_called"), 400
    made = emergency.open_up(at.session, at.member, person, why, at.now)
    at.trace("opened_up", made.reference, person_id=person.id, reason=why)
    return redirect(url_for("person.one", person_id=person.id), code=303)
