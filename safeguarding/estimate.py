"""How much may be missed, from a sample: the exact interval of Clopper and Pearson (Biometrika 26, 1934).

It never claims more than the sample holds: with nothing missed among few, its upper end is high.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma, log

#: Each end is wrong at most this often: 95 in 100 such intervals hold the truth.
TAIL = 0.025
#: Halvings: enough for ten places.
STEPS = 40


@dataclass(frozen=True)
class Estimate:
    """How many of those read had something missed, and between which shares the truth lies."""

    read: int
    missed: int
    low: float
    high: float


def estimate(missed: int, read: int) -> Estimate:
    """Return the share missed, with its interval. Of nothing read, anything may be so."""
    low = 0.0 if missed == 0 else _where(lambda share: 1 - _at_most(missed - 1, read, share) < TAIL)
    high = 1.0 if missed == read else _where(lambda share: _at_most(missed, read, share) > TAIL)
    return Estimate(read, missed, low, high)


def _where(below: Callable[[float], bool]) -> float:
    """Return the share up to which something is so, between 0 and 1."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def _at_most(count: int, read: int, share: float) -> float:
    """Return the chance of so many or fewer among those read, when this share is missed."""
    if share in {0.0, 1.0}:
        return 1.0 if share == 0.0 or count >= read else 0.0
    return sum(
        exp(
            lgamma(read + 1)
            - lgamma(one + 1)
            - lgamma(read - one + 1)
            + one * log(share)
            + (read - one) * log(1 - share)
        )
        for one in range(count + 1)
    )
