"""When nobody hears from us first: at night, in their quiet hours, in their lessons. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from checkins.rhythm import moment

#: Whatever is agreed, nothing that we start arrives at night. Ours, stricter than the default is long.
NIGHT = (time(22), time(7))
DEFAULT_FROM, DEFAULT_TO = time(21), time(9)
#: A plan with no open hour at all in a week is refused when it is made.
FURTHEST = 8


@dataclass(frozen=True)
class Hours:
    """When to leave somebody alone, by local wall time. Days are 0 for Monday."""

    quiet_from: time = DEFAULT_FROM
    quiet_to: time = DEFAULT_TO
    lesson_days: tuple[int, ...] = ()
    lessons_from: time | None = None
    lessons_to: time | None = None


def quiet(hours: Hours, now: datetime, zone: ZoneInfo) -> bool:
    """Whether now is a time at which we say nothing first."""
    local = now.astimezone(zone)
    at = local.time()
    return (
        _within(at, *NIGHT)
        or _within(at, hours.quiet_from, hours.quiet_to)
        or _in_lessons(hours, local.weekday(), at)
    )


def _within(at: time, start: time, end: time) -> bool:
    """Whether a time lies in a span that may go over midnight. From a time to itself is nothing."""
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def _in_lessons(hours: Hours, weekday: int, at: time) -> bool:
    if hours.lessons_from is None or hours.lessons_to is None:
        return False
    return weekday in hours.lesson_days and _within(at, hours.lessons_from, hours.lessons_to)


def next_allowed(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first moment from now on at which we may write; None when there is none in a week."""
    if not quiet(hours, now, zone):
        return now
    today = now.astimezone(zone).date()
    return next(
        (
            one
            for ahead in range(FURTHEST)
            for one in _ends(hours, today + timedelta(days=ahead), zone)
            if one > now and not quiet(hours, one, zone)
        ),
        None,
    )


def next_quiet(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after now at which something quiet begins; night always comes."""
    today = now.astimezone(zone).date()
    starts = {NIGHT[0], hours.quiet_from} | ({hours.lessons_from} if hours.lessons_from else set())
    return min(
        one
        for ahead in range(FURTHEST)
        for start in starts
        if (one := moment(today + timedelta(days=ahead), start, zone)) > now
        and quiet(hours, one, zone)
    )


def _ends(hours: Hours, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield, in order, the moments of a day at which something quiet ends."""
    ends = {NIGHT[1], hours.quiet_to} | ({hours.lessons_to} if hours.lessons_to else set())
    yield from (moment(day, end, zone) for end in sorted(ends))


def open_at_all(hours: Hours, at: time) -> bool:
    """Whether a time of day is ever outside the night and the quiet hours."""
    return not _within(at, *NIGHT) and not _within(at, hours.quiet_from, hours.quiet_to)
