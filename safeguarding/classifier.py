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

from safeguarding.features import counted
from safeguarding.levels import Category, Level, highest

MODEL = Path(__file__).parent / "model"
WEIGHTS, PIN = "weights.npz", "pin.json"

#: The order of the level heads in the weights: at least a concern, at least same day, immediate.
LEVELS = (Level.CONCERN, Level.SAME_DAY, Level.IMMEDIATE)
CATEGORIES = tuple(category for category in Category if category is not Category.HELP_WORD)
#: A single word is for the rules: letters alone say too little about it.
_ENOUGH_WORDS = 2
#: How many categories are named at most: more would say nothing.
_NAMED = 2
#: How much letters, words and neither count in how alike two messages are.
LETTERS, WORDS, ALWAYS = 0.5, 0.5, 0.3

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
        if len(text.split()) < _ENOUGH_WORDS:
            return Opinion(Level.NONE, ())
        places, amounts = weighted(text, self.rarity)
        scores = self.level_weights[:, places] @ amounts + self.level_bias
        reached = [
            level
            for level, score, threshold in zip(LEVELS, scores, self.thresholds, strict=True)
            if score >= threshold
        ]
        if not reached:
            return Opinion(Level.NONE, ())
        abouts = self.category_weights[:, places] @ amounts + self.category_bias
        best = np.argsort(-abouts)[:_NAMED]
        # The likeliest is always named; another only when more likely than not.
        named = tuple(CATEGORIES[i] for at, i in enumerate(best) if at == 0 or abouts[i] > 0)
        return Opinion(highest(reached), named)


def weighted(text: str, rarity: Array) -> tuple[NDArray[np.int64], Array]:
    """Return the buckets of a canonical text and their weight; letters and words to length one each."""
    (letters, much), (words, often) = counted(text)
    return np.concatenate([letters, words]), np.concatenate(
        [
            _unit(much * rarity[letters]) * np.float32(LETTERS**0.5),
            _unit(often * rarity[words]) * np.float32(WORDS**0.5),
        ]
    )


def _unit(amounts: Array) -> Array:
    return amounts / np.float32(np.linalg.norm(amounts) + 1e-9)
