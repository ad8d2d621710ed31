"""The second layer of screening: a small model of our own that has read a few thousand examples.

It knows wordings that no rule lists. It only ever adds signs. NumPy is all it needs; the weights
are a plain array file whose hash is pinned, so that nothing else can be loaded in its place.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safeguarding.features import CATEGORY_BUCKETS, LEVEL_BUCKETS, counted
from safeguarding.levels import Category, Level

MODEL = Path(__file__).parent / "model"
WEIGHTS, PIN = "weights.npz", "pin.json"

#: The order of the level heads in the weights: at least a concern, at least same day, immediate.
LEVELS = (Level.CONCERN, Level.SAME_DAY, Level.IMMEDIATE)
CATEGORIES = tuple(category for category in Category if category is not Category.HELP_WORD)
#: How many categories are named at most: more would say nothing.
_NAMED = 2

Array = NDArray[np.float32]


class ModelError(Exception):
    """The weights are missing, or are not the ones that were checked in. Do not start."""


@dataclass(frozen=True)
class Opinion:
    """What the classifier makes of a message; categories most likely first, none for level none."""

    level: Level
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Classifier:
    """Linear weights: one head for each level and one for each category."""

    rarity: Array
    level_weights: Array
    level_bias: Array
    thresholds: Array
    category_weights: Array
    category_bias: Array

    @classmethod
    def load(cls, folder: Path = MODEL) -> "Classifier":
        """Read the pinned weights; raise ModelError when they are missing or not the pinned ones."""
        try:
            raw = (folder / WEIGHTS).read_bytes()
            pinned = json.loads((folder / PIN).read_text("utf-8"))["sha256"]
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"the classifier's weights cannot be read: {error}") from error
        if hashlib.sha256(raw).hexdigest() != pinned:
            raise ModelError("the classifier's weights are not the pinned ones")
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            return cls(**{name: arrays[name].astype(np.float32) for name in cls.__annotations__})

    def read(self, text: str) -> Opinion:
        """Return the level and the likely categories of a canonical text."""
        if not text:
            return Opinion(Level.NONE, ())
        scores = self.scores(text)
        level = Level.NONE
        for each, score, threshold in zip(LEVELS, scores, self.thresholds, strict=True):
            if score < threshold:
                break
            level = each
        return Opinion(level, self._categories(text) if level is not Level.NONE else ())

    def scores(self, text: str) -> Array:
        """Return the score of each level head; comparable with the thresholds, not probabilities."""
        places, amounts = counted(text, LEVEL_BUCKETS)
        weighted = amounts * self.rarity[places]
        weighted /= np.linalg.norm(weighted) + 1e-9
        found: Array = self.level_weights[:, places] @ weighted + self.level_bias
        return found

    def _categories(self, text: str) -> tuple[Category, ...]:
        places, amounts = counted(text, CATEGORY_BUCKETS)
        amounts = amounts / (np.linalg.norm(amounts) + 1e-9)
        scores = self.category_weights[:, places] @ amounts + self.category_bias
        best = np.argsort(-scores)[:_NAMED]
        # The likeliest is always named; another only when more likely than not.
        return tuple(CATEGORIES[i] for place, i in enumerate(best) if place == 0 or scores[i] > 0)
