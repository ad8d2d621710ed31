"""When a council is open: as its staff set it, else as its file says, else office hours."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content.library import Library
from people import cover
from people.hours import DAYS, LONDON, Rota
from storage import absences, duties, letters, staff
from storage.tables import Staff
from storage.tables.people import Role

EMPTY = "rota_empty"
#: safety.md SEC-27: an empty rota is an alarm at nine the day before.
ALARM_AT = time(9)
#: How far ahead the next day at work can be: Christmas, with a weekend on either side.
FURTHEST = 15
Hours = dict[str, tuple[str, str]]
#: Who hears that nobody is on duty.
TOLD = frozenset({Role.MANAGER, Role.ADMIN})


class HoursError(Exception):
    """What was filled in are no hours; its text is the id of the sentence that says why."""


def rota(session: Session | None, library: Library, council: str, zone: ZoneInfo = LONDON) -> Rota:
    """Return when the people of a council are at work. Without a session, what its file says."""
    kept = duties.hours(session, council) if session is not None else None
    found = library.councils.get(council)
    hours = kept if kept is not None else (found.hours if found else None)
    return Rota(hours, zone) if hours else Rota(zone=zone)


def given(form: dict[str, tuple[str, str]]) -> Hours:
    """Return the hours of a week from what was filled in; a day left empty is a day off.

    Raises HoursError for what is no time, for a day that ends before it begins, and for a week
    without a day: a council that nobody is ever at would never be answered by anybody.
    """
    hours = {}
    for day in DAYS:
        first, last = form.get(day, ("", ""))
        if not first and not last:
            continue
        try:
            begins, ends = time.fromisoformat(first), time.fromisoformat(last)
        except ValueError as error:
            raise HoursError("not_a_time") from error
        if begins >= ends:
            raise HoursError("hours_backwards")
        hours[day] = (begins.strftime("%H:%M"), ends.strftime("%H:%M"))
    if not hours:
        raise HoursError("no_hours")
    return hours


# --- A day with nobody on duty -------------------------------------------------------------------


def next_working_day(open_hours: Rota, now: datetime) -> date | None:
    """Return the first day after today on which a council is open."""
    today = now.astimezone(open_hours.zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(1, FURTHEST))
    return next((day for day in days if open_hours.spans(day) is not None), None)


def uncovered(session: Session, open_hours: Rota, council: str, now: datetime) -> date | None:
    """Return the next working day when nobody is on duty on it, or only somebody who is away then."""
    day = next_working_day(open_hours, now)
    if day is None:
        return None
    on_duty = duties.between(session, council, day, day).get(day)
    if on_duty is not None and not absences.overlaps(session, on_duty.id, day, day):
        return None
    return day


def alarm_next(session: Session, library: Library, now: datetime, zone: ZoneInfo = LONDON) -> bool:
    """Make the letters of one council due whose next working day has nobody; False when all are told.

    Once a day, from nine on, to each manager and administrator. The caller commits.
    """
    local = now.astimezone(zone)
    if local.time() < ALARM_AT:
        return False
    for council, told in staffed(session).items():
        day = uncovered(session, rota(session, library, council, zone), council, now)
        if day is None:
            continue
        about, once_in = f"{council} {day.isoformat()}", local.date().isoformat()
        whom: list[uuid.UUID | None] = [one.id for one in told]
        made = [
            letters.write(session, EMPTY, about, one, now, once_in=once_in)
            for one in whom or [None]
        ]
        if any(made):
            return True
    return False


def count_empty(session: Session, library: Library, now: datetime, zone: ZoneInfo = LONDON) -> int:
    """Return how many councils have nobody on duty on their next working day."""
    return sum(
        uncovered(session, rota(session, library, council, zone), council, now) is not None
        for council in staffed(session)
    )


def staffed(session: Session) -> dict[str, list[Staff]]:
    """Return the councils with anybody who works with young people, each with whom to tell of its rota."""
    everybody = staff.at_work(session, None)
    councils = {one.council for one in everybody if one.role in cover.CASEWORKERS}
    return {
        council: [one for one in everybody if one.council == council and one.role in TOLD]
        for council in sorted(councils)
    }
