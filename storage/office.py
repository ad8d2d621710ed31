"""Accounts, the record of who saw what, and unanswered questions: lists for those who look after them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import Door, Question, Staff, Trace
from storage.tables.people import Role

PAGE = 100


def staff_with_last_visit(
    session: Session, council: str | None
) -> list[tuple[Staff, datetime | None]]:
    """Return the staff who have not left, of one council or of all, and when each last came in."""
    query = (
        select(Staff, Door.last_in_at)
        .outerjoin(Door, Door.staff_id == Staff.id)
        .where(Staff.left_at.is_(None))
        .order_by(Staff.council, Staff.name)
    )
    if council is not None:
        query = query.where(Staff.council == council)
    return [(one, last) for one, last in session.execute(query)]


def taken(session: Session, email: str) -> bool:
    """Whether there is or was an account with an e-mail: addresses are never used twice."""
    return session.scalar(select(Staff.id).where(Staff.email == email.casefold())) is not None


def add(
    session: Session, *, email: str, name: str, role: str, council: str, now: datetime
) -> Staff:
    """Add an account without a password: it begins with a one-time link. The caller commits."""
    made = Staff(email=email.casefold(), name=name, role=role, council=council, added_at=now)
    session.add(made)
    session.flush()
    return made


def count_admins(session: Session) -> int:
    """Return how many administrators there are."""
    query = select(func.count()).select_from(Staff)
    return session.scalar(query.where(Staff.role == Role.ADMIN, Staff.left_at.is_(None))) or 0


def traces(session: Session, before: int | None) -> list[tuple[Trace, str | None]]:
    """Return a page of the record, newest first, each row with the name of who it was."""
    query = select(Trace, Staff.name).outerjoin(Staff, Staff.id == Trace.staff_id)
    if before is not None:
        query = query.where(Trace.id < before)
    rows = session.execute(query.order_by(Trace.id.desc()).limit(PAGE))
    return [(one, name) for one, name in rows]


def questions(session: Session, council: str | None) -> Sequence[Question]:
    """Return what could not be answered or was voted on, of one council or of all."""
    query = select(Question).order_by(Question.month.desc())
    if council is not None:
        query = query.where((Question.council == council) | Question.council.is_(None))
    return session.scalars(query).all()
