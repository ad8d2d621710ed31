"""Flags and requests that a specialist has as well, because of their topic."""

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.tables import Alert, AlsoFor, Flag, Request


def give(
    session: Session, subject: Flag | Request, staff_id: uuid.UUID, topic: str, now: datetime
) -> None:
    """Let a specialist have something too, with an alert about it, once. The caller commits."""
    which = {"flag_id" if isinstance(subject, Flag) else "request_id": subject.id}
    made = session.execute(
        insert(AlsoFor)
        .values(**which, staff_id=staff_id, topic=topic, made_at=now)
        .on_conflict_do_nothing()
        .returning(AlsoFor.id)
    )
    if made.first() is None:
        return
    urgent = isinstance(subject, Flag) and subject.level != "concern"
    session.add(Alert(**which, staff_id=staff_id, urgent=urgent, made_at=now, due_at=now))
