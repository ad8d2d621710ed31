"""Which lines of the rights calendar are due to somebody, and when: counted from dates. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from checkins.rhythm import add_months
from content.keeping_in_touch import Line, Window


@dataclass(frozen=True)
class Planned:
    """One line on one day, and the last day on which it is still true."""

    what: str
    kind: str
    on: date
    until: date


def birthday(born_on: date, age: int) -> date:
    """Return the day somebody turns an age. Born on 29 February, it is 1 March in other years."""
    year = born_on.year + age
    try:
        return born_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def day_of(line: Line, born_on: date) -> date:
    """Return the day of a line for somebody born on a day."""
    day = add_months(birthday(born_on, line.years), line.months)
    return day + timedelta(days=line.days)


def lines_of(lines: Iterable[Line], born_on: date) -> Iterator[Planned]:
    """Yield every line of a life, past and to come."""
    for line in lines:
        on = day_of(line, born_on)
        yield Planned(line.id, line.kind, on, on + timedelta(days=line.for_days))


def window_of(window: Window, born_on: date, age: int) -> tuple[date, date]:
    """Return the first and the last day of a birthday window (DfE: 3 months before to 1 after)."""
    day = birthday(born_on, age)
    return add_months(day, -window.months_before), add_months(day, window.months_after)


def windows(window: Window, born_on: date) -> Iterator[tuple[int, date, date]]:
    """Yield every birthday window: the age they turn, its first and its last day."""
    for age in range(window.first, window.last + 1):
        yield (age, *window_of(window, born_on, age))


def in_touch_lines(line: Line, window: Window, born_on: date) -> Iterator[Planned]:
    """Yield the one question of each birthday window, to whoever has not been in touch by then."""
    for age, _, _ in windows(window, born_on):
        on = birthday(born_on, age) - timedelta(days=line.days_before)
        yield Planned(f"{line.id}_{age}", line.kind, on, on + timedelta(days=line.for_days))


def review_line(line: Line, review_on: date) -> Planned:
    """Return the line before a plan is looked at again. Its id names the day: each review has its own."""
    on = review_on - timedelta(days=line.days_before)
    return Planned(
        f"{line.id}_{review_on:%Y%m%d}", line.kind, on, on + timedelta(days=line.for_days)
    )


def birthdays(line: Line, born_on: date, first: int, last: int) -> Iterator[Planned]:
    """Yield the greeting of each birthday; it is of its day only."""
    for age in range(first, last + 1):
        on = birthday(born_on, age)
        yield Planned(f"{line.id}_{age}", line.kind, on, on)


def to_plan(lines: Iterable[Planned], today: date, ahead: timedelta) -> list[Planned]:
    """Return what is true today or will be soon; what was over before we met is never sent late.

    A line whose day has passed but which is still true is due now: somebody may join a week after
    turning 18.
    """
    return [one for one in lines if one.until >= today and one.on <= today + ahead]
