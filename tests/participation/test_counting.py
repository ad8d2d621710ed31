"""Periods, counts, and what is put together because too few people are in it."""

from dataclasses import replace
from datetime import date

import pytest

from participation import folding
from participation.counting import Cell, Told, count, count_people
from participation.figures import Figure, Kind, Slot, shown
from participation.periods import Period, PeriodError, moments
from people.hours import LONDON
from tests.participation.told import AREAS

TODAY = date(2026, 12, 1)
ONE = Told(voice="a", new_voice=True, age="16_17", scenario="problem", origin="own", tone="good")


def test_a_period_is_the_whole_months_that_its_days_touch() -> None:
    period = Period.around(date(2026, 9, 17), date(2026, 11, 2), TODAY)
    assert list(period.months()) == [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    assert list(period.quarters()) == [
        Period(date(2026, 9, 1), date(2026, 9, 1)),
        Period(date(2026, 10, 1), date(2026, 11, 1)),
    ]


def test_a_period_ends_today_at_the_latest() -> None:
    period = Period.around(date(2026, 11, 5), date(2027, 3, 31), TODAY)
    assert period.last == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (date(2026, 5, 2), date(2026, 5, 1), "before the first"),
        (date(2027, 1, 1), date(2027, 2, 1), "has not begun"),
        (date(2020, 1, 1), date(2026, 2, 1), "at most 24 months"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(first: date, last: date, says: str) -> None:
    with pytest.raises(PeriodError, match=says):
        Period.around(first, last, TODAY)


def test_months_begin_at_midnight_where_people_live() -> None:
    begin, end = moments(date(2026, 10, 1), LONDON)
    assert (begin.isoformat(), end.isoformat()) == (
        "2026-10-01T00:00:00+01:00",
        "2026-11-01T00:00:00+00:00",
    )


def test_a_statement_counts_in_each_theme_and_once_in_each_area() -> None:
    told = replace(
        ONE, scenario="where_i_live", tone="both", feelings=("awful",), themes=("repairs", "moves")
    )
    cells = count([told, told], AREAS).cells
    assert cells[Cell("all")] == 2
    assert cells[Cell("theme:repairs")] == cells[Cell("theme:moves")] == 2
    assert cells[Cell("area:stability", "age", "16_17")] == 2
    assert cells[Cell("good:stability")] == cells[Cell("problem:stability")] == 2
    assert cells[Cell("home:awful")] == 2
    assert Cell("feeling:awful") not in cells


def test_people_are_counted_once_by_what_they_said_last() -> None:
    later = replace(ONE, new_voice=False, age="18_20")
    cells = count_people([ONE, later, replace(later, voice="b", age=None, tone=None)])
    assert cells == {
        Cell("people"): 2,
        Cell("people", "age", "18_20"): 1,
        Cell("people", "age", "not_known"): 1,
        Cell("people", "voice", "new"): 1,
        Cell("people", "voice", "regular"): 1,
    }


@pytest.mark.parametrize(
    ("people", "told_apart"),
    [
        ({"16_17": 20, "18_20": 20, "21_25": 20}, (("16_17",), ("18_20",), ("21_25",))),
        ({"16_17": 3, "18_20": 40, "21_25": 30}, (("16_17", "18_20"), ("21_25",))),
        ({"16_17": 30, "18_20": 40, "21_25": 3}, (("16_17",), ("18_20", "21_25"))),
        ({"16_17": 3, "18_20": 40, "21_25": 3}, ()),
        ({"16_17": 3, "18_20": 3, "21_25": 3}, ()),
        ({}, ()),
    ],
)
def test_ages_with_too_few_people_are_put_with_their_neighbours(
    people: dict[str, int], told_apart: folding.Groups
) -> None:
    assert folding.ages(people) == told_apart


def test_origins_and_tones_with_too_few_people_are_not_told_apart() -> None:
    assert folding.apart("origin", {"own": 25, "easy": 19}) == (("own",),)
    assert folding.apart("tone", {"good": 25, "problem": 3, "both": 2}) == (("good", "both"),)


CELL, TOTAL = Slot("theme:repairs", (1,), "age", ("16_17",)), Slot("theme:repairs", (1,))


@pytest.mark.parametrize(
    ("number", "slot", "figure"),
    [
        (0, CELL, Figure(Kind.FEW)),
        (4, TOTAL, Figure(Kind.FEW)),
        (5, CELL, Figure(Kind.EXACT, 5)),
        (7, TOTAL, Figure(Kind.ROUNDED, 5)),
        (8, TOTAL, Figure(Kind.ROUNDED, 10)),
        (8, Slot("people", (1,), "age", ("16_17",)), Figure(Kind.ROUNDED, 10)),
    ],
)
def test_small_numbers_are_not_said_and_totals_are_rounded(
    number: int, slot: Slot, figure: Figure
) -> None:
    made = shown(number, total=slot.total)
    assert made == figure
    low, high = made.bounds
    assert low <= number <= (number if high is None else high)
