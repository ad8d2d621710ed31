"""One young person: what is open, what is agreed, how contact stands, and what staff note about it."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from checkins import noting, plans
from checkins.holds import CircumstanceKind
from checkins.noting import NotingError
from checkins.rhythm import moment
from dashboard.days import DayError, given_day
from dashboard.guard import At, allow
from dashboard.pages import contact, flags, people, requests, statements, timeline
from people import access
from people.access import May
from storage import casework, contacts, hearing_back
from storage.tables import Chat, Flag, Person, Request, Task

pages = Blueprint("person", __name__)
NOON = time(12)


@pages.get("/people/<uuid:person_id>")
@allow(May.SEE_PEOPLE)
def one(at: At, person_id: uuid.UUID) -> str:
    """Show one young person."""
    return _page(at, people.found(at, person_id))


@pages.post("/people/<uuid:person_id>/contacts")
@allow(May.KEEP_IN_TOUCH)
def log(at: At, person_id: uuid.UUID) -> Any:
    """Log a call, a visit or a message."""
    return _note(at, person_id, "logged_contact", _log)


@pages.post("/people/<uuid:person_id>/hold")
@allow(May.KEEP_IN_TOUCH)
def hold(at: At, person_id: uuid.UUID) -> Any:
    """Let somebody be left alone for a while."""
    return _note(at, person_id, "noted_hold", _hold)


@pages.post("/people/<uuid:person_id>/hold/end")
@allow(May.KEEP_IN_TOUCH)
def end_hold(at: At, person_id: uuid.UUID) -> Any:
    """Note that it is over."""
    return _note(at, person_id, "ended_hold", _end_hold)


def _log(at: At, person: Person) -> str:
    """Log what the form says; return what is wrong with it, or nothing."""
    try:
        day = given_day(request.form, "on")
    except DayError:
        return "not_a_day"
    two_way = {"yes": True, "no": False}.get(request.form.get("two_way", ""))
    if day is None or two_way is None:
        return "no_day" if day is None else "no_direction"
    noting.log_contact(
        at.session,
        person,
        at.member,
        request.form.get("kind", ""),
        _on(at, day),
        two_way=two_way,
        zone=at.parts.zone,
        now=at.now,
    )
    return ""


def _on(at: At, day: date) -> datetime:
    """Return a moment on a day of which no time is given: noon, and today no later than now."""
    noon = moment(day, NOON, at.parts.zone)
    return min(noon, at.now) if day == plans.local_day(at.now, at.parts.zone) else noon


def _hold(at: At, person: Person) -> str:
    """Note what the form says; return what is wrong with it, or nothing."""
    try:
        day = given_day(request.form, "until")
    except DayError:
        return "not_a_day"
    until = moment(day, time(0), at.parts.zone) if day else None
    kind = request.form.get("hold", "")
    noting.note_circumstance(at.session, person, at.member, kind, until, at.now)
    return ""


def _end_hold(at: At, person: Person) -> str:
    noting.end_circumstances(at.session, person, at.now, request.form.get("hold", ""))
    return ""


def _note(at: At, person_id: uuid.UUID, action: str, do: Callable[[At, Person], str]) -> Any:
    """Note something and show the page again; what cannot be noted is said on it."""
    person = people.found(at, person_id)
    try:
        problem = do(at, person)
    except NotingError as error:
        problem = error.problem
    if problem:
        return _page(at, person, problem), 400
    at.trace(action, str(person.id), person_id=person.id)
    return redirect(url_for("person.one", person_id=person.id), code=303)


def _page(at: At, person: Person, problem: str = "") -> str:
    chat = casework.chats_of(at.session, [person.id]).get(person.id)
    shown = render_template(
        "person/one.html",
        person=people.row(at, person, chat, {}),
        born=date.fromisoformat(person.born_on),
        council=_council(at, person),
        flags=_flags(at, chat),
        requests=_requests(at, chat),
        statements=_statements(at, person),
        tasks=_tasks(at, person),
        plan=contact.plan(at, person, chat),
        standing=contact.standing(at, person),
        log=contact.log(at, person),
        joined=chat is not None,
        coming=timeline.coming(at, person),
        newest=timeline.past(at, person, most=timeline.FEW)[0],
        holds=contact.holds_now(at, person),
        kinds=noting.KINDS,
        hold_kinds=list(CircumstanceKind),
        problem=problem,
        given=request.form,
    )
    at.trace("read_person", str(person.id), person_id=person.id)
    return shown


def _council(at: At, person: Person) -> str:
    council = at.parts.library.councils.get(person.council)
    return council.name if council else person.council


def _flags(at: At, chat: Chat | None) -> list[dict[str, Any]]:
    if chat is None:
        return []
    visible = access.own_flags(at.member) & (Flag.chat_id == chat.id)
    return [flags.row(at, each) for each in casework.open_flags(at.session, visible, at.now)]


def _requests(at: At, chat: Chat | None) -> list[dict[str, Any]]:
    if chat is None:
        return []
    visible = access.own_requests(at.member) & (Request.chat_id == chat.id)
    return [requests.row(at, each) for each in casework.open_requests(at.session, visible)]


def _tasks(at: At, person: Person) -> list[dict[str, Any]]:
    visible = access.own_tasks(at.member) & (Task.person_id == person.id)
    return [contact.task_row(at, each) for each in contacts.tasks_seen(at.session, visible)]


def _statements(at: At, person: Person) -> list[dict[str, Any]]:
    """Return what they sent to the reader with their name; what they sent without it is not here."""
    told = hearing_back.sent_to(at.session, access.own_statements_of(person, at.member))
    return [statements.row(at, each) for each in told]
