"""What somebody could work out from figures: the least and the most each hidden number can be.

A system of sums in whole numbers, solved exactly. Solutions found on the way are kept: two that
differ enough show that a number is safe, without another search.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

#: How far from the truth the search goes. Further out it would only find more to hide behind.
REACH = 8
#: How many searches for many secrets at once may find nothing new before each is searched by itself.
IN_VAIN = 2
_FOUND, _NEARLY = 0, 1e-6


#: A cell is named by anything that can be a key.
Terms = Mapping[Any, int]


class AttackError(Exception):
    """The figures contradict each other, or the search did not end."""


@dataclass(frozen=True)
class Sum:
    """Some cells, each so many times, that add up to something between two bounds."""

    terms: Terms
    low: int
    high: int | None


class Attack:
    """One system of sums. It remembers the solutions it found, hence a class."""

    def __init__(
        self,
        sums: Iterable[Sum],
        truth: Terms,
        found: Iterable[np.ndarray] = (),
    ) -> None:
        """Build the system; `truth` names every cell and is the first solution, `found` has others."""
        self._at = {cell: at for at, cell in enumerate(truth)}
        self._sums = _constraint(list(sums), self._at)
        true = np.array(list(truth.values()), dtype=float)
        self._bounds = Bounds(np.maximum(0, true - REACH), true + REACH)
        self.found = [true, *found]

    def first_told(self, secrets: Sequence[Terms], narrowest: int) -> Terms | None:
        """Return the first secret known to within less than `narrowest`, or None when all are kept.

        A secret is some cells, each so many times. Raises AttackError.
        """
        if not secrets:
            return None
        wanted = _matrix(secrets, self._at)
        unsure = self._narrow(wanted, narrowest)
        for place in unsure:
            row = wanted[[place]]
            for sense in (-1.0, 1.0):
                if self._spans(row)[0] < narrowest:
                    self.found.append(self._search(sense * row.toarray()[0]))
            if self._spans(row)[0] < narrowest:
                return secrets[place]
        return None

    def _narrow(self, wanted: csr_array, narrowest: int) -> np.ndarray:
        """Return the secrets still too well known after searches for many of them at once."""
        drawing = np.random.default_rng(len(self.found))
        unsure = np.flatnonzero(self._spans(wanted) < narrowest)
        in_vain = 0
        while unsure.size and in_vain < IN_VAIN:
            signs = drawing.choice([-1.0, 1.0], size=unsure.size)
            self.found.append(self._search(signs @ wanted[unsure]))
            left = unsure[self._spans(wanted[unsure]) < narrowest]
            in_vain = in_vain + 1 if left.size == unsure.size else 0
            unsure = left
        return unsure

    def _spans(self, wanted: csr_array) -> np.ndarray:
        """Return how far apart the solutions found so far put each secret."""
        sums = np.rint(wanted @ np.array(self.found).T)
        return sums.max(axis=1) - sums.min(axis=1)

    def _search(self, cost: np.ndarray) -> np.ndarray:
        """Return the solution that makes the cost least.

        Fractions are allowed at first: that is twice as quick, and most often none come.
        """
        for whole in (0.0, 1.0):
            found = milp(
                cost,
                integrality=np.full(len(cost), whole),
                bounds=self._bounds,
                constraints=self._sums,
            )
            if found.status != _FOUND:
                raise AttackError(found.message)
            rounded: np.ndarray = np.rint(found.x)
            if np.allclose(rounded, found.x, atol=_NEARLY, rtol=0):
                break
        return rounded


def _constraint(sums: list[Sum], at: Terms) -> list[LinearConstraint]:
    if not sums:
        return []
    high = [np.inf if one.high is None else one.high for one in sums]
    matrix = _matrix([one.terms for one in sums], at)
    return [LinearConstraint(matrix, [one.low for one in sums], high)]


def _matrix(rows: Sequence[Terms], at: Terms) -> csr_array:
    entries = [
        (row, at[cell], times) for row, terms in enumerate(rows) for cell, times in terms.items()
    ]
    places, columns, values = zip(*entries, strict=True)
    return csr_array((values, (places, columns)), shape=(len(rows), len(at)))
