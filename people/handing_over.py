"""Handing a young person over to another adviser: open work goes along, and they are told in plain words."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from content.library import Library
from people import routing
from storage import moving, plans, saying
from storage.saying import Saying
from storage.tables import Chat, Person, Staff
from storage.tables.outbox import Lane
from storage.tables.people import Role


class HandOverError(Exception):
    """Somebody cannot be handed over as asked; its text is the id of the sentence that says why."""


def whom_to(session: Session, person: Person) -> Sequence[Staff]:
    """Return the advisers of their council who could take a young person on."""
    return [
        one
        for one in routing.at_work(session, person.council)
        if one.role == Role.ADVISER and one.id != person.adviser_id
    ]


def hand_over(
    session: Session,
    library: Library,
    person: Person,
    to: str,
    *,
    known_adviser: str,
    now: datetime,
) -> bool:
    """Make somebody else the adviser; return whether the young person is told. The caller commits.

    `known_adviser` is who was the adviser when the reader looked. Raises HandOverError.
    """
    old = person.adviser_id
    if known_adviser != (str(old) if old else ""):
        raise HandOverError("adviser_changed")
    new = next((one for one in whom_to(session, person) if str(one.id) == to), None)
    if new is None:
        raise HandOverError("no_adviser_chosen")
    person.adviser_id = new.id
    moving.to_adviser(session, person, old, new.id)
    session.flush()
    chat = plans.chat_of(session, person.id)
    if chat is None or not can_be_told(chat):
        return False
    return _tell(session, library, chat, new, now)


def can_be_told(chat: Chat) -> bool:
    """Whether a message may go to somebody at all: not to whom it does not reach, or who said stop."""
    return chat.stopped_at is None and chat.unreachable_at is None


def wording(library: Library, name: str, council: str) -> str:
    """Return what a young person reads of it."""
    found = library.councils.get(council)
    short = found.short_name if found else council
    return library.say("people.handed_over", name=name, council=short)


def _tell(session: Session, library: Library, chat: Chat, new: Staff, now: datetime) -> bool:
    said = Saying("people.handed_over", wording(library, new.name, new.council))
    key = f"over{uuid.uuid4().hex}"
    return saying.say(session, chat, said, lane=Lane.STAFF, once_key=key, now=now)
