"""Who is away and who covers, looked up and written down. Days are local ones; the caller says which."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from storage.tables import (
    Absence,
    Chat,
    Flag,
    Person,
    Request,
    Staff,
    Statement,
    Task,
    ToldAway,
)

#: How many a list shows at most.
PAGE = 100


def on_day(session: Session, day: date) -> Sequence[Absence]:
    """Return every absence of a day, whoever set it last first."""
    return session.scalars(
        select(Absence)
        .where(Absence.from_on <= day, Absence.until_on >= day, Absence.ended_at.is_(None))
        .options(joinedload(Absence.staff), joinedload(Absence.cover))
        .order_by(Absence.id.desc())
    ).all()


def current(session: Session, staff_id: uuid.UUID, day: date) -> Absence | None:
    """Return the absence of somebody on a day."""
    return session.scalar(
        select(Absence)
        .where(
            Absence.staff_id == staff_id,
            Absence.from_on <= day,
            Absence.until_on >= day,
            Absence.ended_at.is_(None),
        )
        .limit(1)
    )


def from_day(
    session: Session, day: date, *, council: str | None = None, staff_id: uuid.UUID | None = None
) -> Sequence[Absence]:
    """Return the absences of a day and of later ones, of a council or of one member of staff, soonest first."""
    query = (
        select(Absence)
        .join(Staff, Staff.id == Absence.staff_id)
        .where(Absence.until_on >= day, Absence.ended_at.is_(None), Staff.left_at.is_(None))
        .options(joinedload(Absence.staff), joinedload(Absence.cover))
    )
    if council is not None:
        query = query.where(Staff.council == council)
    if staff_id is not None:
        query = query.where(or_(Absence.staff_id == staff_id, Absence.cover_id == staff_id))
    return session.scalars(query.order_by(Absence.from_on, Absence.id).limit(PAGE)).all()


def overlaps(session: Session, staff_id: uuid.UUID, from_on: date, until_on: date) -> bool:
    """Whether somebody is away on any of these days already."""
    query = select(Absence.id).where(
        Absence.staff_id == staff_id,
        Absence.ended_at.is_(None),
        Absence.from_on <= until_on,
        Absence.until_on >= from_on,
    )
    return session.scalar(query.limit(1)) is not None


def one(session: Session, absence_id: int) -> Absence | None:
    """Return an absence that goes on or is to come, held until the caller commits."""
    return session.scalar(
        select(Absence)
        .where(Absence.id == absence_id, Absence.ended_at.is_(None))
        .with_for_update(of=Absence)
    )


def next_over(session: Session, day: date) -> Absence | None:
    """Return an absence that is over and of which nobody was told, held until the caller commits."""
    return session.scalar(
        select(Absence)
        .where(
            Absence.said_back_at.is_(None),
            or_(Absence.until_on < day, Absence.ended_at.is_not(None)),
        )
        .order_by(Absence.id)
        .limit(1)
        .with_for_update(of=Absence, skip_locked=True)
    )


def was_told(session: Session, absence_id: int, chat_id: int) -> bool:
    """Whether a young person was told who looks after their messages this time."""
    return session.get(ToldAway, (absence_id, chat_id)) is not None


def note_told(session: Session, absence_id: int, chat_id: int, now: datetime) -> bool:
    """Note that they were told; False when they had been. The caller commits."""
    told = session.execute(
        insert(ToldAway)
        .values(absence_id=absence_id, chat_id=chat_id, told_at=now)
        .on_conflict_do_nothing()
        .returning(ToldAway.chat_id)
    )
    return told.first() is not None


def count_theirs(session: Session, staff_id: uuid.UUID) -> int:
    """Return how much is open that is somebody's own: flags, requests, statements and tasks."""
    return sum(
        _count(session, *wanted)
        for wanted in (
            (Flag.owner_id == staff_id, Flag.closed_at.is_(None)),
            (Request.staff_id == staff_id, Request.closed_at.is_(None)),
            (
                Statement.owner_id == staff_id,
                Statement.closed_at.is_(None),
                Statement.state.in_(("sent", "opened", "in_hand")),
            ),
            (Task.staff_id == staff_id, Task.closed_at.is_(None)),
        )
    )


def count_kept(session: Session, staff_id: uuid.UUID, cover_id: uuid.UUID) -> int:
    """Return how many open flags about somebody's people a colleague has taken, and so keeps."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Flag)
            .join(Chat, Chat.id == Flag.chat_id)
            .join(Person, Person.id == Chat.person_id)
            .where(
                Person.adviser_id == staff_id,
                Flag.owner_id == cover_id,
                Flag.closed_at.is_(None),
                Flag.hidden_from_id.is_(None),
            )
        )
        or 0
    )


def _count(session: Session, *wanted: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*wanted)) or 0
