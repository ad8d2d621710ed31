"""Somebody who has every release tries to work out the small numbers, and learns none."""

import itertools
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from sqlalchemy.orm import Session

from participation.attack import Attack, Sum
from participation.counting import Cell, Told
from participation.figures import Figure, Kind, Slot
from participation.guard import Known, guarded
from participation.periods import Period
from participation.releasing import Released, release
from people.hours import LONDON
from tests.cast import COUNCIL, NOW
from tests.participation.told import AREAS, keep, some

JULY, AUGUST, SEPTEMBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)


def test_what_follows_from_a_sum_is_found() -> None:
    truth = {"a": 6, "b": 8, "c": 4}
    sums = [Sum({"a": 1}, 6, 6), Sum({"b": 1}, 8, 8), Sum({"a": 1, "b": 1, "c": 1}, 18, 22)]
    few = Sum({"c": 1}, 0, 4)
    assert Attack([*sums, few], truth).first_told([{"c": 1}], 2) == {"c": 1}
    assert Attack([*sums[1:], few], truth).first_told([{"c": 1}], 2) is None


def test_a_number_that_tells_a_small_one_is_left_out() -> None:
    # 7 + 7 + 4 = 18, shown as about 20: then the hidden one can only be 4.
    cells = {
        Cell("theme:repairs"): 18,
        Cell("theme:repairs", "age", "16_17"): 7,
        Cell("theme:repairs", "age", "18_20"): 7,
        Cell("theme:repairs", "age", "21_25"): 4,
        Cell("theme:repairs", "tone", "problem"): 18,
    }
    bands = (("16_17",), ("18_20",), ("21_25", "not_known"))
    ages = [Slot("theme:repairs", (1,), "age", one) for one in bands]
    total = Slot("theme:repairs", (1,))
    shown = guarded([total, *ages], {}, Known({1: cells}, AREAS, {}))
    assert Figure(Kind.LEFT_OUT) in shown.values()
    assert shown[ages[0]] in {Figure(Kind.EXACT, 7), Figure(Kind.LEFT_OUT)}


def test_what_was_shown_before_is_shown_again() -> None:
    slot = Slot("theme:repairs", (1,))
    before = {slot: Figure(Kind.LEFT_OUT)}
    known = Known({1: {Cell("theme:repairs"): 40}}, AREAS, {})
    assert guarded([slot], before, known) == before


class Outsider:
    """Knows every number that was shown, how statements are counted, and nothing else.

    Its system is its own: whole statements by month, age, tone and theme, from the report's notes.
    """

    def __init__(self, themes: list[str], months: list[int]) -> None:
        self.ages = ("16_17", "18_20", "21_25", "not_known")
        self.tones = ("good", "problem", "both", "neither")
        self.names = list(itertools.product(themes, months, self.ages, self.tones))
        self.at = {name: at for at, name in enumerate(self.names)}
        self.rows: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def row(self, slot: Slot) -> np.ndarray:
        """Return which of its unknowns a number adds up."""
        row = np.zeros(len(self.names))
        for theme, month, age, tone in self.names:
            said = {"age": age, "tone": tone, "": ""}[slot.dimension]
            here = slot.root == f"theme:{theme}" and month in slot.counts
            if here and (not slot.dimension or said in slot.values):
                row[self.at[theme, month, age, tone]] = 1
        return row

    def learn(self, slot: Slot, figure: Figure) -> None:
        """Take in one number of a report."""
        low, high = figure.bounds
        self.rows.append(self.row(slot))
        self.low.append(low)
        self.high.append(np.inf if high is None else high)

    def bounds(self, wanted: np.ndarray) -> tuple[int, int]:
        """Return the least and the most a number can be."""
        told = LinearConstraint(np.array(self.rows), self.low, self.high)
        found = []
        for sign in (1, -1):
            best = milp(
                sign * wanted,
                integrality=np.ones(len(wanted)),
                bounds=Bounds(0, 200),
                constraints=told,
            )
            assert best.status == 0, best.message
            found.append(round(float(wanted @ best.x)))
        return min(found), max(found)


def told_in(session: Session, months: dict[date, list[Told]]) -> None:
    for month, told in months.items():
        keep(session, told, month.replace(day=15))


def made(session: Session, first: date, last: date) -> Released:
    return release(session, COUNCIL, Period(first, last), LONDON, NOW)


def test_an_outsider_with_every_release_recovers_nothing(session: Session) -> None:
    """A quarter, then two of its months, then one: what differs between them stays hidden."""
    sizes = {JULY: 25, AUGUST: 70, SEPTEMBER: 45}
    told = {month: some(size, at) for at, (month, size) in enumerate(sizes.items())}
    told_in(session, told)
    releases = [
        made(session, JULY, SEPTEMBER),
        made(session, JULY, AUGUST),
        made(session, AUGUST, AUGUST),
    ]
    months = dict(zip(_statement_counts(releases), told, strict=True))
    truth: Counter[tuple[str, int, str]] = Counter()
    for at, statements in zip(months, told.values(), strict=True):
        for one in statements:
            for theme in one.themes:
                truth[theme, at, one.age or "not_known"] += 1

    attacked = 0
    for theme in [*list(AREAS)[:4], list(AREAS)[20]]:
        outsider = Outsider([theme], list(months))
        for released in releases:
            for slot, figure in released.shown.items():
                if slot.root == f"theme:{theme}":
                    outsider.learn(slot, figure)
        for at, month in months.items():
            for age in outsider.ages:
                number = truth[theme, at, age]
                if number < 5:
                    slot = Slot(f"theme:{theme}", (at,), "age", (age,))
                    low, high = outsider.bounds(outsider.row(slot))
                    assert low <= number <= high
                    assert high > low, (theme, month, age)
                    attacked += 1
    assert attacked > 20


def _statement_counts(releases: list[Released]) -> list[int]:
    """Return the ids of the months' counts, in the order of the months."""
    [layout] = [one for one in releases[0].layouts if one.spec.id == "themes"]
    slot = next(iter(layout.slots.values()))
    return list(slot.counts)


def test_every_number_shown_is_at_least_five(session: Session) -> None:
    told_in(session, {JULY: some(90, 5)})
    shown = made(session, JULY, JULY).shown
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for figure in shown.values():
        by_kind[figure.kind].append(figure.number)
    assert min(by_kind[Kind.EXACT]) >= 5
    assert all(number % 5 == 0 and number for number in by_kind[Kind.ROUNDED])
    assert by_kind[Kind.FEW]
