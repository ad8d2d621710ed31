"""The record of who saw and did what: newest first, and searched by who, about whom, what and when."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from dashboard.days import DayError, given_day
from dashboard.guard import At, allow
from dashboard.words import everything, words
from people.access import May
from people.hours import say_time
from storage import audit, office, staff
from storage.office import Sought

pages = Blueprint("audit", __name__)
#: What a search is made of. All of it is opaque: no name is ever in an address.
ASKED = ("staff", "about", "action", "day-day", "day-month", "day-year")


@pages.get("/audit")
@allow(May.SEE_AUDIT)
def seen(at: At) -> Any:
    """Show the record, a page at a time, or what of it was searched for."""
    before = request.args.get("before", "")
    problem = ""
    try:
        sought = _sought(at)
    except DayError:
        sought, problem = Sought(), words("problems", "no_day_to_search")
    rows = office.traces(at.session, int(before) if before.isdecimal() else None, sought)
    searched = sought != Sought()
    whole = None if before or searched else audit.first_broken(at.session) is None
    at.trace("searched_audit" if searched else "saw_audit", str(at.member.id))
    shown = [_row(at, one, name) for one, name in rows]
    page = render_template(
        "office/audit.html",
        rows=shown,
        older=shown[-1]["id"] if len(shown) == office.PAGE else None,
        whole=whole,
        given=request.args,
        kept={name: request.args[name] for name in ASKED if request.args.get(name)},
        team=[(str(one.id), one.name) for one in staff.at_work(at.session, None)],
        actions=sorted(everything()["actions"].items(), key=lambda item: str(item[1])),
        problem=problem,
    )
    return (page, 422) if problem else page


def _row(at: At, one: Any, name: str | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "when": say_time(one.at, at.now, at.parts.zone),
        "who": name or words("audit", "nobody"),
        "action": words("actions", one.action),
        "about": one.about,
        "person": str(one.person_id or ""),
    }


def _sought(at: At) -> Sought:
    """Return what is searched for. Raises DayError for what is no day."""
    given = request.args
    day = given_day(given, "day")
    about = given.get("about", "").strip()
    person_id = _id(about)
    begins = datetime.combine(day, time(), at.parts.zone).astimezone(UTC) if day else None
    next_day = (
        datetime.combine(day + timedelta(days=1), time(), at.parts.zone).astimezone(UTC)
        if day
        else None
    )
    return Sought(
        staff_id=_id(given.get("staff", "")),
        person_id=person_id,
        about="" if person_id else about,
        action=given.get("action", ""),
        span=(begins, next_day) if begins and next_day else None,
    )


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
