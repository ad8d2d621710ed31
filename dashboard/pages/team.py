"""What a manager looks after: how each adviser stands, worries about staff, and who does not use Kith yet."""

import uuid
from datetime import time
from typing import Any

from flask import Blueprint, render_template, request

from checkins.plans import local_day
from checkins.rhythm import moment
from dashboard.days import day_of
from dashboard.guard import At, allow
from dashboard.pages import flags, requests, statements
from dashboard.words import words
from people import access
from people.access import May
from people.hours import say_time
from storage import adoption, casework, hearing_back, office, team
from storage.tables import Flag, Person, Request, Statement
from storage.tables.people import Role
from storage.team import Standing, Visible

pages = Blueprint("team", __name__)
LEVELS = ("immediate", "same_day", "concern")
MIDNIGHT = time(0)
#: How many rows a list shows at most; that there are more is said.
PAGE = casework.PAGE


@pages.get("/team")
@allow(May.SEE_TEAM)
def board(at: At) -> str:
    """Show how each adviser stands, in a fixed number of questions to the database."""
    month = local_day(at.now, at.parts.zone).replace(day=1)
    visible = Visible(
        access.own_people(at.member), access.own_flags(at.member), access.own_requests(at.member)
    )
    since = moment(month, MIDNIGHT, at.parts.zone)
    lines = team.board(at.session, at.member.council, visible, since, at.now)
    at.trace("saw_team", str(at.member.id))
    return render_template(
        "team/board.html",
        rows=[_row(at, one) for one in lines],
        levels=LEVELS,
        month=f"{month:%B %Y}",
    )


def _row(at: At, one: Standing) -> dict[str, Any]:
    return {
        "name": one.staff.name if one.staff else words("flags", "duty"),
        "people": one.people,
        "open": [one.open.get(level, 0) for level in LEVELS],
        "oldest": say_time(one.oldest_at, at.now, at.parts.zone) if one.oldest_at else "",
        "met": one.met,
        "missed": one.missed,
        "overdue": one.overdue,
        "silent": one.silent,
    }


@pages.get("/allegations")
@allow(May.SEE_TEAM)
def allegations(at: At) -> str:
    """List what is open about staff. Whom it is about never sees it, here or anywhere."""
    found = casework.open_flags(
        at.session, access.own_flags(at.member) & Flag.about_staff.is_(True), at.now
    )
    asked = casework.open_requests(
        at.session, access.own_requests(at.member) & Request.hidden_from_id.is_not(None)
    )
    told = hearing_back.open_ones(
        at.session, access.own_statements(at.member) & Statement.hidden_from_id.is_not(None)
    )
    at.trace("saw_allegations", str(at.member.id))
    return render_template(
        "team/allegations.html",
        flags=[flags.row(at, one) for one in found],
        requests=[requests.row(at, one) for one in asked],
        statements=[statements.row(at, one) for one in told[:PAGE]],
        more=max(len(found), len(asked)) == PAGE or len(told) > PAGE,
    )


@pages.get("/adoption")
@allow(May.SEE_TEAM)
def uses(at: At) -> str:
    """Show who was registered and never joined, who joined and never wrote, which advisers never came."""
    visible = access.own_people(at.member)
    invited = adoption.never_joined(at.session, visible, _after("joined"))
    silent = adoption.never_wrote(at.session, visible, _after("wrote"))
    never_in = [
        one.name
        for one, last in office.staff_with_last_visit(at.session, at.member.council)
        if last is None and one.role == Role.ADVISER
    ]
    at.trace("saw_adoption", str(at.member.id))
    return render_template(
        "team/adoption.html",
        counts=adoption.counts(at.session, visible),
        never_joined=[{**_person(at, one), "invited": _day(at, last)} for one, last in invited],
        never_wrote=[_person(at, one) for one in silent],
        next_joined=invited[-1][0].id if len(invited) == adoption.PAGE else None,
        next_wrote=silent[-1].id if len(silent) == adoption.PAGE else None,
        never_in=never_in,
    )


def _after(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get(name, ""))
    except ValueError:
        return None


def _day(at: At, last: Any) -> str:
    return day_of(last, at.parts.zone) if last else words("people", "never")


def _person(at: At, one: Person) -> dict[str, str]:
    return {
        "id": str(one.id),
        "name": one.name,
        "adviser": one.adviser.name if one.adviser else words("people", "no_adviser"),
        "since": day_of(one.added_at, at.parts.zone),
    }
