"""Teaches the letters: which pieces of words the examples of each level have, by ridge regression."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.linear_model import Ridge

from safeguarding.classifier import ALWAYS, LEVELS, Array, weighted
from safeguarding.features import BUCKETS, counted
from safeguarding.levels import Level
from safeguarding.teaching.examples import Example

#: How much a close example may be doubted, and how much more an urgent one counts.
_DOUBT, _URGENT_COUNTS = 0.2, 2.0


def learn(found: Sequence[Example]) -> dict[str, Array]:
    """Return the arrays of a classifier that has learnt the examples by ridge regression."""
    texts = [each.text for each in found]
    rarity = _rarity(texts)
    always = np.full((len(texts), 1), ALWAYS**0.5, dtype=np.float32)
    rows = sparse.hstack([_table(texts, rarity), always], format="csr")
    wanted = np.array([[each.level.at_least(level) for level in LEVELS] for each in found])
    urgent = np.array([each.level.at_least(Level.SAME_DAY) for each in found])
    ridge = Ridge(alpha=_DOUBT, fit_intercept=False, solver="sparse_cg", tol=1e-5)
    ridge.fit(rows, wanted * 2.0 - 1.0, sample_weight=np.where(urgent, _URGENT_COUNTS, 1.0))
    return {
        "rarity": rarity,
        "level_weights": ridge.coef_[:, :-1].astype(np.float32),
        "level_bias": (ALWAYS**0.5 * ridge.coef_[:, -1]).astype(np.float32),
    }


def _rarity(texts: Sequence[str]) -> Array:
    seen = np.zeros(BUCKETS)
    for text in texts:
        for places, _ in counted(text):
            seen[places] += 1
    # What only one message has says nothing about another, and takes room in the file.
    rare: Array = np.where(seen > 1, np.log((1 + len(texts)) / (1 + seen)) + 1, 0).astype(
        np.float32
    )
    return rare


def _table(texts: Sequence[str], rarity: Array) -> sparse.csr_matrix:
    pieces = [weighted(text, rarity) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in pieces)])
    places = np.concatenate([each for each, _ in pieces])
    amounts = np.concatenate([each for _, each in pieces])
    return sparse.csr_matrix((amounts, places, ends), shape=(len(texts), BUCKETS))
