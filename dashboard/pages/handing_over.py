"""Handing a young person over to another adviser."""

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from dashboard.guard import At, allow
from dashboard.pages.people import found
from dashboard.words import words
from people import handing_over
from people.access import May
from people.handing_over import HandOverError
from storage import plans
from storage.tables import Person

pages = Blueprint("handing_over", __name__)


@pages.get("/people/<uuid:person_id>/hand-over")
@allow(May.KEEP_IN_TOUCH)
def form(at: At, person_id: uuid.UUID) -> str:
    """Show who could take them on, and what they will be told."""
    person = found(at, person_id)
    at.trace("read_person", str(person.id), person_id=person.id)
    return _page(at, person)


@pages.post("/people/<uuid:person_id>/hand-over")
@allow(May.KEEP_IN_TOUCH)
def hand_over(at: At, person_id: uuid.UUID) -> Any:
    """Make somebody else the adviser. The one before sees them no more."""
    person = found(at, person_id)
    try:
        handing_over.hand_over(
            at.session,
            at.parts.library,
            person,
            request.form.get("to", ""),
            known_adviser=request.form.get("adviser", ""),
            now=at.now,
        )
    except HandOverError as error:
        return _page(at, person, str(error)), 409
    at.trace("handed_person_over", str(person.id), person_id=person.id)
    return redirect(url_for("people.listed"), code=303)


def _page(at: At, person: Person, problem: str = "") -> str:
    chat = plans.chat_of(at.session, person.id)
    return render_template(
        "person/hand_over.html",
        person=person,
        colleagues=handing_over.whom_to(at.session, person),
        told=_told(at) if chat is not None and handing_over.can_be_told(chat) else "",
        problem=problem,
    )


def _told(at: At) -> str:
    """Return what the young person will read, with the name still open."""
    return handing_over.wording(
        at.parts.library, words("handing_over", "new_name"), at.member.council
    )
