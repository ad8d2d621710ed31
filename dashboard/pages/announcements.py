"""Announcements: written, looked at, tried on oneself, approved by a second person, sent, called off.

Every rule is the commands' (`checkins/events.py`). Staff see counts, never who, and no number under five.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from checkins import announcing, events
from checkins.events import Draft, EventError, Sending
from checkins.rhythm import moment
from dashboard.days import DayError, day_of, given_day
from dashboard.guard import At, allow
from dashboard.paging import number_given
from dashboard.words import words
from people.access import May
from people.hours import say_time
from storage import events as stored
from storage import trials
from storage.tables import Event
from storage.tables.events import EventState

pages = Blueprint("announcements", __name__)
PAGE = 50


@pages.get("/announcements")
@allow(May.ANNOUNCE)
def listed(at: At) -> str:
    """List the announcements of one's council, newest first."""
    before = number_given(request.args.get("before", ""))
    found = stored.page(at.session, at.member.council, before, PAGE + 1)
    shown = render_template(
        "announcements/listed.html",
        rows=[row(at, one) for one in found[:PAGE]],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
    )
    at.trace("saw_announcements", str(at.member.id))
    return shown


def row(at: At, one: Event) -> dict[str, Any]:
    """Return an announcement as a row."""
    place = f", {one.place}" if one.place else ""
    label = at.parts.library.label(f"news.{one.interest}")
    return {
        "reference": one.reference,
        "title": one.title,
        "whom": f"{label}, {one.youngest}–{one.oldest}{place}",
        "state": words("announcements", one.state),
        "approved": one.approved_at is not None,
        "happens": say_time(one.happens_at, at.now, at.parts.zone) if one.happens_at else "",
    }


@pages.get("/announcements/new")
@allow(May.ANNOUNCE)
def blank(at: At) -> str:
    """Show an empty form."""
    at.trace("saw_announcements", str(at.member.id))
    return _form(at, {"youngest": str(events.YOUNGEST), "oldest": str(events.OLDEST)})


@pages.post("/announcements/new")
@allow(May.ANNOUNCE)
def write(at: At) -> Any:
    """Keep a draft."""
    return _keep(at, None)


@pages.get("/announcements/<reference>/change")
@allow(May.ANNOUNCE)
def change_form(at: At, reference: str) -> str:
    """Show the form as it was filled in."""
    event = _found(at, reference)
    at.trace("read_announcement", event.reference)
    return _form(at, _as_given(at, event), event=event)


@pages.post("/announcements/<reference>/change")
@allow(May.ANNOUNCE)
def change(at: At, reference: str) -> Any:
    """Change a draft; whoever approved it must look again."""
    event = _found(at, reference)
    if request.form.get("version") != version(event):
        return _form(at, _as_given(at, event), [words("problems", "event_changed")], event), 409
    return _keep(at, event)


def _keep(at: At, event: Event | None) -> Any:
    try:
        with at.session.begin_nested():
            kept = events.draft(
                at.session,
                at.parts.library,
                at.member,
                _written(at, request.form),
                at.now,
                reference=event.reference if event else None,
            )
    except EventError as error:
        return _form(at, request.form, [str(error)], event), 400
    at.trace("wrote_announcement", kept.reference)
    return redirect(url_for("announcements.one", reference=kept.reference), code=303)


def _written(at: At, given: Mapping[str, str]) -> Draft:
    """Return what the form says. Raises EventError for what cannot be read."""
    ages = given.get("youngest", ""), given.get("oldest", "")
    if not all(age.isdecimal() and len(age) < 4 for age in ages):
        raise EventError(words("problems", "not_ages"))
    return Draft(
        given.get("interest", ""),
        given.get("title", ""),
        given.get("words", "").replace("\r\n", "\n"),
        _happens(at, given),
        given.get("place", "") or None,
        (int(ages[0]), int(ages[1])),
    )


def _happens(at: At, given: Mapping[str, str]) -> datetime | None:
    try:
        day, clock = given_day(given, "on"), given.get("at", "").strip()
        if day is None and not clock:
            return None
        if day is not None and clock:
            return moment(day, time.fromisoformat(clock).replace(tzinfo=None), at.parts.zone)
    except (DayError, ValueError) as error:
        raise EventError(words("problems", "not_event_time")) from error
    raise EventError(words("problems", "not_event_time"))


def _as_given(at: At, event: Event) -> dict[str, str]:
    """Return an announcement as the form would give it."""
    local = event.happens_at.astimezone(at.parts.zone) if event.happens_at else None
    return {
        "interest": event.interest,
        "title": event.title,
        "words": event.words,
        "place": event.place or "",
        "youngest": str(event.youngest),
        "oldest": str(event.oldest),
        "on-day": str(local.day) if local else "",
        "on-month": str(local.month) if local else "",
        "on-year": str(local.year) if local else "",
        "at": f"{local:%H:%M}" if local else "",
    }


