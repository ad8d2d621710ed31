"""Signs of life: when each part last did its work."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.tables import Heartbeat


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
