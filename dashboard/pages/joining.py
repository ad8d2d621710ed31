"""Inviting a young person, or joining the phone they have now: a link, its picture to scan, and a card to print.

The code is shown once, on the page that made it; only what proves it is kept.
"""

import io
import uuid
from typing import Any

import segno
from flask import Blueprint, render_template, request

from dashboard.days import DayError, given_day
from dashboard.guard import At, allow
from dashboard.pages.people import found
from dashboard.words import words
from people import records, routing
from people.access import May
from people.hours import say_time
from people.records import CODE_LASTS, RecordError
from storage import plans
from storage.tables import Person, Staff
from storage.tables.people import Role

pages = Blueprint("joining", __name__)


@pages.get("/people/invite")
@allow(May.KEEP_IN_TOUCH)
def form(at: At) -> str:
    """Show the form for somebody new."""
    at.trace("saw_people", str(at.member.id))
    return _form(at)


@pages.post("/people/invite")
@allow(May.KEEP_IN_TOUCH)
def invite(at: At) -> Any:
    """Make a record and show its card."""
    try:
        born_on = given_day(request.form, "born")
    except DayError:
        return _form(at, "not_a_day"), 400
    adviser = next(
        (one for one in _advisers(at) if str(one.id) == request.form.get("adviser")), None
    )
    name = request.form.get("name", "").strip()
    if problem := _missing(name, born_on is not None, adviser is not None):
        return _form(at, problem), 400
    assert born_on is not None  # noqa: S101 (just looked at)
    assert adviser is not None  # noqa: S101
    try:
        person, code = records.invite(
            at.session,
            adviser=adviser.email,
            name=name,
            born_on=born_on,
            council=at.member.council,
            now=at.now,
        )
    except RecordError:
        return _form(at, "not_of_age"), 400
    at.trace("made_invitation", str(person.id), person_id=person.id)
    return _card(at, person, code)


def _missing(name: str, born: bool, adviser: bool) -> str:  # noqa: FBT001 (what is there)
    if not name:
        return "no_name"
    return "no_day_born" if not born else "" if adviser else "no_adviser_chosen"


@pages.get("/people/<uuid:person_id>/invite")
@allow(May.KEEP_IN_TOUCH)
def again(at: At, person_id: uuid.UUID) -> str:
    """Say what a new code does, before one is made."""
    person = found(at, person_id)
    at.trace("read_person", str(person.id), person_id=person.id)
    chat = plans.chat_of(at.session, person.id)
    return render_template("person/invite_again.html", person=person, joined=chat is not None)


@pages.post("/people/<uuid:person_id>/invite")
@allow(May.KEEP_IN_TOUCH)
def new_code(at: At, person_id: uuid.UUID) -> str:
    """Make a new code and show its card; the ones before open nothing any more."""
    person = found(at, person_id)
    code = records.fresh_code(at.session, person, at.now)
    at.trace("made_invitation", str(person.id), person_id=person.id)
    return _card(at, person, code)


def _advisers(at: At) -> list[Staff]:
    """Return whose person somebody new can be: an adviser's own, or for a manager any adviser's."""
    if at.member.role == Role.ADVISER:
        return [at.member]
    staff = routing.at_work(at.session, at.member.council)
    return [one for one in staff if one.role == Role.ADVISER]


def _form(at: At, problem: str = "") -> str:
    return render_template(
        "person/invite.html", advisers=_advisers(at), given=request.form, problem=problem
    )


def _card(at: At, person: Person, code: str) -> str:
    name = at.parts.bot_name()
    link = f"https://t.me/{name}?start={code}" if name else ""
    return render_template(
        "person/card.html",
        person=person,
        code=code,
        link=link,
        picture=_picture(link) if link else "",
        until=say_time(at.now + CODE_LASTS, at.now, at.parts.zone),
        adviser=person.adviser.name if person.adviser else words("people", "no_adviser"),
    )


def _picture(link: str) -> str:
    """Return the link as a picture to scan."""
    drawn = io.BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", scale=5, xmldecl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode()