def _form(
    at: At,
    given: Mapping[str, str],
    problems: list[str] | None = None,
    event: Event | None = None,
) -> str:
    library = at.parts.library
    council = library.councils.get(at.member.council)
    return render_template(
        "announcements/form.html",
        given=given,
        problems=problems or [],
        event=event,
        version=version(event) if event else "",
        interests=[(one, library.label(f"news.{one}")) for one in library.events.interests],
        places=council.places if council else (),
        longest=announcing.LONGEST_TITLE,
    )


@pages.get("/announcements/<reference>")
@allow(May.ANNOUNCE)
def one(at: At, reference: str) -> str:
    """Show exactly what is sent, to how many, and what came of it."""
    event = _found(at, reference)
    at.trace("read_announcement", event.reference)
    return _page(at, event)


@pages.post("/announcements/<reference>/test")
@allow(May.ANNOUNCE)
def test(at: At, reference: str) -> Any:
    """Send it to oneself only."""
    return _do(
        at,
        reference,
        "tested_announcement",
        lambda event: events.try_out(at.session, at.parts.library, event, at.member, at.now),
    )


@pages.post("/announcements/<reference>/approve")
@allow(May.ANNOUNCE)
def approve(at: At, reference: str) -> Any:
    """Approve it as a second person."""
    return _do(
        at,
        reference,
        "approved_announcement",
        lambda event: events.approve(event, at.member, at.now),
    )


@pages.post("/announcements/<reference>/send")
@allow(May.ANNOUNCE)
def send(at: At, reference: str) -> Any:
    """Send it, a few at a time, by day."""
    common = at.parts
    sending = Sending(
        common.library, common.zone, common.events_per_hour, common.events_approve_above
    )
    return _do(
        at,
        reference,
        "sent_announcement",
        lambda event: events.send(at.session, sending, event, at.member, at.now),
    )


@pages.post("/announcements/<reference>/cancel")
@allow(May.ANNOUNCE)
def cancel(at: At, reference: str) -> Any:
    """Call it off."""
    return _do(
        at,
        reference,
        "cancelled_announcement",
        lambda event: events.cancel(at.session, event, at.member, at.now),
    )


@pages.post("/announcements/link")
@allow(May.ANNOUNCE)
def link(at: At) -> str:
    """Make a code that lets one's own Telegram chat get test messages, and show it once."""
    code = trials.new_code(at.session, at.member, at.now)
    at.trace("made_test_code", str(at.member.id))
    return render_template("announcements/link.html", code=code)


def _do(at: At, reference: str, action: str, do: Callable[[Event], Any]) -> Any:
    """Take a step on what was looked at, and show it again; what may not be done is said on it."""
    event = _found(at, reference)
    if request.form.get("version") != version(event):
        return _page(at, event, words("problems", "event_changed")), 409
    try:
        with at.session.begin_nested():
            do(event)
    except EventError as error:
        at.session.refresh(event)
        return _page(at, event, str(error)), 409
    at.trace(action, event.reference)
    done = "tested" if action == "tested_announcement" else None
    return redirect(url_for("announcements.one", reference=reference, done=done), code=303)


def _found(at: At, reference: str) -> Event:
    try:
        return events.find(at.session, reference, at.member)
    except EventError:
        abort(404)


def version(event: Event) -> str:
    """Return what changes whenever an announcement does, so that nobody approves what they did not see."""
    said = (
        event.interest,
        event.place,
        event.youngest,
        event.oldest,
        event.title,
        event.words,
        event.happens_at,
        event.state,
        event.approved_at,
        event.made_by_id,
    )
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()[:16]


def _page(at: At, event: Event, problem: str = "") -> str:
    reply = events.message(at.parts.library, event)
    draft = event.state == EventState.DRAFT
    people = (
        len(events.audience(at.session, event, at.now.astimezone(at.parts.zone).date()))
        if draft
        else 0
    )
    above = at.parts.events_approve_above
    return render_template(
        "announcements/one.html",
        event=row(at, event),
        text=reply.text,
        keys=[key.label for keys in reply.keys for key in keys],
        draft=draft,
        cancelled=event.state == EventState.CANCELLED,
        count=announcing.rounded(people),
        above=above,
        needs_approval=announcing.needs_second_person(people, above),
        mine=event.made_by_id == at.member.id,
        joined=trials.chat_of(at.session, at.member) is not None,
        results=[
            (what, announcing.rounded(number)) for what, number in events.results(at.session, event)
        ]
        if not draft
        else [],
        sent=day_of(event.sent_at, at.parts.zone) if event.sent_at else "",
        version=version(event),
        problem=problem,
        done=request.args.get("done", ""),
    )
