"""Periods are whole months: finer dates would let somebody subtract one period from the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

#: Longer than this, a report is no longer about now, and what we keep has begun to go.
LONGEST_MONTHS = 24


class PeriodError(Exception):
    """A period cannot be reported on; the sentence says why."""


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def after(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """From the first day of a month to the last day of a month; `first` and `last` name the months."""

    first: date
    last: date

    @classmethod
    def around(cls, from_day: date, to_day: date, today: date) -> "Period":
        """Return the months that hold these days. Raises PeriodError."""
        if to_day < from_day:
            message = "The last day is before the first."
            raise PeriodError(message)
        if from_day > today:
            message = "This period has not begun."
            raise PeriodError(message)
        made = cls(month_of(from_day), month_of(min(to_day, today)))
        if len(list(made.months())) > LONGEST_MONTHS:
            message = f"A period has at most {LONGEST_MONTHS} months."
            raise PeriodError(message)
        return made

    def months(self) -> Iterator[date]:
        """Yield the first day of each month."""
        month = self.first
        while month <= self.last:
            yield month
            month = after(month)

    def quarters(self) -> Iterator["Period"]:
        """Yield the calendar quarters, or the parts of them that lie in the period."""
        some: list[date] = []
        for month in self.months():
            if some and quarter_of(month) != quarter_of(some[0]):
                yield Period(some[0], some[-1])
                some = []
            some.append(month)
        yield Period(some[0], some[-1])

    def __contains__(self, other: "Period") -> bool:
        """Whether another period lies in this one."""
        return self.first <= other.first and other.last <= self.last


def quarter_of(month: date) -> tuple[int, int]:
    """Return the year and the number of the calendar quarter."""
    return month.year, (month.month - 1) // 3 + 1


def moments(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a month begins and when the next does, by the clock people live by."""
    return (
        datetime.combine(month, time.min, zone),
        datetime.combine(after(month), time.min, zone),
    )
