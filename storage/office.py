"""Accounts, the record of who saw what, and unanswered questions: lists for those who look after them."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
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


@dataclass(frozen=True)
class Sought:
    """What is looked for in the record; what is not given is not asked about."""

    staff_id: uuid.UUID | None = None
    #: A young person's or a colleague's id, or a reference such as that of a flag.
    person_id: uuid.UUID | None = None
    about: str = ""
    action: str = ""
    #: From the beginning of a day until the end of it.
    span: tuple[datetime, datetime] | None = None

    def wanted(self) -> list[ColumnElement[bool]]:
        """Return what must be true of a row."""
        found = []
        if self.staff_id is not None:
            found.append(Trace.staff_id == self.staff_id)
        if self.person_id is not None:
            found.append(or_(Trace.person_id == self.person_id, Trace.about == str(self.person_id)))
        if self.about:
            found.append(Trace.about.in_([self.about, self.about.upper()]))
        if self.action:
            found.append(Trace.action == self.action)
        if self.span is not None:
            found += [Trace.at >= self.span[0], Trace.at < self.span[1]]
        return found


def traces(
    session: Session, before: int | None, sought: Sought | None = None
) -> list[tuple[Trace, str | None]]:
    """Return a page of the record, newest first, each row with the name of who it was."""
    query = select(Trace, Staff.name).outerjoin(Staff, Staff.id == Trace.staff_id)
    if sought is not None:
        query = query.where(*sought.wanted())
    if before is not None:
        query = query.where(Trace.id < before)
    rows = session.execute(query.order_by(Trace.id.desc()).limit(PAGE))
    return [(one, name) for one, name in rows]


@dataclass(frozen=True)
class Gap:
    """How often something happened to questions in a month: about this article, or nearest to it."""

    month: date
    outcome: str
    about: str
    count: int


def gaps(session: Session, council: str | None) -> list[Gap]:
    """Return what could not be answered or was voted on, of one council or of all, newest month first."""
    about = func.coalesce(Question.article, Question.offered[1], "")
    counted = func.count()
    query = (
        select(Question.month, Question.outcome, about, counted)
        .where(*_of(council))
        .group_by(Question.month, Question.outcome, about)
        .order_by(Question.month.desc(), counted.desc(), about)
    )
    return [Gap(*row) for row in session.execute(query)]


def votes(session: Session, council: str | None) -> Counter[tuple[str, str]]:
    """Return how often each article was called right, wrong or old: by article and outcome."""
    query = (
        select(Question.article, Question.outcome, func.count())
        .where(Question.article.is_not(None), *_of(council))
        .group_by(Question.article, Question.outcome)
    )
    return Counter({(article, outcome): n for article, outcome, n in session.execute(query)})


def _of(council: str | None) -> tuple[ColumnElement[bool], ...]:
    if council is None:
        return ()
    return ((Question.council == council) | Question.council.is_(None),)
