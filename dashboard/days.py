"""Days and times of day as the pages say them, and as a form gives them."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

PARTS = ("day", "month", "year")


class DayError(Exception):
    """What was filled in is no day."""


def say_day(day: date) -> str:
    """Return a day with its year: `24 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def day_of(moment: datetime, zone: ZoneInfo) -> str:
    """Return the local day of a moment, with its year."""
    return say_day(moment.astimezone(zone).date())


def month_of(moment: datetime, zone: ZoneInfo) -> str:
    """Return the month of a moment: all that is said of when somebody wrote without a name."""
    return f"{moment.astimezone(zone):%B %Y}"


def say_clock(at: time) -> str:
    """Return a time of day as people say it: `9am`, `4:30pm`."""
    return at.strftime("%I:%M%p").lstrip("0").replace(":00", "").lower()


def given_day(form: Mapping[str, str], name: str) -> date | None:
    """Return the day in the three fields of a date input; None when all are empty.

    Raises DayError for what is no day.
    """
    parts = [form.get(f"{name}-{part}", "").strip() for part in PARTS]
    if not any(parts):
        return None
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError as error:
        raise DayError from error
