"""When a council is open, as its staff set it, and what happens when nobody is on duty."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.library import Library
from people import cover, opening
from people.hours import OFFICE_HOURS, Rota, bank_holidays
from safeguarding import flags
from safeguarding.levels import Level
from storage import duties
from storage.tables import Alert
from tests import cast
from tests.cast import COUNCIL, NOW

DAY = timedelta(days=1)
WEDNESDAY = date(2026, 11, 25)
LATE_WEEK = {"monday": ("12:00", "20:00"), "saturday": ("10:00", "12:00")}


def test_hours_that_staff_set_come_before_those_of_the_file(
    session: Session, library: Library
) -> None:
    assert opening.rota(session, library, COUNCIL).hours == OFFICE_HOURS

    duties.set_hours(session, COUNCIL, LATE_WEEK, by=None, now=NOW)

    assert opening.rota(session, library, COUNCIL).hours == LATE_WEEK
    assert opening.rota(session, library, cast.OTHER_COUNCIL).hours == OFFICE_HOURS
    assert opening.rota(None, library, COUNCIL).hours == OFFICE_HOURS


def test_a_flags_clock_runs_in_the_hours_that_staff_set(session: Session, library: Library) -> None:
    duties.set_hours(session, COUNCIL, LATE_WEEK, by=None, now=NOW)

    by = flags.due_at(Level.SAME_DAY, opening.rota(session, library, COUNCIL), NOW)

    assert by == datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def test_christmas_and_the_days_given_for_it_are_bank_holidays() -> None:
    # https://www.gov.uk/bank-holidays: Boxing Day 2026 is a Saturday, so Monday 28 December is given.
    assert {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)} <= set(
        bank_holidays(2026)
    ) | set(bank_holidays(2027))


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({}, "no_hours"),
        ({"monday": ("9", "17:00")}, "not_a_time"),
        ({"monday": ("09:00", "")}, "not_a_time"),
        ({"monday": ("17:00", "09:00")}, "hours_backwards"),
    ],
)
def test_hours_that_cannot_be_are_refused(filled: dict[str, tuple[str, str]], said: str) -> None:
    with pytest.raises(opening.HoursError, match=said):
        opening.given(filled)


def test_a_day_left_empty_is_a_day_off() -> None:
    assert opening.given({"monday": ("09:00", "17:00"), "tuesday": ("", "")}) == {
        "monday": ("09:00", "17:00")
    }


# --- Nobody on duty --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "next_day"),
    [
        (datetime(2026, 11, 24, 10, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 27, 10, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 29, 10, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 12, 24, 10, tzinfo=UTC), date(2026, 12, 29)),
    ],
)
def test_the_day_that_must_have_somebody_is_the_next_one_at_work(
    today: datetime, next_day: date
) -> None:
    assert opening.next_working_day(Rota(), today) == next_day


def alarms(session: Session, library: Library, now: datetime = NOW) -> list[Alert]:
    """Run the tick until nothing is left, and return every letter there is."""
    while opening.alarm_next(session, library, now):
        pass
    return list(session.scalars(select(Alert).where(Alert.kind == "rota_empty")))


def test_a_manager_hears_the_day_before_and_once_a_day(session: Session, library: Library) -> None:
    lee = cast.lee(session)
    cast.wren(session)

    first = alarms(session, library)
    again = alarms(session, library, NOW + timedelta(hours=3))
    next_day = alarms(session, library, NOW + DAY)

    assert [(one.about, one.staff_id) for one in first] == [(f"{COUNCIL} {WEDNESDAY}", lee.id)]
    assert len(again) == 1
    assert len(next_day) == 2


def test_not_before_nine(session: Session, library: Library) -> None:
    cast.lee(session)

    assert alarms(session, library, NOW.replace(hour=8)) == []


def test_with_somebody_on_duty_nobody_is_alarmed_unless_they_are_away_then(
    session: Session, library: Library
) -> None:
    cast.lee(session)
    wren = cast.wren(session)
    duties.put(session, COUNCIL, WEDNESDAY, wren.id, by=None, now=NOW)
    assert alarms(session, library) == []

    cover.set_away(session, wren, None, (WEDNESDAY, WEDNESDAY), by=wren, now=NOW)

    assert len(alarms(session, library)) == 1


def test_without_a_manager_the_duty_address_hears(session: Session, library: Library) -> None:
    cast.wren(session)

    assert [one.staff_id for one in alarms(session, library)] == [None]


def test_the_last_word_about_a_day_counts(session: Session) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    for one in (wren, lee):
        duties.put(session, COUNCIL, WEDNESDAY, one.id, by=None, now=NOW)

    assert duties.between(session, COUNCIL, WEDNESDAY, WEDNESDAY) == {WEDNESDAY: lee}
    duties.clear(session, COUNCIL, WEDNESDAY)
    assert duties.between(session, COUNCIL, WEDNESDAY, WEDNESDAY) == {}
