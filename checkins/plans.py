"""What is agreed with one person: made by the council's standard, then changed by them or by staff."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import quiet
from checkins.quiet import Hours
from checkins.rhythm import Rhythm, next_check_in
from content.keeping_in_touch import KeepingInTouch
from people.records import age_on
from storage import due, plans
from storage.tables import Person, Plan
from storage.tables.keeping_in_touch import DueKind, Every


class PlanError(Exception):
    """A plan cannot be as asked; the sentence says why."""


@dataclass(frozen=True)
class Change:
    """What somebody wants different; what is None stays as it is."""

    every: Every | None = None
    weekday: int | None = None
    at: time | None = None
    quiet: tuple[time, time] | None = None
    lessons: tuple[tuple[int, ...], time, time] | None = None
    no_lessons: bool = False
    topic_off: str = ""
    topic_on: str = ""
    snooze_days: int | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class Agreed:
    """A plan as the conversation knows it, with what their answers were. Nothing can be written here."""

    every: Every
    weekday: int
    at: time
    hours: Hours
    topics_off: frozenset[str] = frozenset()
    snoozed_until: datetime | None = None
    next_at: datetime | None = None
    feelings: tuple[int, ...] = ()
    asked: tuple[str, ...] = ()
    offered_less_at: datetime | None = None
    last_on: date | None = None


def by_standard(
    keeping: KeepingInTouch, *, born_on: date, council: str | None, today: date
) -> Agreed:
    """Return what holds for somebody until they or staff say otherwise."""
    age, times = age_on(born_on, today), keeping.times
    at_school = times.lesson_ages[0] <= age <= times.lesson_ages[1]
    hours = Hours(
        times.quiet_from,
        times.quiet_to,
        times.lesson_days if at_school else (),
        times.lessons_from if at_school else None,
        times.lessons_to if at_school else None,
    )
    return Agreed(Every(keeping.standard(age, council).every), times.day, times.at, hours)


def make(session: Session, person: Person, keeping: KeepingInTouch, now: datetime) -> Plan:
    """Make somebody's first plan, by the council's standard for their age. The caller commits."""
    agreed = by_standard(
        keeping,
        born_on=date.fromisoformat(person.born_on),
        council=person.council,
        today=now.date(),
    )
    plan = Plan(
        person_id=person.id,
        version=1,
        every=agreed.every,
        weekday=agreed.weekday,
        at=agreed.at,
        topics_off=[],
        quiet_from=agreed.hours.quiet_from,
        quiet_to=agreed.hours.quiet_to,
        lesson_days=list(agreed.hours.lesson_days),
        lessons_from=agreed.hours.lessons_from,
        lessons_to=agreed.hours.lessons_to,
        set_by="standard",
        set_at=now,
        planned_from=person.born_on,
        plan_again_at=now,
    )
    session.add(plan)
    session.flush()
    session.refresh(plan)
    return plan


def grow(session: Session, plan: Plan, keeping: KeepingInTouch, now: datetime) -> None:
    """Let a plan that nobody touched follow the standard of their age: less at 21, no lessons at 19."""
    if plan.set_by != "standard":
        return
    born_on, council = date.fromisoformat(plan.person.born_on), plan.person.council
    agreed = by_standard(keeping, born_on=born_on, council=council, today=now.date())
    as_it_is = Agreed(Every(plan.every), plan.weekday, plan.at, hours_of(plan))
    if agreed == as_it_is:
        return
    plan.every, plan.weekday, plan.at = agreed.every, agreed.weekday, agreed.at
    plan.lesson_days = list(agreed.hours.lesson_days)
    plan.lessons_from, plan.lessons_to = agreed.hours.lessons_from, agreed.hours.lessons_to
    plan.quiet_from, plan.quiet_to = agreed.hours.quiet_from, agreed.hours.quiet_to
    _next_version(session, plan, now)


def change(
    session: Session,
    plan: Plan,
    wanted: Change,
    *,
    by: str,
    staff_id: uuid.UUID | None = None,
    now: datetime,
) -> None:
    """Change a plan; what waits under the old version is taken back. The caller plans anew and commits.

    Raises PlanError when nothing could ever be sent under it.
    """
    at = plan.at if wanted.at is None else wanted.at
    quiet_hours = (plan.quiet_from, plan.quiet_to) if wanted.quiet is None else wanted.quiet
    if not quiet.open_at_all(Hours(*quiet_hours), at):
        raise PlanError(
            f"{at:%H:%M} lies in the quiet hours or at night (22:00 to 07:00). Choose another time."
        )
    plan.at, (plan.quiet_from, plan.quiet_to) = at, quiet_hours
    plan.every = plan.every if wanted.every is None else wanted.every
    plan.weekday = plan.weekday if wanted.weekday is None else wanted.weekday
    _change_lessons(plan, wanted)
    off = (set(plan.topics_off) | {wanted.topic_off}) - {wanted.topic_on, ""}
    plan.topics_off = sorted(off)
    if wanted.snooze_days is not None:
        days = timedelta(days=wanted.snooze_days)
        plan.snoozed_until = now + days if wanted.snooze_days else None
    plan.pathway_review_on = wanted.review_on or plan.pathway_review_on
    if wanted.topic_on == DueKind.CHECK_IN or wanted.every is not None:
        plan.asking_stopped_at = None
    plan.set_by, plan.set_by_id, plan.set_at = by, staff_id, now
    _next_version(session, plan, now)


def _change_lessons(plan: Plan, wanted: Change) -> None:
    if wanted.no_lessons:
        plan.lesson_days, plan.lessons_from, plan.lessons_to = [], None, None
    if wanted.lessons is not None:
        days, plan.lessons_from, plan.lessons_to = wanted.lessons
        plan.lesson_days = sorted(days)


def _next_version(session: Session, plan: Plan, now: datetime) -> None:
    plan.version += 1
    plan.plan_again_at = now
    due.supersede(session, plan.person_id, due.QUESTIONS, "old_plan", now)


def hours_of(plan: Plan) -> Hours:
    """Return when to leave somebody alone."""
    return Hours(
        plan.quiet_from,
        plan.quiet_to,
        tuple(plan.lesson_days),
        plan.lessons_from,
        plan.lessons_to,
    )


def rhythm_of(plan: Plan, zone: ZoneInfo) -> Rhythm:
    """Return how often, on which day and at what time."""
    return Rhythm(Every(plan.every), plan.weekday, plan.at, zone)


def agreed(session: Session, plan: Plan, zone: ZoneInfo) -> Agreed:
    """Return a plan as the conversation may know it."""
    last = plans.last_turn_at(session, plan.person_id)
    return Agreed(
        every=Every(plan.every),
        weekday=plan.weekday,
        at=plan.at,
        hours=hours_of(plan),
        topics_off=frozenset(plan.topics_off),
        snoozed_until=plan.snoozed_until,
        next_at=due.waits(session, plan.person_id, DueKind.CHECK_IN),
        feelings=tuple(plans.feelings(session, plan.person_id)),
        asked=tuple(plans.asked(session, plan.person_id)),
        offered_less_at=plan.offered_less_at,
        last_on=local_day(last, zone) if last else None,
    )


def as_changed(agreed: Agreed, wanted: Change, now: datetime) -> Agreed:
    """Return what would be agreed, without writing it. `fault` says whether it can be."""
    quiet_from, quiet_to = wanted.quiet or (agreed.hours.quiet_from, agreed.hours.quiet_to)
    off = (agreed.topics_off | {wanted.topic_off}) - {wanted.topic_on, ""}
    snoozed = agreed.snoozed_until
    if wanted.snooze_days is not None:
        snoozed = now + timedelta(days=wanted.snooze_days) if wanted.snooze_days else None
    return replace(
        agreed,
        every=agreed.every if wanted.every is None else wanted.every,
        weekday=agreed.weekday if wanted.weekday is None else wanted.weekday,
        at=agreed.at if wanted.at is None else wanted.at,
        hours=replace(agreed.hours, quiet_from=quiet_from, quiet_to=quiet_to),
        topics_off=off,
        snoozed_until=snoozed,
    )


def possible(agreed: Agreed) -> bool:
    """Whether a check-in could ever be sent at the agreed time."""
    return quiet.open_at_all(agreed.hours, agreed.at)


def next_of(agreed: Agreed, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the next check-in of what is agreed comes; None when there is none."""
    if DueKind.CHECK_IN in agreed.topics_off:
        return None
    slot = next_check_in(
        Rhythm(agreed.every, agreed.weekday, agreed.at, zone),
        last=agreed.last_on,
        began=local_day(now, zone),
        now=max(now, agreed.snoozed_until or now),
    )
    return quiet.next_allowed(agreed.hours, slot, zone)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day that a moment falls on by the clock on the wall."""
    return moment.astimezone(zone).date()


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)
