"""What is shown instead of a number: the number, rounded, or that it is small, or nothing (PRIV-30).

A cell is shown as it is from 5 on. A total is rounded to the nearest 5. What is below 5, nought too, is
"few". What would let somebody work out a small number from the others is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from participation.counting import Cell

#: safety.md PRIV-30: no number below this is shown, and totals are rounded to it.
FEWEST = ROUNDED_TO = 5
#: safety.md PRIV-30: with fewer people than this in it, a value of a dimension is not told apart.
FEWEST_PEOPLE = 20
#: People are not added up over periods, so a small difference between two would be somebody.
ROUNDED_ROOTS = frozenset({"people", "funnel"})


class Kind(StrEnum):
    """How a number is shown."""

    EXACT = "exact"
    ROUNDED = "rounded"
    FEW = "few"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Figure:
    """What is shown of one number, and between which bounds it leaves it."""

    kind: Kind
    number: int = 0

    @property
    def bounds(self) -> tuple[int, int | None]:
        """Return the least and the most the number can be, as far as this figure says."""
        match self.kind:
            case Kind.EXACT:
                return self.number, self.number
            case Kind.ROUNDED:
                half = ROUNDED_TO // 2
                return max(FEWEST, self.number - half), self.number + half
            case Kind.FEW:
                return 0, FEWEST - 1
            case Kind.LEFT_OUT:
                return 0, None


def shown(number: int, *, total: bool) -> Figure:
    """Return how a number is shown before anything is left out."""
    if number < FEWEST:
        return Figure(Kind.FEW)
    if total:
        return Figure(Kind.ROUNDED, (number + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO)
    return Figure(Kind.EXACT, number)


@dataclass(frozen=True)
class Slot:
    """One number in a table: which root, which values of which dimension, over which counts.

    `counts` are the ids of the months' counts that are added up; `values` is empty for a total.
    """

    root: str
    counts: tuple[int, ...]
    dimension: str = ""
    values: tuple[str, ...] = ()

    @property
    def cells(self) -> Iterable[tuple[int, Cell]]:
        """Yield the cells that it adds up."""
        values = self.values or ("",)
        return ((at, Cell(self.root, self.dimension, one)) for at in self.counts for one in values)

    @property
    def total(self) -> bool:
        """Whether it is rounded: a whole root, and whatever counts people."""
        return not self.dimension or self.root in ROUNDED_ROOTS
