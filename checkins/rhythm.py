"""When somebody is asked next, and what: pure decisions on local wall time.

Somebody who agreed to 10am hears at 10am, whatever the clocks did in between.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.tables.keeping_in_touch import Every

#: In days, for those counted in days; in months, for the others.
DAYS = {Every.WEEKLY: 7, Every.FORTNIGHTLY: 14}
MONTHS = {Every.MONTHLY: 1, Every.QUARTERLY: 3, Every.HALF_YEARLY: 6, Every.YEARLY: 12}
#: How often somebody is asked at most to be asked at all soon: the first one comes within days.
SOON = (Every.WEEKLY, Every.FORTNIGHTLY, Every.MONTHLY)
#: A face of 4 or 5 is a good one; after this many in a row we offer to ask less.
GOOD, GOOD_IN_A_ROW = 4, 3
MOST_IN_A_ROW = 2
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Rhythm:
    """How often, on which day and at what time; the day is 0 for Monday."""

    every: Every
    weekday: int
    at: time
    zone: ZoneInfo


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a wall time as aware UTC, once a day whatever the clocks do (safety.md FT-18).

    A time that the clocks skip becomes the first that exists; of one that comes twice it is
    the first.
    """
    wall = datetime.combine(day, at)
    while _as_wall(wall, zone) != wall:
        wall += MINUTE
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _as_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)


def next_check_in(rhythm: Rhythm, *, last: date | None, began: date, now: datetime) -> datetime:
    """Return the first check-in after now.

    `last` is the local day on which they were last asked, `began` the one on which the rhythm was
    agreed. What was missed while we were down is skipped, not saved up.
    """
    step = 0 if last is None and rhythm.every in SOON else 1
    start = last or began + DAY
    while True:
        day = on_weekday(later(start, rhythm.every, step), rhythm.weekday)
        due = moment(day, rhythm.at, rhythm.zone)
        # Never on the very day it was agreed: that would feel like a machine.
        if due > now and day > began:
            return due
        step += 1


def later(day: date, every: Every, steps: int) -> date:
    """Return the day that is so many steps later. A month later than 31 January is its last day."""
    if every in DAYS:
        return day + timedelta(days=DAYS[every] * steps)
    return add_months(day, MONTHS[every] * steps)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later or earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def on_weekday(day: date, weekday: int) -> date:
    """Return the first day from this one on that is such a weekday."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def less_often(every: Every) -> Every | None:
    """Return the next longer interval; None when there is none."""
    longer = list(Every)[list(Every).index(every) + 1 :]
    return longer[0] if longer else None


def may_ask_less(every: Every, feelings: Sequence[int]) -> Every | None:
    """Return what to offer after three good ones in a row, newest first; None when not to."""
    newest = feelings[:GOOD_IN_A_ROW]
    well = len(newest) == GOOD_IN_A_ROW and all(one >= GOOD for one in newest)
    return less_often(every) if well else None


def choose(questions: Sequence[str], asked: Sequence[str]) -> str | None:
    """Return what to ask next, given what was asked, newest first.

    The one that was asked longest ago, in the order of the file among equals; never the same
    three times running (features.md N25). None when only such a one is left.
    """

    def asked_ago(question: str) -> int:
        return asked.index(question) if question in asked else len(asked)

    running = set(asked[:MOST_IN_A_ROW])
    tired = running if len(asked) >= MOST_IN_A_ROW and len(running) == 1 else set()
    fresh = [one for one in questions if one not in tired]
    return max(fresh, key=asked_ago, default=None)
