"""Statements: what young people sent to the reader, what waits longest first, and each step on one.

The page of one does what the commands do, through the same functions (`feedback/casework.py`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from content.themes import load_themes
from dashboard.days import day_of, month_of
from dashboard.guard import At, allow
from dashboard.paging import key_given, key_of
from dashboard.visible import HIDDEN
from dashboard.words import words
from feedback import casework, hearing, theming
from feedback.hearing import HearingError, Step
from people import access, sight
from people.access import May
from people.hours import say_time
from storage import hearing_back, statements
from storage.tables import Staff, Statement, StatementEvent
from storage.tables.statements import StatementState

pages = Blueprint("statements", __name__)
#: How many rows a list shows at most; that there are more is said.
PAGE = 50
#: What a person chooses on the page. That it was seen is noted by opening it.
STEPS = (StatementState.IN_HAND, StatementState.DONE, StatementState.CANNOT)


def row(at: At, one: Statement) -> dict[str, Any]:
    """Return a statement as a row: no word of it, and no day where its author gave no name."""
    named = sight.may_see_name(one)
    late = one.closed_at is None and one.due_at is not None and one.due_at < at.now
    return {
        "reference": one.reference,
        "kind": one.copy.body["title"],
        "who": one.person.name
        if named and one.person
        else words("statements", "stranger" if named else "no_name"),
        "named": named,
        "state": words("statement_states", one.state),
        "sent": _sent(at, one),
        "whose": _whose(at, one),
        "due": _due(at, one, late=late),
        "overdue": late,
        "complaint": one.complaint,
        "answer_by": day_of(one.answer_by, at.parts.zone) if one.answer_by else "",
        "answer_late": one.closed_at is None
        and one.answer_by is not None
        and one.answer_by < at.now,
    }


def _sent(at: At, one: Statement) -> str:
    sent = one.sent_at or one.touched_at
    if not sight.may_see_name(one):
        return month_of(sent, at.parts.zone)
    return day_of(sent, at.parts.zone)


def _whose(at: At, one: Statement) -> str:
    if one.owner_id == at.member.id:
        return words("flags", "you")
    return at.whose(one.owner)


def _due(at: At, one: Statement, *, late: bool) -> str:
    """Return by when it is followed up. The day would tell on which day it was sent."""
    if one.due_at is None:
        return words("statements", "nothing_due" if one.tone or one.closed_at else "not_read_yet")
    if not sight.may_see_name(one):
        return "" if late else words("statements", "in_time")
    return day_of(one.due_at, at.parts.zone)


@pages.get("/statements")
@allow(May.SEE_STATEMENTS)
def listed(at: At) -> str:
    """List what was sent to the reader: complaints apart, overdue first, then what was finished."""
    visible = access.own_statements(at.member)
    after = key_given(request.args.get("after", ""))
    found = hearing_back.open_page(
        at.session, visible, complaints=False, most=PAGE + 1, after=after
    )
    complaints = _first(
        after, lambda: hearing_back.open_page(at.session, visible, complaints=True, most=PAGE + 1)
    )
    since = at.now - hearing.ANSWERABLE_FOR
    over = _first(after, lambda: hearing_back.closed_since(at.session, visible, since, PAGE + 1))
    last = found[PAGE - 1] if len(found) > PAGE else None
    shown = render_template(
        "statements/listed.html",
        complaints=[row(at, one) for one in complaints[:PAGE]],
        rows=[row(at, one) for one in found[:PAGE]],
        over=[row(at, one) for one in over[:PAGE]],
        more=max(len(complaints), len(over)) > PAGE,
        onward=key_of(last.due_at or hearing_back.NEVER, last.id) if last else "",
    )
    at.trace("saw_statements", str(at.member.id))
    return shown


def _first(after: object, ask: Callable[[], list[Statement]]) -> list[Statement]:
    """Return what only the first page shows."""
    return ask() if after is None else []


@pages.get("/statements/<reference>")
@allow(May.SEE_STATEMENTS)
def one(at: At, reference: str) -> str:
    """Show one statement whole. Opening it is seeing it, and its author is told."""
    found = _found(at, reference)
    casework.read(at.session, at.parts.library, found, at.member, at.now)
    _trace(at, "read_statement", found)
    return _page(at, found)


@pages.post("/statements/<reference>/step")
@allow(May.WORK_ON_STATEMENTS)
def step(at: At, reference: str) -> Any:
    """Take a step, which its author is told of; what may not be done is said on the page."""
    found = _found(at, reference)
    problem = _take(at, found)
    if problem:
        casework.read(at.session, at.parts.library, found, at.member, at.now)
        _trace(at, "read_statement", found)
        return _page(at, found, problem), 409
    _trace(at, "moved_statement", found, reason=found.state)
    return redirect(url_for("statements.one", reference=found.reference), code=303)


def _take(at: At, found: Statement) -> str:
    """Take the step that was chosen; return what is wrong with it, or nothing."""
    if request.form.get("version") != hearing_back.version(at.session, found):
        return "statement_changed"
    chosen = next((one for one in STEPS if one == request.form.get("state")), None)
    if chosen is None:
        return "no_step"
    try:
        wanted = Step(chosen, request.form.get("words", ""))
        casework.take(at.session, at.parts.library, found, at.member, wanted, at.now)
    except HearingError as error:
        return error.problem
    return ""


def _found(at: At, reference: str) -> Statement:
    found = casework.find(at.session, reference, at.member)
    if found is None:
        abort(404)
    return found


def _trace(at: At, action: str, one: Statement, reason: str | None = None) -> None:
    """Record it. Who wrote without a name is not in the record either."""
    person_id = one.person_id if sight.may_see_name(one) else None
    at.trace(action, one.reference, person_id=person_id, reason=reason)


def _page(at: At, one: Statement, problem: str = "") -> str:
    chat, state = one.chat, StatementState(one.state)
    return render_template(
        "statements/one.html",
        one=row(at, one),
        audience=words("audiences", one.audience or ""),
        feelings=[at.parts.library.label(f"feeling_{felt}") for felt in one.feelings],
        told=[_told(each) for each in casework.read_back(at.session, at.parts.library, one)],
        themes=[_theme(said) for said in _themes(at, one)],
        story=[_event(at, one, event) for event in _since_sent(at, one)],
        steps=[each for each in STEPS if each in hearing.NEXT.get(state, set())],
        version=hearing_back.version(at.session, one),
        cannot_be_told=chat is None
        or chat.stopped_at is not None
        or chat.unreachable_at is not None,
        problem=problem,
        chosen=request.form.get("state", ""),
        written=request.form.get("words", ""),
        longest=hearing.LONGEST_NOTE,
    )


def _told(one: casework.Told) -> dict[str, str]:
    return {
        "label": one.label,
        "text": one.text.translate(HIDDEN),
        "consent": words("consents", one.consent) if one.consent else "",
    }


def _themes(at: At, one: Statement) -> list[theming.Said]:
    return theming.stands(hearing_back.themes_said(at.session, one))


def _theme(said: theming.Said) -> dict[str, str]:
    sure = f", {said.confidence:.0%}" if said.confidence is not None else ""
    return {
        "title": load_themes()[said.theme].title,
        "source": words("theme_sources", said.source) + sure,
    }


def _since_sent(at: At, one: Statement) -> list[StatementEvent]:
    """Return what happened since it was sent: how they wrote it is theirs."""
    told = [
        event
        for event in statements.events(at.session, one)
        if event.state in hearing_back.WITH_STAFF
    ]
    return [event for event in told if one.sent_at is None or event.at >= one.sent_at]


def _event(at: At, one: Statement, event: StatementEvent) -> dict[str, str]:
    member = at.session.get(Staff, event.by_id) if event.by_id else None
    return {
        "state": words("statement_states", event.state),
        "when": _when(at, one, event.at),
        "who": member.name if member else words("statements", "themselves"),
        "note": (event.note or "").translate(HIDDEN),
    }


def _when(at: At, one: Statement, moment: datetime) -> str:
    if not sight.may_see_name(one):
        return month_of(moment, at.parts.zone)
    return say_time(moment, at.now, at.parts.zone)
