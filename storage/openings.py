"""Records opened by somebody whose they are not: which are open now, which there were, and finding whom."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from storage.tables import Chat, Flag, Opening, Person, Request, Statement

PAGE = 50


def open_now(session: Session, staff_id: uuid.UUID, now: datetime) -> frozenset[uuid.UUID]:
    """Return whose records somebody has open now."""
    query = select(Opening.person_id).where(Opening.staff_id == staff_id, Opening.until > now)
    return frozenset(session.scalars(query))


def listed(session: Session, visible: ColumnElement[bool], before: int | None) -> Sequence[Opening]:
    """Return a page of those somebody may see, newest first."""
    query = (
        select(Opening)
        .join(Person, Person.id == Opening.person_id)
        .where(visible)
        .options(joinedload(Opening.staff), joinedload(Opening.person).joinedload(Person.adviser))
        .order_by(Opening.id.desc())
        .limit(PAGE)
    )
    return session.scalars(query if before is None else query.where(Opening.id < before)).all()


def called(session: Session, name: str, born_on: date) -> list[Person]:
    """Return everybody with exactly this name and date of birth. Both are sealed, so all are looked at."""
    wanted = " ".join(name.casefold().split())
    return [
        one
        for one in session.scalars(select(Person).options(joinedload(Person.adviser)))
        if one.born_on == born_on.isoformat() and " ".join(one.name.casefold().split()) == wanted
    ]


def kept_from(session: Session, person: Person) -> set[uuid.UUID]:
    """Return from whom something open of this young person is hidden, because it is about them."""
    theirs = select(Chat.id).where(Chat.person_id == person.id)
    return {
        found
        for table in (Flag, Request, Statement)
        for found in session.scalars(
            select(table.hidden_from_id).where(
                table.chat_id.in_(theirs),
                table.closed_at.is_(None),
                table.hidden_from_id.is_not(None),
            )
        )
        if found is not None
    }
