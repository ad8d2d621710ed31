"""Whether Kith is switched off, since when and why: looked up and written down."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from storage.tables import SwitchedOff


def current(session: Session) -> SwitchedOff | None:
    """Return what is known of it while Kith is off; None while it is on."""
    return session.scalar(
        select(SwitchedOff)
        .where(SwitchedOff.on_at.is_(None))
        .options(joinedload(SwitchedOff.off_by))
        .limit(1)
    )


def is_off(session: Session) -> bool:
    """Whether Kith is off now."""
    return session.scalar(select(SwitchedOff.id).where(SwitchedOff.on_at.is_(None))) is not None


def turn_off(session: Session, by: uuid.UUID, reason: str, now: datetime) -> SwitchedOff:
    """Switch Kith off. The caller commits; the database refuses a second time."""
    made = SwitchedOff(reason=reason, off_at=now, off_by_id=by)
    session.add(made)
    session.flush()
    return made


def turn_on(session: Session, by: uuid.UUID, now: datetime) -> bool:
    """Switch Kith on; False when it was on. The caller commits."""
    found = session.scalar(
        select(SwitchedOff).where(SwitchedOff.on_at.is_(None)).with_for_update(of=SwitchedOff)
    )
    if found is None:
        return False
    found.on_at, found.on_by_id = now, by
    return True
