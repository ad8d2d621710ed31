"""Leaves out of a release whatever would let somebody work out a small number. Pure.

Each new figure is held against every figure released before, and the small numbers are attacked as
somebody outside would (`participation/attack.py`). As long as one can be told to within less than
`NARROWEST_SECRET`, the smallest neighbour that is still shown is left out too (safety.md PRIV-30).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from participation.attack import Attack, Sum
from participation.counting import Cell
from participation.figures import FEWEST, Figure, Kind, Slot, shown
from participation.structure import cells_of, family_of, sums_of

#: A small number is kept when what is shown leaves it three values or more.
NARROWEST_SECRET = 2

Shown = dict[Slot, Figure]
Terms = dict[tuple[int, Cell], int]
Truth = Mapping[tuple[int, Cell], int]


@dataclass(frozen=True)
class Known:
    """All that the figures are about.

    `cells` has the cells of every count that a slot, now or before, is about; `later` the count that
    came after one of the same months, if there is one.
    """

    cells: Mapping[int, Mapping[Cell, int]]
    areas: Mapping[str, str]
    later: Mapping[int, int]

    def number(self, slot: Slot) -> int:
        """Return the number that belongs into a slot."""
        return sum(self.cells[at].get(cell, 0) for at, cell in slot.cells)

    def follows(self, earlier: Slot, slot: Slot) -> bool:
        """Whether a slot is about the same months as an earlier one, counted then or later."""
        return len(earlier.counts) == len(slot.counts) and all(
            self._reaches(old, new) for old, new in zip(earlier.counts, slot.counts, strict=True)
        )

    def _reaches(self, old: int, new: int) -> bool:
        while old != new and old in self.later:
            old = self.later[old]
        return old == new


def guarded(slots: Iterable[Slot], before: Shown, known: Known) -> Shown:
    """Return what may be shown in each slot, given all that was shown before.

    What was shown before is shown again as it was.
    """
    by_family: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_family[family_of(slot.root, known.areas)].append(slot)
    result: Shown = {}
    for family, some in by_family.items():
        earlier = {
            slot: figure
            for slot, figure in before.items()
            if family_of(slot.root, known.areas) == family
        }
        result.update(_guard_family(some, _joined(some, earlier, known.later), known))
    return result


def _joined(slots: Iterable[Slot], before: Shown, later: Mapping[int, int]) -> Shown:
    """Return the earlier figures that share a month with the new ones, or with one that does."""
    pairs = [{old, new} for old, new in later.items()]
    counts = {at for slot in slots for at in slot.counts}
    size = -1
    while size < len(counts):
        size = len(counts)
        for some in (*pairs, *(set(slot.counts) for slot in before)):
            if not counts.isdisjoint(some):
                counts |= some
    return {slot: figure for slot, figure in before.items() if set(slot.counts) <= counts}


def _guard_family(slots: Sequence[Slot], before: Shown, known: Known) -> Shown:
    new = {
        slot: shown(known.number(slot), total=slot.total) for slot in slots if slot not in before
    }
    if new:
        truth = _truth([*slots, *before], known)
        structure = [*_structure(truth, known.areas), *_growth(truth, known.later)]
        found: list[np.ndarray] = []
        while told := _too_well_known({**before, **new}, structure, truth, known, found):
            victim = _next_to_leave_out(told, new, known)
            if victim is None:  # It was told before: nothing new adds to it.
                break
            new[victim] = Figure(Kind.LEFT_OUT)
    return new | {slot: before[slot] for slot in slots if slot in before}


def _truth(slots: Sequence[Slot], known: Known) -> Truth:
    """Return every cell of the roots that hang together, in every count that is touched."""
    families = {family_of(slot.root, known.areas) for slot in slots}
    counts = {at for slot in slots for at in slot.counts}
    roots = {cell.root for at in counts for cell in known.cells[at]} | {one.root for one in slots}
    return {
        (at, cell): known.cells[at].get(cell, 0)
        for at in sorted(counts)
        for root in sorted(roots)
        if family_of(root, known.areas) in families
        for cell in cells_of(root)
    }


def _structure(truth: Truth, areas: Mapping[str, str]) -> list[Sum]:
    roots: dict[int, list[str]] = defaultdict(list)
    for at, cell in truth:
        if not cell.dimension:
            roots[at].append(cell.root)
    return [one for at, some in roots.items() for one in sums_of(at, some, areas)]


def _growth(truth: Truth, later: Mapping[int, int]) -> Iterator[Sum]:
    """Yield that a later count of the same months is no smaller: so anybody would suppose."""
    for (at, cell), number in truth.items():
        then = (later.get(at, at), cell)
        if then in truth and then[0] != at and truth[then] >= number:
            yield Sum({then: 1, (at, cell): -1}, 0, None)


def _small(figures: Shown, truth: Truth, known: Known) -> Iterator[Terms]:
    """Yield everything that must not be told: small numbers, and small differences between counts."""
    yield from ({cell: 1} for cell, number in truth.items() if number < FEWEST)
    for slot in figures:
        if known.number(slot) < FEWEST:
            yield dict(Counter(slot.cells))
    for (at, cell), number in truth.items():
        then = (known.later.get(at, at), cell)
        if then[0] != at and abs(truth.get(then, number) - number) < FEWEST and then in truth:
            yield {then: 1, (at, cell): -1}


def _too_well_known(
    figures: Shown,
    structure: Iterable[Sum],
    truth: Truth,
    known: Known,
    found: list[np.ndarray],
) -> Terms:
    """Return something small that the figures tell too well, or nothing when all is kept.

    What the search finds is added to `found`: with fewer figures shown, it still holds.
    """
    published = [
        Sum(dict(Counter(slot.cells)), *figure.bounds)
        for slot, figure in figures.items()
        if figure.kind is not Kind.LEFT_OUT
    ]
    attack = Attack([*structure, *published], truth, found)
    told = attack.first_told(list(_small(figures, truth, known)), NARROWEST_SECRET)
    found[:] = attack.found[1:]
    return dict(told or {})


def _next_to_leave_out(told: Terms, new: Shown, known: Known) -> Slot | None:
    """Return the new figure to leave out next: the nearest to what is told, then the smallest."""
    counts, roots = {at for at, _ in told}, {cell.root for _, cell in told}
    dimensions = {cell.dimension for _, cell in told}

    def far(slot: Slot) -> tuple[bool, bool, bool, bool, int]:
        return (
            slot.root not in roots,
            counts.isdisjoint(slot.counts),
            slot.dimension not in dimensions,
            slot.total,
            known.number(slot),
        )

    left = [slot for slot, figure in new.items() if figure.kind is not Kind.LEFT_OUT]
    return min(left, key=far, default=None)
