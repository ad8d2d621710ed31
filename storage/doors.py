"""Coming in: what it takes for each member of staff, the one-time link, and the browsers signed in."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.encryption import blind_index
from storage.rows import change
from storage.tables import Door, Staff, Visit

#: safety.md SEC-11: an account begins with a link that works once, for a day.
LINK_LASTS = timedelta(hours=24)
#: safety.md SEC-08: after so long without a click, and at the end of the longest day.
IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=10)
#: safety.md SEC-05: so many failures within so long close the door for a while.
MOST_FAILURES, WITHIN, LOCKED_FOR = 10, timedelta(minutes=5), timedelta(minutes=15)
LINK_COLUMN, VISIT_COLUMN = "doors.link", "visits.id"


def of(session: Session, staff_id: uuid.UUID) -> Door:
    """Return somebody's door, made when they have none yet. The caller commits."""
    door = session.get(Door, staff_id, with_for_update=True)
    if door is None:
        door = Door(staff_id=staff_id, mark=secrets.token_hex(16))
        session.add(door)
        session.flush()
    return door


def by_mark(session: Session, mark: str) -> Staff | None:
    """Return the member of staff with this mark, unless they have left."""
    return session.scalar(
        select(Staff)
        .join(Door, Door.staff_id == Staff.id)
        .where(Door.mark == mark, Staff.left_at.is_(None))
    )


def new_mark(session: Session, staff_id: uuid.UUID) -> None:
    """End every visit of somebody at once: a new password, code or role, or they have left."""
    of(session, staff_id).mark = secrets.token_hex(16)
    session.execute(delete(Visit).where(Visit.staff_id == staff_id))


def new_link(session: Session, staff_id: uuid.UUID, now: datetime) -> str:
    """Return a fresh one-time link's secret; only what proves it is kept. The caller commits."""
    secret = secrets.token_urlsafe(24)
    door = of(session, staff_id)
    door.link_index, door.link_until = blind_index(secret, column=LINK_COLUMN), now + LINK_LASTS
    return secret


def behind_link(session: Session, secret: str, now: datetime) -> Staff | None:
    """Return whose link this is, when it still works. It is used up by `use_link`."""
    return session.scalar(
        select(Staff)
        .join(Door, Door.staff_id == Staff.id)
        .where(
            Door.link_index == blind_index(secret, column=LINK_COLUMN),
            Door.link_until > now,
            Staff.left_at.is_(None),
        )
    )


def use_link(session: Session, staff_id: uuid.UUID) -> None:
    """Use a link up."""
    door = of(session, staff_id)
    door.link_index = door.link_until = None


def locked(door: Door, now: datetime) -> bool:
    """Whether the door is closed after too many failures."""
    return door.locked_until is not None and door.locked_until > now


def note_failure(door: Door, now: datetime) -> None:
    """Count a failure, and close the door when there were too many. The caller commits."""
    if door.failing_since is None or now - door.failing_since > WITHIN:
        door.failing_since, door.failures = now, 0
    door.failures += 1
    if door.failures >= MOST_FAILURES:
        door.locked_until, door.failures, door.failing_since = now + LOCKED_FOR, 0, None


def note_success(door: Door, step: int | None, now: datetime) -> datetime | None:
    """Note that somebody came in with the code of a time step, or a recovery code; return when they last did."""
    before = door.last_in_at
    door.failures, door.failing_since, door.locked_until = 0, None, None
    door.last_step = door.last_step if step is None else step
    door.last_in_at = now
    return before


# --- Visits ----------------------------------------------------------------------------------


def visit(session: Session, secret: str, now: datetime) -> Visit | None:
    """Return the visit a cookie stands for, unless it has been too long."""
    found = session.get(Visit, blind_index(secret, column=VISIT_COLUMN))
    if found is None or now - found.seen_at > IDLE or now - found.began_at > LONGEST:
        return None
    return found


def keep_visit(
    session: Session,
    secret: str,
    data: dict[str, Any],
    staff_id: uuid.UUID | None,
    now: datetime,
) -> None:
    """Keep what a visit knows. The caller commits."""
    index = blind_index(secret, column=VISIT_COLUMN)
    found = session.get(Visit, index)
    if found is None:
        session.add(Visit(id_index=index, data=data, staff_id=staff_id, began_at=now, seen_at=now))
        return
    found.data, found.staff_id, found.seen_at = data, staff_id, now


def end_visit(session: Session, secret: str) -> None:
    """End one visit."""
    session.execute(delete(Visit).where(Visit.id_index == blind_index(secret, column=VISIT_COLUMN)))


def forget_old_visits(session: Session, now: datetime) -> int:
    """Delete visits that are over. The caller commits."""
    return change(
        session,
        delete(Visit).where((Visit.seen_at < now - IDLE) | (Visit.began_at < now - LONGEST)),
    )
