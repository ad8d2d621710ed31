"""How a team stands: for each member of staff, in a fixed number of questions to the database."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from storage.tables import Flag, Person, Request, Staff, Task
from storage.tables.people import Role

CASEWORKERS = (Role.ADVISER, Role.MANAGER)
#: What says that nobody hears from somebody any more.
SILENT = ("silent", "blocked", "not_delivered")


@dataclass
class Standing:
    """How one member of staff stands, or the duty team when there is none."""

    staff: Staff | None = None
    people: int = 0
    open: dict[str, int] = field(default_factory=dict)
    oldest_at: datetime | None = None
    met: int = 0
    missed: int = 0
    overdue: int = 0
    silent: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.open or self.met or self.missed or self.overdue or self.silent)


@dataclass(frozen=True)
class Visible:
    """What whoever looks at the board may see: what is not theirs to see is not counted."""

    people: ColumnElement[bool]
    flags: ColumnElement[bool]
    requests: ColumnElement[bool]


def board(
    session: Session, council: str, visible: Visible, since: datetime, now: datetime
) -> list[Standing]:
    """Return a line for each adviser and manager of a council, then one for duty if it has anything.

    Clocks are those of flags raised since a moment: met when somebody read it by its time.
    """
    found: defaultdict[uuid.UUID | None, Standing] = defaultdict(Standing)
    team = session.scalars(
        select(Staff)
        .where(Staff.left_at.is_(None), Staff.council == council, Staff.role.in_(CASEWORKERS))
        .order_by(Staff.name, Staff.id)
    ).all()
    for one in team:
        found[one.id] = Standing(staff=one)
    known = set(found)
    _people(session, found, visible)
    _flags(session, found, visible, since, now)
    _overdue(session, found, visible, now)
    _silent(session, found, visible)
    rest = [one for staff_id, one in found.items() if staff_id not in known]
    return [*(found[one.id] for one in team), *([_together(rest)] if rest else [])]


def _together(lines: list[Standing]) -> Standing:
    """Return what is nobody's, or of somebody who is not in the team, as one line."""
    whole = Standing()
    for one in lines:
        for level, count in one.open.items():
            whole.open[level] = whole.open.get(level, 0) + count
        times = [at for at in (whole.oldest_at, one.oldest_at) if at is not None]
        whole.oldest_at = min(times) if times else None
        for name in ("people", "met", "missed", "overdue", "silent"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return whole


Found = defaultdict[uuid.UUID | None, Standing]


def _people(session: Session, found: Found, visible: Visible) -> None:
    query = select(Person.adviser_id, func.count()).where(visible.people)
    for staff_id, count in session.execute(query.group_by(Person.adviser_id)).tuples():
        found[staff_id].people = count


def _flags(
    session: Session, found: Found, visible: Visible, since: datetime, now: datetime
) -> None:
    is_open, this_month = Flag.closed_at.is_(None), Flag.raised_at >= since
    met = and_(this_month, Flag.opened_at <= Flag.due_at)
    unread = and_(Flag.opened_at.is_(None), Flag.due_at < now)
    missed = and_(this_month, or_(Flag.opened_at > Flag.due_at, unread))
    rows = session.execute(
        select(
            Flag.owner_id,
            Flag.level,
            func.count().filter(is_open),
            func.min(Flag.raised_at).filter(is_open),
            func.count().filter(met),
            func.count().filter(missed),
        )
        .where(visible.flags, or_(is_open, this_month))
        .group_by(Flag.owner_id, Flag.level)
    ).tuples()
    for staff_id, level, count, oldest, kept, late in rows:
        line = found[staff_id]
        if count:
            line.open[level] = count
            line.oldest_at = min(line.oldest_at or oldest, oldest)
        line.met += kept
        line.missed += late


def _overdue(session: Session, found: Found, visible: Visible, now: datetime) -> None:
    query = select(Request.staff_id, func.count()).where(
        visible.requests, Request.closed_at.is_(None), Request.due_at < now
    )
    for staff_id, count in session.execute(query.group_by(Request.staff_id)).tuples():
        found[staff_id].overdue = count


def _silent(session: Session, found: Found, visible: Visible) -> None:
    query = (
        select(Person.adviser_id, func.count(Person.id.distinct()))
        .join(Task, Task.person_id == Person.id)
        .where(visible.people, Task.closed_at.is_(None), Task.kind.in_(SILENT))
    )
    for staff_id, count in session.execute(query.group_by(Person.adviser_id)).tuples():
        found[staff_id].silent = count
