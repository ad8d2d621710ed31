"""The exact interval of what may be missed."""

from math import comb

import pytest

from safeguarding.estimate import TAIL, estimate


@pytest.mark.parametrize("read", [1, 10, 57, 400])
def test_with_nothing_missed_the_upper_end_is_the_closed_form(read: int) -> None:
    found = estimate(0, read)

    assert found.low == 0
    assert found.high == pytest.approx(1 - TAIL ** (1 / read), abs=1e-9)


@pytest.mark.parametrize(
    ("missed", "read", "low", "high"),
    [(1, 20, 0.0012651, 0.2487328), (10, 20, 0.2719578, 0.7280422), (20, 20, 0.8315665, 1.0)],
)
def test_the_interval_is_that_of_the_tables(
    missed: int, read: int, low: float, high: float
) -> None:
    found = estimate(missed, read)

    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


def test_of_nothing_read_anything_may_be_so() -> None:
    found = estimate(0, 0)

    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.05, 0.3, 0.9])
def test_it_holds_the_truth_at_least_95_times_in_100(share: float) -> None:
    read = 60
    holds = sum(
        comb(read, missed) * share**missed * (1 - share) ** (read - missed)
        for missed in range(read + 1)
        if estimate(missed, read).low <= share <= estimate(missed, read).high
    )

    assert holds >= 0.95


def test_thousands_are_no_trouble() -> None:
    found = estimate(3, 5_000)

    assert 0 < found.low < 3 / 5_000 < found.high < 0.002
