"""When a person will read this: working hours, England's bank holidays, and the clock changes.

Pure: the caller says what time it is. Bank holidays come from the `holidays` library, which
follows the Banking and Financial Dealings Act 1971 and each year's proclamations.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: What we assume of a council that has not said; office hours in the seeds' papers.
OFFICE_HOURS = dict.fromkeys(DAYS[:5], ("09:00", "17:00"))
LONDON = ZoneInfo("Europe/London")
#: A council closed for longer than this has no rota at all, and we say so.
FURTHEST = 15


@dataclass(frozen=True)
class Rota:
    """When the people of one council are at work, by local wall time."""

    hours: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(OFFICE_HOURS))
    zone: ZoneInfo = LONDON

    def spans(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when work starts and ends on a day (aware UTC), or None on a day off."""
        span = self.hours.get(DAYS[day.weekday()])
        if span is None or day in bank_holidays(day.year):
            return None
        start, end = (datetime.combine(day, time.fromisoformat(at), self.zone) for at in span)
        return start.astimezone(UTC), end.astimezone(UTC)

    def at_work(self, now: datetime) -> bool:
        """Whether somebody is at work now."""
        span = self.spans(now.astimezone(self.zone).date())
        return span is not None and span[0] <= now < span[1]

    def next_open(self, now: datetime) -> datetime | None:
        """Return when work next starts after now (aware UTC); None when no day is worked."""
        today = now.astimezone(self.zone).date()
        days = (self.spans(today + timedelta(days=ahead)) for ahead in range(FURTHEST))
        return next((span[0] for span in days if span is not None and span[0] > now), None)

    def closes_at(self, now: datetime) -> datetime | None:
        """Return when today's work ends, when somebody is at work now."""
        span = self.spans(now.astimezone(self.zone).date())
        return span[1] if span is not None and span[0] <= now < span[1] else None

    def after(self, start: datetime, working: timedelta) -> datetime:
        """Return the moment when this much working time has passed since the start."""
        left, day = working, start.astimezone(self.zone).date()
        for ahead in range(400):
            span = self.spans(day + timedelta(days=ahead))
            if span is None or span[1] <= start:
                continue
            begins = max(span[0], start)
            if left <= span[1] - begins:
                return begins + left
            left -= span[1] - begins
        return start + working

    def working_days(self, start: datetime, days: int) -> datetime:
        """Return the end of work on the working day this many working days after a moment's day."""
        day, left = start.astimezone(self.zone).date(), days
        for ahead in range(1, 400):
            span = self.spans(day + timedelta(days=ahead))
            left -= span is not None
            if span is not None and left == 0:
                return span[1]
        return start + timedelta(days=days)


def bank_holidays(year: int) -> holidays.HolidayBase:
    """Return England's bank holidays of a year."""
    return _holidays(year)


_kept: dict[int, holidays.HolidayBase] = {}


def _holidays(year: int) -> holidays.HolidayBase:
    if year not in _kept:
        _kept[year] = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return _kept[year]


def say_time(moment: datetime, now: datetime, zone: ZoneInfo = LONDON) -> str:
    """Return a moment as people say it: `9am on Monday 30 November`, `5pm today`."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    clock = local.strftime("%I:%M%p").lstrip("0").replace(":00", "").lower()
    if local.date() == today:
        return f"{clock} today"
    if local.date() == today + timedelta(days=1):
        return f"{clock} tomorrow"
    return f"{clock} on {local.strftime('%A')} {local.day} {local.strftime('%B')}"


def say_date(moment: datetime, zone: ZoneInfo = LONDON) -> str:
    """Return a day as people say it: `Monday 30 November`."""
    return day_name(moment.astimezone(zone).date())


def day_name(day: date) -> str:
    """Return a local day as people say it: `Monday 30 November`."""
    return f"{day.strftime('%A')} {day.day} {day.strftime('%B')}"
