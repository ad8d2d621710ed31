"""A note for the council's case record, drafted from what the reader may see here, to check and copy out.

It holds what was said in their own words, the days, and what was done: never a level, a score or a guess.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request

from dashboard.days import day_of
from dashboard.guard import At, allow
from dashboard.pages import timeline
from dashboard.pages.people import found
from dashboard.visible import HIDDEN
from dashboard.words import words
from feedback import casework as statements
from people import access, replying, sight
from people.access import May
from storage import casework, hearing_back
from storage import timeline as stored
from storage.tables import Flag, Person, Request, Statement
from storage.tables.statements import StatementState
from storage.timeline import Happening

pages = Blueprint("case_note", __name__)
SPANS = (7, 30, 90)
#: A note that is longer is none.
MOST = 200
#: What of the timeline belongs into a case record: what they said and what was done.
TOLD = frozenset(
    {
        "answer",
        "contact",
        "contact_tried",
        "hold",
        "hold_over",
        "asked",
        "answered",
        "replied",
        "task",
        "task_done",
        "in_touch",
        "change",
    }
)


@dataclass(frozen=True)
class Line:
    """One line of a note, with its moment to put it in order."""

    at: datetime
    text: str


@pages.get("/people/<uuid:person_id>/case-note")
@allow(May.SEE_PEOPLE)
def draft(at: At, person_id: uuid.UUID) -> str:
    """Show the draft for the last days."""
    person = found(at, person_id)
    given = request.args.get("days", "")
    days = int(given) if given in {str(span) for span in SPANS} else SPANS[0]
    at.trace("drafted_note", str(person.id), person_id=person.id)
    return render_template(
        "person/case_note.html",
        person=person,
        days=days,
        spans=SPANS,
        note="\n".join(note(at, person, at.now - timedelta(days=days))),
    )


def note(at: At, person: Person, since: datetime) -> Iterator[str]:
    """Yield the lines of a note, oldest first."""
    zone = at.parts.zone
    yield _say("title", name=person.name, start=day_of(since, zone), end=day_of(at.now, zone))
    yield ""
    lines = sorted(
        (*_happenings(at, person, since), *_flags(at, person, since), *_told(at, person, since)),
        key=lambda one: one.at,
    )
    yield from (one.text for one in lines)
    if not lines:
        yield _say("nothing")
    yield ""
    yield _say("end", name=at.member.name, day=day_of(at.now, zone))


def _say(template: str, **values: str) -> str:
    said = words("case_note", template)
    for name, value in values.items():
        said = said.replace(f"{{{name}}}", value.translate(HIDDEN))
    return said


def _happenings(at: At, person: Person, since: datetime) -> Iterator[Line]:
    whom = timeline.whom(at, person)
    told = stored.past(at.session, whom, at.now + timedelta(microseconds=1), MOST)
    for one in told:
        if one.at >= since and one.kind in TOLD:
            yield Line(one.at, _happening(at, one))


def _happening(at: At, one: Happening) -> str:
    day, detail = day_of(one.at, at.parts.zone), timeline.detail(at, one)
    parts = [words("timeline", one.kind)]
    parts += [detail] if detail else []
    if one.kind == "asked" and one.about:
        found_request = casework.request(
            at.session, one.about, access.own_requests(at.member) & Request.words.is_not(None)
        )
        said = (found_request.words or "") if found_request else ""
    else:
        said = one.words or ""
    line = _say("line", day=day, what=": ".join(parts))
    by = f" ({one.by})" if one.by else ""
    return line + by + (" " + _say("said", words=said) if said else "")


def _flags(at: At, person: Person, since: datetime) -> Iterator[Line]:
    """Yield the words that staff had to read, and what was done about them."""
    chat = casework.chats_of(at.session, [person.id]).get(person.id)
    if chat is None:
        return
    visible = access.own_flags(at.member) & (Flag.chat_id == chat.id)
    flagged = {said.id for said in casework.flagged_since(at.session, visible, since)}
    # What also belongs to something about the reader is not theirs to read.
    theirs = sight.visible(chat, at.member, flagged, after=replying.QUIET_FOR)
    for said in casework.flagged_since(at.session, visible, since, *theirs):
        day = day_of(said.at, at.parts.zone)
        yield Line(said.at, _say("wrote", day=day, words=said.text or words("flags", "not_text")))
    for flag in casework.closed_since(at.session, visible, since):
        yield from _closing(at, flag)


def _closing(at: At, flag: Flag) -> Iterator[Line]:
    assert flag.closed_at is not None  # noqa: S101 (the caller looked)
    outcome = words("outcomes", flag.outcome) if flag.outcome else words("flags", "closed_title")
    day = day_of(flag.closed_at, at.parts.zone)
    yield Line(flag.closed_at, _say("done", day=day, outcome=outcome, words=flag.done or ""))


def _told(at: At, person: Person, since: datetime) -> Iterator[Line]:
    """Yield what they told the reader, once that was opened: a draft does not open it."""
    visible = access.own_statements_of(person, at.member) & (Statement.sent_at >= since)
    for one in hearing_back.sent_to(at.session, visible):
        if one.state == StatementState.SENT or one.sent_at is None:
            continue
        day, title = day_of(one.sent_at, at.parts.zone), str(one.copy.body["title"])
        said = "; ".join(
            f"{each.label} {_say('said', words=each.text)}"
            for each in statements.read_back(at.session, at.parts.library, one)
        )
        yield Line(one.sent_at, _say("told", day=day, title=title) + " " + said)
