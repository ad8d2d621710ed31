"""The adviser's task when somebody cannot be reached: one at a time, and at most one a day."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import Alert, Person, Task
from storage.tables.base import new_reference

REACHABLE_AGAIN = "reachable again"


def give_task(
    session: Session,
    person: Person,
    kind: str,
    tried: dict[str, str],
    *,
    once_in: timedelta,
    due_at: datetime,
    now: datetime,
) -> Task:
    """Give the adviser a task about somebody who cannot be reached, with an alert about it.

    One that is open, or was made within `once_in`, is opened again instead, and nobody is
    alerted a second time. The caller commits.
    """
    newest = _newest(session, person.id, kind)
    if newest is not None and (newest.closed_at is None or newest.made_at > now - once_in):
        newest.closed_at = newest.closed_by_id = newest.outcome = None
        newest.tried = [*newest.tried, tried]
        return newest
    task = Task(
        reference=new_reference("T"),
        person_id=person.id,
        staff_id=person.adviser_id,
        kind=kind,
        tried=[tried],
        made_at=now,
        due_at=due_at,
    )
    session.add(task)
    session.flush()
    alert = Alert(task_id=task.id, staff_id=task.staff_id, urgent=False, made_at=now, due_at=now)
    session.add(alert)
    return task


def close_task(session: Session, person_id: uuid.UUID, kind: str, now: datetime) -> None:
    """Close the task when they can be reached again. The caller commits."""
    newest = _newest(session, person_id, kind)
    if newest is not None and newest.closed_at is None:
        newest.closed_at, newest.outcome = now, REACHABLE_AGAIN


def _newest(session: Session, person_id: uuid.UUID, kind: str) -> Task | None:
    return session.scalar(
        select(Task)
        .where(Task.person_id == person_id, Task.kind == kind)
        .order_by(Task.id.desc())
        .limit(1)
    )
