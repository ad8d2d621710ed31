"""Requests to see or to erase one's data, with their clock of one month."""

import uuid
from datetime import time
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from checkins.rhythm import moment
from dashboard.days import DayError, day_of, given_day
from dashboard.guard import At, allow
from dashboard.pages import requests
from dashboard.pages.people import found
from people import access, data_requests
from people.access import May
from people.data_requests import DataRequestError
from storage import casework, plans
from storage.tables import Person, Request

pages = Blueprint("data", __name__)


@pages.get("/people/<uuid:person_id>/data")
@allow(May.KEEP_IN_TOUCH)
def form(at: At, person_id: uuid.UUID) -> str:
    """Show the open ones, and the form to note one that came in another way."""
    person = found(at, person_id)
    at.trace("read_person", str(person.id), person_id=person.id)
    return _page(at, person)


@pages.post("/people/<uuid:person_id>/data")
@allow(May.KEEP_IN_TOUCH)
def note(at: At, person_id: uuid.UUID) -> Any:
    """Note one."""
    person = found(at, person_id)
    try:
        made = _note(at, person)
    except DataRequestError as error:
        return _page(at, person, str(error)), 400
    at.trace("noted_data_request", made.reference, person_id=person.id)
    return redirect(url_for("requests.one", reference=made.reference), code=303)


def _note(at: At, person: Person) -> Request:
    chat = plans.chat_of(at.session, person.id)
    if chat is None:
        raise DataRequestError("not_joined_yet")
    try:
        day = given_day(request.form, "on")
    except DayError as error:
        raise DataRequestError("not_a_day") from error
    if day is None:
        raise DataRequestError("no_day_received")
    received_at = moment(day, time(0), at.parts.zone)
    return data_requests.note(
        at.session,
        chat,
        at.member,
        request.form.get("kind", ""),
        received_at,
        at.parts.zone,
        at.now,
    )


def _page(at: At, person: Person, problem: str = "") -> str:
    chat = plans.chat_of(at.session, person.id)
    return render_template(
        "person/data.html",
        person=person,
        rows=[
            requests.row(at, one) | {"due": day_of(one.due_at, at.parts.zone)}
            for one in (_open(at, chat.id) if chat else ())
        ],
        kinds=data_requests.KINDS,
        joined=chat is not None,
        given=request.form,
        problem=problem,
    )


def _open(at: At, chat_id: int) -> list[Request]:
    theirs = (Request.chat_id == chat_id) & Request.kind.in_(data_requests.KINDS)
    return list(casework.open_requests(at.session, access.own_requests(at.member) & theirs))
