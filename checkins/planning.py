"""Planning: from what is agreed and from dates to rows that are due. Nothing is planned twice."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import plans, quiet, rhythm, rights
from checkins.plans import Change
from checkins.rights import Planned
from content.library import Library
from storage import due
from storage import plans as stored
from storage.tables import Person, Plan, Staff
from storage.tables.keeping_in_touch import DueKind

#: Lines of the calendar are planned this far ahead; every plan is looked at once a day.
AHEAD = timedelta(days=45)
#: A greeting goes to whoever is old enough to be with us.
BIRTHDAYS = (16, 25)
DAY = timedelta(days=1)


def plan_next(session: Session, library: Library, zone: ZoneInfo, now: datetime) -> bool:
    """Plan for one person whose turn it is; return False when nobody is left. The caller commits.

    Two planners never take the same plan, and a row's key makes a second one impossible.
    """
    plan = stored.next_to_look_at(session, now)
    if plan is None:
        # Looking for newcomers goes through everybody, so it comes last: once, not once for each plan.
        newcomer = stored.person_without(session)
        if newcomer is None:
            return False
        plan = plans.make(session, newcomer, library.keeping, now)
    plan_for(session, plan, library, zone, now)
    return True


def ensure(
    session: Session, person: Person, library: Library, zone: ZoneInfo, now: datetime
) -> Plan:
    """Return the plan of a person, held until the caller commits, made and planned if there is none."""
    plan = stored.locked(session, person.id)
    if plan is None:
        # A planner may be making it this very moment: whoever holds the record goes first.
        session.refresh(person, with_for_update={"of": Person})
        plan = stored.locked(session, person.id)
    if plan is None:
        plan = plans.make(session, person, library.keeping, now)
        plan_for(session, plan, library, zone, now)
    return plan


def change(
    session: Session,
    person: Person,
    member: Staff | None,
    wanted: Change,
    library: Library,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Let staff change what is agreed with a person, and plan anew. The caller commits. Raises PlanError."""
    plan = ensure(session, person, library, zone, now)
    staff_id = member.id if member else None
    plans.change(session, plan, wanted, by="staff", staff_id=staff_id, now=now)
    plan_for(session, plan, library, zone, now)


def plan_for(session: Session, plan: Plan, library: Library, zone: ZoneInfo, now: datetime) -> None:
    """Plan what is not planned yet for one person. The caller holds the plan, and commits."""
    _follow_date_of_birth(session, plan, now)
    plans.grow(session, plan, library.keeping, now)
    if stored.chat_of(session, plan.person_id) is not None:
        _plan_check_in(session, plan, library, zone, now)
        for one in _lines(plan, library, zone, now):
            _plan_line(session, plan, one, zone, now)
    stored.look_again(plan, now)


def _follow_date_of_birth(session: Session, plan: Plan, now: datetime) -> None:
    """Take back every line that was counted from a date of birth that was wrong."""
    if plan.planned_from != plan.person.born_on:
        due.supersede(session, plan.person_id, due.LINES, "old_plan", now)
        plan.planned_from = plan.person.born_on
        plan.version += 1
        due.supersede(session, plan.person_id, due.QUESTIONS, "old_plan", now)


def _plan_check_in(
    session: Session, plan: Plan, library: Library, zone: ZoneInfo, now: datetime
) -> None:
    """Plan the next check-in, when none waits and they want any."""
    wanted = DueKind.CHECK_IN not in plan.topics_off and plan.asking_stopped_at is None
    if not wanted or due.waits(session, plan.person_id, DueKind.CHECK_IN) is not None:
        return
    question = rhythm.choose(list(library.keeping.questions), stored.asked(session, plan.person_id))
    last = stored.last_turn_at(session, plan.person_id)
    slot = rhythm.next_check_in(
        plans.rhythm_of(plan, zone),
        last=plans.local_day(last, zone) if last else None,
        began=plans.local_day(plan.set_at, zone),
        now=max(now, plan.snoozed_until or now),
    )
    due_at = quiet.next_allowed(plans.hours_of(plan), slot, zone)
    if question is None or due_at is None:
        return
    due.add(
        session,
        person_id=plan.person_id,
        kind=DueKind.CHECK_IN,
        what=question,
        due_at=due_at,
        expires_at=due_at + _catch_up(library, DueKind.CHECK_IN),
        version=plan.version,
        once_key=f"{plan.person_id.hex}.check_in.{plan.version}.{due_at:%Y%m%d%H%M}",
        now=now,
    )


def _catch_up(library: Library, kind: str) -> timedelta:
    return timedelta(minutes=library.keeping.catch_up_minutes[kind])


def _lines(plan: Plan, library: Library, zone: ZoneInfo, now: datetime) -> list[Planned]:
    """Return the lines of the calendar that are due now or soon."""
    today = plans.local_day(now, zone)
    return rights.to_plan(_whole_calendar(plan, library), today, AHEAD)


def _whole_calendar(plan: Plan, library: Library) -> Iterator[Planned]:
    keeping, born_on = library.keeping, date.fromisoformat(plan.person.born_on)
    yield from rights.lines_of(keeping.calendar.values(), born_on)
    yield from rights.in_touch_lines(keeping.in_touch, keeping.window, born_on)
    yield from rights.birthdays(keeping.birthday, born_on, *BIRTHDAYS)
    if plan.pathway_review_on is not None:
        yield rights.review_line(keeping.pathway_review, plan.pathway_review_on)


def _plan_line(session: Session, plan: Plan, one: Planned, zone: ZoneInfo, now: datetime) -> None:
    if due.planned_already(session, plan.person_id, one.what):
        return
    due_at = _when(plan, one, zone, now)
    if due_at is None:
        return
    due.add(
        session,
        person_id=plan.person_id,
        kind=one.kind,
        what=one.what,
        due_at=due_at,
        expires_at=plans.end_of(one.until, zone),
        once_key=line_key(plan.person_id, one.what, plan.version),
        now=now,
    )


def _when(plan: Plan, one: Planned, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when a line is to be sent: at their time of day, on its day or the first one left."""
    day = max(one.on, plans.local_day(now, zone))
    while day <= one.until:
        slot = rhythm.moment(day, plan.at, zone)
        allowed = quiet.next_allowed(plans.hours_of(plan), slot, zone)
        if allowed is not None and allowed > now:
            return allowed if allowed < plans.end_of(one.until, zone) else None
        day += DAY
    return None


def line_key(person_id: uuid.UUID, what: str, version: int, again: int = 0) -> str:
    """Return what makes a line impossible to plan twice."""
    return f"{person_id.hex}.{what}.{version}" + (f".{again}" if again else "")
