"""Many young people at once, as a list shows them: a page by key, and what each row needs in one question each.

Names are sealed, so that the database cannot sort by them: `names` is for the caller to sort.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, joinedload

from storage.tables import Chat, CheckInAnswer, Contact, Due, Flag, InTouch, Person, Request, Staff
from storage.tables.keeping_in_touch import DueKind, DueState

#: How many rows a list shows at a time.
PAGE = 50
#: How many answers make a line of moods.
MOODS = 6
MICROSECONDS = 1_000_000


class Only(StrEnum):
    """Whom a list is narrowed to."""

    ALL = "all"
    FLAGS = "flags"
    LATE = "late"
    AWAY = "away"


@dataclass(frozen=True)
class Sight:
    """What the reader may see of people, their flags and their requests."""

    people: ColumnElement[bool]
    flags: ColumnElement[bool]
    requests: ColumnElement[bool]


@dataclass(frozen=True)
class After:
    """The last row of the page before."""

    key: int
    person_id: uuid.UUID


def by_flags(
    session: Session, sight: Sight, only: Only, now: datetime, after: After | None
) -> list[After]:
    """Return a page of people, those with most open flags first."""
    flags, late = _flags(sight), _late(sight, now)
    return _page(session, _whom(sight, flags, late, only, now), -_count(flags), after)


def by_heard(
    session: Session, sight: Sight, only: Only, now: datetime, after: After | None
) -> list[After]:
    """Return a page of people, those not heard from for longest first."""
    heard = cast(extract("epoch", Chat.heard_at) * MICROSECONDS, BigInteger)
    query = _whom(sight, _flags(sight), _late(sight, now), only, now)
    return _page(session, query, func.coalesce(heard, 0), after)


def names(session: Session, sight: Sight, only: Only, now: datetime) -> list[tuple[uuid.UUID, str]]:
    """Return everybody in the list with their name, for the caller to sort."""
    query = _whom(sight, _flags(sight), _late(sight, now), only, now).add_columns(Person.name)
    return [(person_id, name) for person_id, name in session.execute(query)]


def _page(
    session: Session,
    query: Select[tuple[uuid.UUID]],
    key: ColumnElement[int],
    after: After | None,
) -> list[After]:
    """Return one row more than a page holds, when there are more."""
    if after is not None:
        last = tuple_(literal(after.key, BigInteger), literal(after.person_id))
        query = query.where(tuple_(key, Person.id) > last)
    rows = session.execute(query.add_columns(key).order_by(key, Person.id).limit(PAGE + 1))
    return [After(value, person_id) for person_id, value in rows]


def _whom(
    sight: Sight, flags: Subquery, late: Subquery, only: Only, now: datetime
) -> Select[tuple[uuid.UUID]]:
    query = (
        select(Person.id)
        .outerjoin(Chat, Chat.person_id == Person.id)
        .outerjoin(flags, flags.c.chat_id == Chat.id)
        .outerjoin(late, late.c.chat_id == Chat.id)
        .where(sight.people)
    )
    match only:
        case Only.FLAGS:
            return query.where(flags.c.number > 0)
        case Only.LATE:
            return query.where(late.c.number > 0)
        case Only.AWAY:
            return query.where(
                or_(
                    Chat.id.is_(None),
                    Chat.unreachable_at.is_not(None),
                    Chat.stopped_at.is_not(None),
                    Chat.paused_until > now,
                )
            )
        case Only.ALL:
            return query


def _flags(sight: Sight) -> Subquery:
    query = select(Flag.chat_id, func.count().label("number"))
    return query.where(Flag.closed_at.is_(None), sight.flags).group_by(Flag.chat_id).subquery()


def _late(sight: Sight, now: datetime) -> Subquery:
    query = select(Request.chat_id, func.count().label("number"))
    waiting = (Request.closed_at.is_(None), Request.due_at < now, sight.requests)
    return query.where(*waiting).group_by(Request.chat_id).subquery()


def _count(counted: Subquery) -> ColumnElement[int]:
    return cast(func.coalesce(counted.c.number, 0), BigInteger)


# --- What a row needs ------------------------------------------------------------------------


def people(session: Session, ids: Sequence[uuid.UUID]) -> list[Person]:
    """Return these people, in the order given."""
    query = select(Person).where(Person.id.in_(ids)).options(joinedload(Person.adviser))
    found = {one.id: one for one in session.scalars(query)}
    return [found[one] for one in ids if one in found]


def late_counts(
    session: Session, chat_ids: Sequence[int], visible: ColumnElement[bool], now: datetime
) -> dict[int, int]:
    """Return how many answers each chat has waited for longer than it should."""
    rows = session.execute(
        select(Request.chat_id, func.count())
        .where(
            Request.chat_id.in_(chat_ids),
            Request.closed_at.is_(None),
            Request.due_at < now,
            visible,
        )
        .group_by(Request.chat_id)
    )
    return dict(rows.tuples().all())


def next_check_ins(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Return when the next check-in of each comes."""
    rows = session.execute(
        select(Due.person_id, func.min(Due.due_at))
        .where(Due.person_id.in_(ids), Due.kind == DueKind.CHECK_IN, Due.state == DueState.WAITING)
        .group_by(Due.person_id)
    )
    return dict(rows.tuples().all())


def moods(
    session: Session, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[tuple[int, datetime]]]:
    """Return the newest faces each picked, oldest first, with when."""
    newest = func.row_number().over(
        partition_by=CheckInAnswer.person_id, order_by=CheckInAnswer.id.desc()
    )
    picked = (
        select(
            CheckInAnswer.id,
            CheckInAnswer.person_id,
            CheckInAnswer.feeling,
            CheckInAnswer.at,
            newest.label("place"),
        )
        .where(CheckInAnswer.person_id.in_(ids), CheckInAnswer.feeling.is_not(None))
        .subquery()
    )
    rows = session.execute(
        select(picked.c.person_id, picked.c.feeling, picked.c.at)
        .where(picked.c.place <= MOODS)
        .order_by(picked.c.id)
    )
    return _grouped((person_id, (feeling, at)) for person_id, feeling, at in rows)


def last_contacts(
    session: Session, ids: Sequence[uuid.UUID], visible: ColumnElement[bool], now: datetime
) -> dict[uuid.UUID, list[tuple[str, datetime]]]:
    """Return the last contact both ways of each kind that each had and somebody may see."""
    rows = session.execute(
        select(Contact.person_id, Contact.kind, func.max(Contact.at))
        .where(Contact.person_id.in_(ids), Contact.two_way.is_(True), Contact.at <= now, visible)
        .group_by(Contact.person_id, Contact.kind)
    )
    return _grouped((person_id, (kind, at)) for person_id, kind, at in rows)


def statuses(
    session: Session, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[tuple[InTouch, str]]]:
    """Return the statuses that staff set for each, with the name of who set them."""
    rows = session.execute(
        select(InTouch, Staff.name)
        .outerjoin(Staff, Staff.id == InTouch.set_by_id)
        .where(InTouch.person_id.in_(ids))
    )
    return _grouped((one.person_id, (one, name or "")) for one, name in rows)


def _grouped(rows: Any) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = {}
    for person_id, value in rows:
        found.setdefault(person_id, []).append(value)
    return found
