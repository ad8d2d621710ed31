"""The ledger of contacts, the in-touch statuses that staff set, and what an adviser must do."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from storage.tables import Alert, Contact, InTouch, Person, Staff, Task
from storage.tables.base import new_reference
from storage.tables.keeping_in_touch import ContactKind

#: One e-mail about tasks is enough for a while: `kith tasks` lists them all.
ALERT_AGAIN_AFTER = timedelta(hours=12)


def heard(session: Session, person_id: uuid.UUID, day: date, now: datetime) -> None:
    """Note that somebody wrote to Kith on a day: once a day, and nothing of what they wrote."""
    session.execute(
        insert(Contact)
        .values(
            person_id=person_id,
            kind=ContactKind.BOT,
            at=now,
            on_day=day,
            two_way=True,
            noted_at=now,
        )
        .on_conflict_do_nothing()
    )


def log(
    session: Session,
    person: Person,
    staff: Staff,
    *,
    kind: ContactKind,
    at: datetime,
    day: date,
    two_way: bool,
    now: datetime,
) -> Contact:
    """Note a contact that staff had. The caller commits."""
    contact = Contact(
        person_id=person.id,
        kind=kind,
        at=at,
        on_day=day,
        two_way=two_way,
        by_id=staff.id,
        noted_at=now,
    )
    session.add(contact)
    session.flush()
    return contact


def of(session: Session, person_id: uuid.UUID, visible: ColumnElement[bool]) -> list[Contact]:
    """Return every contact of a person that somebody may see, oldest first."""
    return list(
        session.scalars(
            select(Contact)
            .where(Contact.person_id == person_id, visible)
            .order_by(Contact.at, Contact.id)
        )
    )


def two_way_between(session: Session, person_id: uuid.UUID, start: datetime, end: datetime) -> bool:
    """Whether there was contact both ways between two moments."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Contact.person_id == person_id,
                    Contact.two_way.is_(True),
                    Contact.at >= start,
                    Contact.at < end,
                )
            )
        )
    )


def statuses(session: Session, person_id: uuid.UUID) -> list[tuple[InTouch, Staff | None]]:
    """Return the statuses that staff set, with who set them."""
    rows = session.execute(
        select(InTouch, Staff)
        .outerjoin(Staff, Staff.id == InTouch.set_by_id)
        .where(InTouch.person_id == person_id)
    )
    return [(status, staff) for status, staff in rows]


def set_status(
    session: Session,
    person: Person,
    birthday: int,
    status: str,
    *,
    evidence: str,
    evidence_at: datetime | None,
    by: Staff,
    now: datetime,
) -> None:
    """Set the status of a birthday window; a later word replaces an earlier. The caller commits."""
    values: dict[str, Any] = {
        "status": status,
        "evidence": evidence,
        "evidence_at": evidence_at,
        "set_by_id": by.id,
        "set_at": now,
    }
    session.execute(
        insert(InTouch)
        .values(person_id=person.id, birthday=birthday, **values)
        .on_conflict_do_update(index_elements=["person_id", "birthday"], set_=values)
    )


def open_task(
    session: Session,
    person: Person,
    kind: str,
    tried: Iterable[dict[str, Any]],
    *,
    due_at: datetime,
    now: datetime,
) -> Task | None:
    """Ask somebody's adviser to do something, once; None when that is asked already.

    An alert says that there is something, at most every twelve hours for one member of staff.
    Without an adviser it is the duty team's. The caller commits.
    """
    adviser = person.adviser if person.adviser and person.adviser.left_at is None else None
    made = session.scalar(
        insert(Task)
        .values(
            reference=new_reference("T"),
            person_id=person.id,
            staff_id=adviser.id if adviser else None,
            kind=kind,
            tried=list(tried),
            made_at=now,
            due_at=due_at,
        )
        .on_conflict_do_nothing()
        .returning(Task)
    )
    if made is not None and not _told_lately(session, made, now):
        session.add(
            Alert(task_id=made.id, staff_id=made.staff_id, urgent=False, made_at=now, due_at=now)
        )
    return made


def _told_lately(session: Session, task: Task, now: datetime) -> bool:
    same = Alert.staff_id.is_(None) if task.staff_id is None else Alert.staff_id == task.staff_id
    return bool(
        session.scalar(
            select(
                exists().where(
                    same, Alert.task_id.is_not(None), Alert.made_at > now - ALERT_AGAIN_AFTER
                )
            )
        )
    )


def count_tasks(session: Session, visible: ColumnElement[bool]) -> int:
    """Return how many open tasks somebody may see."""
    query = select(func.count()).select_from(Task).where(Task.closed_at.is_(None), visible)
    return session.scalar(query) or 0


def tasks_seen(
    session: Session, visible: ColumnElement[bool], most: int | None = None
) -> list[Task]:
    """Return the open tasks somebody may see, the most overdue first; so many when that is given."""
    return list(
        session.scalars(
            select(Task)
            .where(Task.closed_at.is_(None), visible)
            .options(joinedload(Task.person), joinedload(Task.staff))
            .order_by(Task.due_at, Task.id)
            .limit(most)
        )
    )


def newest(
    session: Session, person_id: uuid.UUID, visible: ColumnElement[bool], most: int
) -> list[tuple[Contact, str | None]]:
    """Return the newest contacts that somebody may see, newest first, with the name of who noted each."""
    rows = session.execute(
        select(Contact, Staff.name)
        .outerjoin(Staff, Staff.id == Contact.by_id)
        .where(Contact.person_id == person_id, visible)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(most)
    )
    return [(one, name) for one, name in rows]


def close_tasks_of_silence(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Close what was asked because of silence: they have been heard from. The caller commits."""
    for task in session.scalars(
        select(Task).where(
            Task.person_id == person_id,
            Task.closed_at.is_(None),
            Task.kind.in_(("silent", "blocked", "not_delivered")),
        )
    ):
        task.closed_at, task.outcome = now, "heard from"
