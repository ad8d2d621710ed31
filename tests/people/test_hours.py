"""When somebody is at work: England's bank holidays, the clock changes, and working time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from people.hours import LONDON, OFFICE_HOURS, Rota, bank_holidays, say_time

ROTA = Rota()
FRIDAY_EVENING = datetime(2026, 11, 27, 17, 1, tzinfo=LONDON)
CHRISTMAS_DAY = datetime(2026, 12, 25, 11, 0, tzinfo=LONDON)
SUNDAY_27_DECEMBER = datetime(2026, 12, 27, 23, 0, tzinfo=LONDON)
#: The clocks go forward at 01:00 UTC on 28 March 2027, which is also Easter Sunday.
SPRING_FORWARD = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def london(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=LONDON)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("moment", [london(2026, 11, 24, 9, 0), london(2026, 11, 24, 16, 59)])
def test_staff_are_at_work_from_nine_to_five(moment: datetime) -> None:
    assert ROTA.at_work(moment)


@pytest.mark.parametrize(
    "moment",
    [
        london(2026, 11, 24, 8, 59),
        london(2026, 11, 24, 17, 0),
        london(2026, 11, 28, 11, 0),
        CHRISTMAS_DAY,
    ],
)
def test_staff_are_not_at_work_at_night_at_weekends_or_on_holidays(moment: datetime) -> None:
    assert not ROTA.at_work(moment)


def test_after_friday_at_a_minute_past_five_work_starts_on_monday() -> None:
    assert ROTA.next_open(FRIDAY_EVENING) == london(2026, 11, 30, 9, 0)
    assert ROTA.closes_at(FRIDAY_EVENING) is None


def test_before_nine_on_a_working_day_work_starts_that_day() -> None:
    assert ROTA.next_open(london(2026, 11, 24, 3, 0)) == london(2026, 11, 24, 9, 0)


def test_while_work_goes_on_the_next_start_is_another_day() -> None:
    assert ROTA.next_open(london(2026, 11, 24, 10, 0)) == london(2026, 11, 25, 9, 0)


def test_on_27_december_nobody_is_back_before_the_29th() -> None:
    # Boxing Day 2026 is a Saturday, so Monday the 28th is a bank holiday in its place.
    assert ROTA.next_open(SUNDAY_27_DECEMBER) == london(2026, 12, 29, 9, 0)


def test_on_christmas_day_nobody_is_back_before_the_29th() -> None:
    assert ROTA.next_open(CHRISTMAS_DAY) == london(2026, 12, 29, 9, 0)


def test_the_night_the_clocks_go_forward_at_easter_leads_to_tuesday_at_nine_summer_time() -> None:
    assert not ROTA.at_work(SPRING_FORWARD)
    assert ROTA.next_open(SPRING_FORWARD) == datetime(2027, 3, 30, 8, 0, tzinfo=UTC)


def test_nine_stays_nine_on_both_sides_of_the_autumn_change() -> None:
    before, after = ROTA.spans(date(2026, 10, 23)), ROTA.spans(date(2026, 10, 26))

    assert before is not None
    assert after is not None
    assert before[0] == datetime(2026, 10, 23, 8, 0, tzinfo=UTC)
    assert after[0] == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_a_shift_that_spans_the_change_is_as_long_as_it_really_is() -> None:
    night = Rota({"sunday": ("00:30", "04:30")})

    # Sunday 7 June is any Sunday; on 25 October 2026 an hour comes twice. Easter Sunday is no
    # bank holiday in England, so 28 March 2027 is worked too, an hour shorter.
    lengths = [
        span[1] - span[0]
        for day in (date(2026, 6, 7), date(2026, 10, 25), date(2027, 3, 28))
        if (span := night.spans(day))
    ]

    assert lengths == [timedelta(hours=4), timedelta(hours=5), timedelta(hours=3)]


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 25),
        date(2026, 12, 28),  # for Boxing Day, a Saturday
        date(2027, 1, 1),
        date(2027, 3, 26),  # Good Friday
        date(2027, 3, 29),  # Easter Monday
        date(2027, 5, 3),
        date(2027, 5, 31),
        date(2027, 8, 30),
        date(2027, 12, 27),  # for Christmas Day, a Saturday
        date(2027, 12, 28),  # for Boxing Day, a Sunday
        date(2028, 1, 3),  # for New Year's Day, a Saturday
    ],
)
def test_englands_bank_holidays_are_days_off(day: date) -> None:
    assert ROTA.spans(day) is None


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 30),  # St Andrew's Day, Scotland
        date(2027, 3, 17),  # St Patrick's Day, Northern Ireland
        date(2028, 1, 4),  # for 2 January, Scotland
        date(2026, 12, 24),
        date(2026, 12, 31),
    ],
)
def test_other_nations_holidays_and_eves_are_worked(day: date) -> None:
    assert day not in bank_holidays(day.year)
    assert ROTA.spans(day) is not None


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (london(2026, 11, 24, 10, 0), 2, london(2026, 11, 24, 12, 0)),
        (london(2026, 11, 24, 15, 0), 2, london(2026, 11, 24, 17, 0)),
        (london(2026, 11, 24, 16, 0), 2, london(2026, 11, 25, 10, 0)),
        (london(2026, 11, 24, 3, 0), 2, london(2026, 11, 24, 11, 0)),
        (london(2026, 11, 24, 12, 0), 8, london(2026, 11, 25, 12, 0)),
        (FRIDAY_EVENING, 8, london(2026, 11, 30, 17, 0)),
        (london(2026, 12, 24, 16, 0), 2, london(2026, 12, 29, 10, 0)),
        (london(2026, 10, 23, 16, 0), 2, london(2026, 10, 26, 10, 0)),
        (london(2027, 3, 25, 16, 0), 2, london(2027, 3, 30, 10, 0)),
    ],
)
def test_working_time_skips_nights_weekends_and_holidays(
    start: datetime, hours: int, expected: datetime
) -> None:
    assert ROTA.after(start, timedelta(hours=hours)) == expected


def test_no_working_time_ends_at_the_moment_work_starts() -> None:
    assert ROTA.after(FRIDAY_EVENING, timedelta()) == london(2026, 11, 30, 9, 0)


def test_a_council_that_never_works_has_no_next_start() -> None:
    never = Rota({})

    assert never.next_open(FRIDAY_EVENING) is None
    assert not never.at_work(FRIDAY_EVENING)
    assert never.after(FRIDAY_EVENING, timedelta(hours=8)) == FRIDAY_EVENING + timedelta(hours=8)


def test_one_rota_does_not_change_anothers_hours() -> None:
    Rota().hours.pop("monday")

    assert Rota().hours == OFFICE_HOURS


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (london(2026, 11, 27, 17, 30), "5:30pm today"),
        (london(2026, 11, 28, 0, 0), "12am tomorrow"),
        (london(2026, 11, 30, 9, 0), "9am on Monday 30 November"),
        (london(2026, 11, 30, 12, 5), "12:05pm on Monday 30 November"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime, expected: str) -> None:
    assert say_time(moment, FRIDAY_EVENING) == expected


def test_today_is_todays_date_in_london_not_in_utc() -> None:
    just_after_midnight = london(2026, 7, 2, 0, 15)

    assert say_time(london(2026, 7, 2, 9, 0), just_after_midnight.astimezone(UTC)) == "9am today"


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    monday = datetime(2026, 12, 21, 10, 0, tzinfo=UTC)

    # 25 December, 28 December (for Boxing Day, a Saturday) and 1 January are not worked.
    assert Rota().working_days(monday, 10) == datetime(2027, 1, 7, 17, 0, tzinfo=UTC)
    assert Rota().working_days(monday, 1) == datetime(2026, 12, 22, 17, 0, tzinfo=UTC)
