"""Who was registered and never joined, who joined and never wrote: counts, and lists a page at a time."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, true, tuple_
from sqlalchemy.orm import Session, joinedload

from storage.tables import Chat, Invitation, Message, Person

PAGE = 50


@dataclass(frozen=True)
class Counts:
    """How many there are, how many of them joined, and how many of those ever wrote."""

    registered: int
    joined: int
    wrote: int


def _joined() -> ColumnElement[bool]:
    return exists().where(Chat.person_id == Person.id)


def _wrote() -> ColumnElement[bool]:
    """Return whether somebody wrote something after the code that joined them."""
    used = (
        select(func.max(Invitation.used_at))
        .where(Invitation.person_id == Person.id)
        .scalar_subquery()
    )
    return exists().where(
        Chat.person_id == Person.id,
        Message.chat_id == Chat.id,
        Message.direction == "in",
        Message.kind == "text",
        Message.at > func.coalesce(used, Chat.began_at),
    )


def counts(session: Session, visible: ColumnElement[bool]) -> Counts:
    """Return how many of the people somebody may see joined, and wrote."""
    row = session.execute(
        select(
            func.count(),
            func.count().filter(_joined()),
            func.count().filter(_wrote()),
        )
        .select_from(Person)
        .where(visible)
    ).one()
    return Counts(*row)


def never_joined(
    session: Session, visible: ColumnElement[bool], after: uuid.UUID | None
) -> list[tuple[Person, datetime | None]]:
    """Return a page of people who never joined, and when they were last invited; longest here first."""
    invited = (
        select(func.max(Invitation.made_at))
        .where(Invitation.person_id == Person.id)
        .scalar_subquery()
    )
    query = (
        select(Person, invited)
        .where(visible, ~_joined(), _after(session, after))
        .options(joinedload(Person.adviser))
        .order_by(Person.added_at, Person.id)
        .limit(PAGE)
    )
    return list(session.execute(query).tuples())


def never_wrote(
    session: Session, visible: ColumnElement[bool], after: uuid.UUID | None
) -> Sequence[Person]:
    """Return a page of people who joined and never wrote; longest here first."""
    query = (
        select(Person)
        .where(visible, _joined(), ~_wrote(), _after(session, after))
        .options(joinedload(Person.adviser))
        .order_by(Person.added_at, Person.id)
        .limit(PAGE)
    )
    return session.scalars(query).all()


def _after(session: Session, after: uuid.UUID | None) -> ColumnElement[bool]:
    """Return what must be true of whoever comes after somebody in these lists."""
    last = session.get(Person, after) if after else None
    if last is None:
        return true()
    return tuple_(Person.added_at, Person.id) > (last.added_at, last.id)
