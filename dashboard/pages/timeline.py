"""One young person's timeline: what happened and what comes, as far as the reader may see it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for

from checkins import record
from dashboard.days import day_of
from dashboard.guard import At, allow
from dashboard.pages.people import found as found_person
from dashboard.visible import HIDDEN
from dashboard.words import words
from people import access
from people.access import May
from people.hours import say_time
from storage import plans
from storage import timeline as stored
from storage.tables import Person
from storage.timeline import Happening, Whom

pages = Blueprint("timeline", __name__)
FEW, PAGE = 10, 50
#: Where the words of a detail are; the faces are content.
DETAILS = {
    "flag": "levels",
    "flag_closed": "outcomes",
    "asked": "kinds",
    "answered": "kinds",
    "answer_due": "kinds",
    "wrote_first": "due_kinds",
    "write_first": "due_kinds",
    "contact": "contact_kinds",
    "contact_tried": "contact_kinds",
    "hold": "hold_kinds",
    "hold_over": "hold_kinds",
    "hold_ends": "hold_kinds",
    "task": "tasks",
    "task_done": "tasks",
    "task_due": "tasks",
    "in_touch": "in_touch",
    "change": "actions",
}
LINKS = {
    "flag": "flags.card",
    "flag_closed": "flags.card",
    "asked": "requests.one",
    "answered": "requests.one",
    "answer_due": "requests.one",
    "statement": "statements.one",
}


@pages.get("/people/<uuid:person_id>/timeline")
@allow(May.SEE_PEOPLE)
def whole(at: At, person_id: uuid.UUID) -> str:
    """Show it whole, newest first, a page at a time."""
    person = found_person(at, person_id)
    rows, older = past(at, person, before=_before(request.args.get("before", "")))
    shown = render_template(
        "person/timeline.html",
        person=person,
        coming=coming(at, person),
        rows=rows,
        older=older,
    )
    at.trace("read_timeline", str(person.id), person_id=person.id)
    return shown


def _before(text: str) -> datetime | None:
    """Read where the page before ended; what is no moment begins at the top."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def whom(at: At, person: Person) -> Whom:
    """Return whose timeline it is, and what of it the reader may see."""
    chat = plans.chat_of(at.session, person.id)
    return Whom(
        person.id,
        chat.id if chat else None,
        access.own_flags(at.member),
        access.own_requests(at.member),
        access.own_statements_of(person, at.member),
        record.visible(at.member),
    )


def past(
    at: At, person: Person, *, before: datetime | None = None, most: int = PAGE
) -> tuple[list[dict[str, Any]], str]:
    """Return a page of what happened, and where the next one begins, when there is one."""
    until = before or at.now + timedelta(microseconds=1)
    found = stored.past(at.session, whom(at, person), until, most + 1)
    older = found[most - 1].at.isoformat() if len(found) > most else ""
    return [row(at, one) for one in found[:most]], older


def coming(at: At, person: Person) -> list[dict[str, Any]]:
    """Return what comes, soonest first."""
    return [row(at, one) for one in stored.coming(at.session, whom(at, person), at.now)]


def row(at: At, one: Happening) -> dict[str, Any]:
    """Return one happening in words."""
    page = LINKS.get(one.kind)
    return {
        "day": day_of(one.at, at.parts.zone),
        "when": say_time(one.at, at.now, at.parts.zone),
        "what": words("timeline", one.kind),
        "detail": detail(at, one),
        "by": one.by or "",
        "words": (one.words or "").translate(HIDDEN),
        "reference": one.about or "",
        "href": url_for(page, reference=one.about) if page and one.about else "",
    }


def detail(at: At, one: Happening) -> str:
    """Return the detail of a happening as people say it."""
    if one.detail is None:
        return ""
    if one.kind == "answer":
        return at.parts.library.label(f"feeling_{one.detail}").partition(" ")[2]
    return words(DETAILS[one.kind], one.detail)
