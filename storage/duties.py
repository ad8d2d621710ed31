"""The duty rota by day, and the hours a council is open: looked up and written down."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from storage.tables import Duty, OpeningHours, Staff


def on_day(session: Session, day: date) -> Sequence[Duty]:
    """Return who is on duty on a day, in every council. Whoever has left is not."""
    return session.scalars(
        select(Duty)
        .join(Staff, Staff.id == Duty.staff_id)
        .where(Duty.day == day, Staff.left_at.is_(None))
        .options(joinedload(Duty.staff))
    ).all()


def between(session: Session, council: str, first: date, last: date) -> dict[date, Staff]:
    """Return who is on duty in a council on each of these days, where somebody is."""
    rows = session.scalars(
        select(Duty)
        .join(Staff, Staff.id == Duty.staff_id)
        .where(Duty.council == council, Duty.day.between(first, last), Staff.left_at.is_(None))
        .options(joinedload(Duty.staff))
    )
    return {one.day: one.staff for one in rows}


def put(
    session: Session,
    council: str,
    day: date,
    staff_id: uuid.UUID,
    *,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Set who is on duty on a day; a later word replaces an earlier. The caller commits."""
    values = {"staff_id": staff_id, "set_by_id": by, "set_at": now}
    session.execute(
        insert(Duty)
        .values(council=council, day=day, **values)
        .on_conflict_do_update(index_elements=["council", "day"], set_=values)
    )


def clear(session: Session, council: str, day: date) -> None:
    """Leave a day without anybody on duty. The caller commits."""
    session.execute(delete(Duty).where(Duty.council == council, Duty.day == day))


def hours(session: Session, council: str) -> dict[str, tuple[str, str]] | None:
    """Return the hours that staff have set for a council; None when they have set none."""
    found = session.get(OpeningHours, council)
    return {day: (span[0], span[1]) for day, span in found.hours.items()} if found else None


def set_hours(
    session: Session,
    council: str,
    given: dict[str, tuple[str, str]],
    *,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Set the hours of a council. The caller commits."""
    values = {
        "hours": {day: list(span) for day, span in given.items()},
        "set_by_id": by,
        "set_at": now,
    }
    session.execute(
        insert(OpeningHours)
        .values(council=council, **values)
        .on_conflict_do_update(index_elements=["council"], set_=values)
    )
