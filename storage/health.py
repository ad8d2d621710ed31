"""Signs of life: when each part last did its work."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.tables import Alert, Heartbeat


def beat(session: Session, part: str, now: datetime) -> None:
    """Note that a part has just done its work."""
    session.execute(
        insert(Heartbeat)
        .values(part=part, beat_at=now)
        .on_conflict_do_update(index_elements=["part"], set_={"beat_at": now})
    )


def last_beats(session: Session) -> dict[str, datetime]:
    """Return when each part last did its work."""
    return dict(session.execute(select(Heartbeat.part, Heartbeat.beat_at)).tuples().all())


def oldest_letter_at(session: Session) -> datetime | None:
    """Return when the oldest letter to staff that no channel has accepted was written."""
    return session.scalar(select(func.min(Alert.made_at)).where(Alert.accepted_at.is_(None)))
