"""Rhythms are wall time: 10am stays 10am, and no check-in comes twice or not at all."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from checkins import rhythm
from checkins.rhythm import Rhythm
from people.hours import LONDON
from storage.tables.keeping_in_touch import Every

NINE = time(9)
UNTOLD = datetime(2026, 11, 24, 12, tzinfo=UTC)


def next_after(
    now: datetime,
    every: Every = Every.WEEKLY,
    *,
    weekday: int = 1,
    at: time = NINE,
    last: date | None = None,
    began: date = date(2026, 11, 20),
) -> datetime:
    """Return the next check-in of a rhythm."""
    return rhythm.next_check_in(Rhythm(every, weekday, at, LONDON), last=last, began=began, now=now)


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        # 28 March 2027: 01:00 to 02:00 does not exist (safety.md FT-18).
        (date(2027, 3, 28), time(1, 30), "2027-03-28T01:00:00+00:00"),
        (date(2027, 3, 28), time(0, 59), "2027-03-28T00:59:00+00:00"),
        (date(2027, 3, 28), time(2), "2027-03-28T01:00:00+00:00"),
        (date(2027, 3, 27), NINE, "2027-03-27T09:00:00+00:00"),
        (date(2027, 3, 28), NINE, "2027-03-28T08:00:00+00:00"),
        # 31 October 2027: 01:00 to 02:00 comes twice.
        (date(2027, 10, 31), time(1, 30), "2027-10-31T00:30:00+00:00"),
        (date(2027, 10, 31), time(2), "2027-10-31T02:00:00+00:00"),
        (date(2027, 10, 30), NINE, "2027-10-30T08:00:00+00:00"),
        (date(2027, 10, 31), NINE, "2027-10-31T09:00:00+00:00"),
    ],
)
def test_a_wall_time_is_one_moment_of_its_day(day: date, at: time, expected: str) -> None:
    assert rhythm.moment(day, at, LONDON).isoformat() == expected


@pytest.mark.parametrize("change", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("at", [time(0), time(0, 30), time(1), time(1, 30), time(2), NINE])
def test_there_is_one_moment_a_day_across_a_clock_change(change: date, at: time) -> None:
    days = [change + timedelta(days=ahead) for ahead in range(-3, 4)]

    moments = [rhythm.moment(day, at, LONDON) for day in days]

    assert [one.astimezone(LONDON).date() for one in moments] == days
    assert len(set(moments)) == len(days)


def test_a_zone_without_summer_time_is_left_alone() -> None:
    assert rhythm.moment(date(2027, 3, 28), time(1, 30), ZoneInfo("UTC")).hour == 1


@pytest.mark.parametrize(
    ("every", "last", "expected"),
    [
        (Every.WEEKLY, date(2026, 11, 24), date(2026, 12, 1)),
        (Every.FORTNIGHTLY, date(2026, 11, 24), date(2026, 12, 8)),
        (Every.MONTHLY, date(2026, 11, 24), date(2026, 12, 29)),
        (Every.QUARTERLY, date(2026, 11, 24), date(2027, 3, 2)),
        (Every.HALF_YEARLY, date(2026, 11, 24), date(2027, 5, 25)),
        (Every.YEARLY, date(2026, 11, 24), date(2027, 11, 30)),
        # The 31st of January has no day of its own in February.
        (Every.MONTHLY, date(2027, 1, 31), date(2027, 3, 2)),
        # 29 February in a year that has none.
        (Every.YEARLY, date(2028, 2, 29), date(2029, 3, 6)),
    ],
)
def test_the_next_one_is_an_interval_later_on_their_day(
    every: Every, last: date, expected: date
) -> None:
    now = rhythm.moment(last, time(10), LONDON)

    due = next_after(now, every, last=last)

    assert due.astimezone(LONDON).date() == expected
    assert due.astimezone(LONDON).time() == NINE


@pytest.mark.parametrize("every", list(Every))
def test_what_was_missed_while_we_were_down_is_not_saved_up(every: Every) -> None:
    now = datetime(2029, 6, 1, tzinfo=UTC)

    due = next_after(now, every, last=date(2026, 11, 24))

    assert now < due <= now + timedelta(days=373)
    assert due.astimezone(LONDON).weekday() == 1


@pytest.mark.parametrize("every", rhythm.SOON)
def test_somebody_never_asked_is_asked_on_their_next_day(every: Every) -> None:
    assert next_after(UNTOLD, every, began=date(2026, 11, 24)).date() == date(2026, 12, 1)


def test_somebody_never_asked_who_is_asked_yearly_is_not_asked_at_once() -> None:
    assert next_after(UNTOLD, Every.YEARLY, began=date(2026, 11, 24)).date() == date(2027, 11, 30)


def test_nobody_is_asked_on_the_day_they_agreed() -> None:
    tuesday_morning = datetime(2026, 11, 24, 7, tzinfo=UTC)

    due = next_after(tuesday_morning, began=date(2026, 11, 24), at=time(18))

    assert due.date() == date(2026, 12, 1)


def test_a_year_of_weeks_keeps_its_hour_over_both_clock_changes() -> None:
    now, due = UNTOLD, []
    for _ in range(53):
        now = next_after(now, last=now.astimezone(LONDON).date())
        due.append(now.astimezone(LONDON))

    assert {one.time() for one in due} == {NINE}
    assert {b.date() - a.date() for a, b in itertools.pairwise(due)} == {timedelta(days=7)}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, expected: date) -> None:
    assert rhythm.add_months(day, months) == expected


@pytest.mark.parametrize(
    ("feelings", "offered"),
    [
        ([5, 4, 4], Every.FORTNIGHTLY),
        ([5, 4, 4, 1], Every.FORTNIGHTLY),
        ([4, 4, 3], None),
        ([3, 5, 5, 5], None),
        ([5, 5], None),
        ([], None),
    ],
)
def test_three_good_ones_in_a_row_offer_to_ask_less(
    feelings: list[int], offered: Every | None
) -> None:
    assert rhythm.may_ask_less(Every.WEEKLY, feelings) == offered


def test_there_is_nothing_less_than_yearly() -> None:
    assert rhythm.may_ask_less(Every.YEARLY, [5, 5, 5]) is None
    assert [rhythm.less_often(one) for one in Every][:-1] == list(Every)[1:]


def test_what_was_asked_longest_ago_comes_next() -> None:
    questions = ["how", "living", "work"]

    assert rhythm.choose(questions, []) == "how"
    assert rhythm.choose(questions, ["how"]) == "living"
    assert rhythm.choose(questions, ["living", "how"]) == "work"
    assert rhythm.choose(questions, ["work", "living", "how"]) == "how"


@pytest.mark.parametrize("questions", [["how"], ["how", "living"], ["how", "living", "work"]])
def test_the_same_is_never_asked_three_times_running(questions: list[str]) -> None:
    asked: list[str] = []
    for _ in range(20):
        chosen = rhythm.choose(questions, asked)
        if chosen is None:
            break
        asked.insert(0, chosen)

    assert all(len(set(asked[at : at + 3])) > 1 for at in range(len(asked) - 2))


def test_when_only_a_tired_question_is_left_none_is_asked() -> None:
    assert rhythm.choose(["how"], ["how", "how"]) is None
