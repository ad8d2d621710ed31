"""The rights calendar counts from a date of birth, 29 February included."""

from datetime import date, timedelta

import pytest

from checkins import rights
from content.keeping_in_touch import Line, Window
from content.library import Library
from people.records import age_on

LEAP, MAY = date(2008, 2, 29), date(2008, 5, 1)
DFE = Window(months_before=3, months_after=1, first=17, last=21)


@pytest.mark.parametrize(
    ("born", "age", "expected"),
    [
        (LEAP, 16, date(2024, 2, 29)),
        (LEAP, 17, date(2025, 3, 1)),
        (LEAP, 18, date(2026, 3, 1)),
        (LEAP, 20, date(2028, 2, 29)),
        (MAY, 18, date(2026, 5, 1)),
    ],
)
def test_a_birthday_is_the_day_their_age_changes(born: date, age: int, expected: date) -> None:
    day = rights.birthday(born, age)

    assert day == expected
    assert age_on(born, day) == age
    assert age_on(born, day - timedelta(days=1)) == age - 1


@pytest.mark.parametrize("born", [LEAP, MAY, date(2008, 12, 31), date(2008, 1, 31)])
@pytest.mark.parametrize("age", range(16, 26))
def test_an_age_and_its_birthday_agree(born: date, age: int) -> None:
    assert age_on(born, rights.birthday(born, age)) == age


def planned(library: Library, born: date) -> dict[str, date]:
    """Return the day of every line of the calendar."""
    return {one.what: one.on for one in rights.lines_of(library.keeping.calendar.values(), born)}


def test_the_lines_come_on_their_days(library: Library) -> None:
    days = planned(library, MAY)

    assert days["turning_16"] == date(2024, 5, 1)
    assert days["money_check_17_half"] == date(2025, 11, 1)
    assert days["ready_for_18"] == date(2026, 4, 3)
    assert days["turning_18"] == date(2026, 5, 2)
    assert days["talk_before_21"] == date(2029, 2, 1)
    assert days["before_25"] == date(2032, 11, 1)


def test_the_money_check_comes_before_18_for_everybody(library: Library) -> None:
    for ahead in range(1462):
        born = date(2007, 1, 1) + timedelta(days=ahead)
        day = planned(library, born)["money_check_17_half"]

        assert age_on(born, day) == 17
        assert rights.birthday(born, 18) - day <= timedelta(days=185)


def test_no_line_outlives_the_age_it_is_for(library: Library) -> None:
    for one in rights.lines_of(library.keeping.calendar.values(), MAY):
        if one.what == "ready_for_18":
            assert one.until < rights.birthday(MAY, 18)
        if one.what == "talk_before_21":
            assert one.until < rights.birthday(MAY, 21)
        if one.what == "before_25":
            assert one.until < rights.birthday(MAY, 25)


@pytest.mark.parametrize(
    ("born", "age", "opens", "closes"),
    [
        (MAY, 17, date(2025, 2, 1), date(2025, 6, 1)),
        (LEAP, 17, date(2024, 12, 1), date(2025, 4, 1)),
        (LEAP, 20, date(2027, 11, 29), date(2028, 3, 29)),
        (date(2008, 5, 31), 18, date(2026, 2, 28), date(2026, 6, 30)),
        (date(2008, 1, 31), 19, date(2026, 10, 31), date(2027, 2, 28)),
    ],
)
def test_a_window_is_three_months_before_to_one_after(
    born: date, age: int, opens: date, closes: date
) -> None:
    assert rights.window_of(DFE, born, age) == (opens, closes)


def test_there_is_a_window_for_each_birthday_from_17_to_21() -> None:
    assert [age for age, _, _ in rights.windows(DFE, MAY)] == [17, 18, 19, 20, 21]


def test_the_question_of_a_window_comes_inside_it(library: Library) -> None:
    keeping = library.keeping
    found = list(rights.in_touch_lines(keeping.in_touch, keeping.window, MAY))

    assert [one.what for one in found] == [f"window_{age}" for age in range(17, 22)]
    for age, one in zip(range(17, 22), found, strict=True):
        opens, closes = rights.window_of(keeping.window, MAY, age)
        assert opens <= one.on < one.until <= closes


def test_a_line_that_is_still_true_is_due_and_one_that_is_over_is_never_sent() -> None:
    line = Line("one", "rights_date", for_days=10, years=18)
    [one] = rights.lines_of([line], MAY)

    def due(today: date) -> bool:
        return bool(rights.to_plan([one], today, timedelta(days=30)))

    assert [due(one.on + timedelta(days=days)) for days in (-31, -30, 0, 10, 11)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_review_has_its_own_line_each_time() -> None:
    line = Line("plan_review", "rights_date", for_days=20, days_before=21)

    spring, autumn = (rights.review_line(line, day) for day in (date(2027, 3, 1), date(2027, 9, 1)))

    assert spring.on == date(2027, 2, 8)
    assert spring.what != autumn.what
