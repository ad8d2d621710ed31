"""How like a message is to thousands of examples by its letters and words: scores, no judgement.

It knows wordings that no rule lists, and slips of spelling that the reader of meaning stumbles
over. NumPy is all it needs; the weights are a plain array file whose hash is pinned, so that
nothing else can be loaded in its place.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safeguarding.features import counted
from safeguarding.levels import Level

MODEL = Path(__file__).parent / "model"
WEIGHTS, PIN = "weights.npz", "pin.json"

#: The order of the level heads in the weights: at least a concern, at least same day, immediate.
LEVELS = (Level.CONCERN, Level.SAME_DAY, Level.IMMEDIATE)
#: How much letters, words and neither count in how alike two messages are.
LETTERS, WORDS, ALWAYS = 0.5, 0.5, 0.3

Array = NDArray[np.float32]


class ModelError(Exception):
    """The weights are missing, or are not the ones that were checked in. Do not start."""


@dataclass(frozen=True)
class Classifier:
    """Linear weights: one head for each level."""

    rarity: Array
    level_weights: Array
    level_bias: Array

    @classmethod
    def load(cls, folder: Path = MODEL) -> "Classifier":
        """Read the pinned weights; raise ModelError when they are missing or not the pinned ones."""
        held = pinned(folder)
        return cls(**{name: held[name] for name in cls.__annotations__})

    def scores(self, text: str) -> Array:
        """Return how much a canonical text is like examples of each of `LEVELS`, about -1 to 1."""
        places, amounts = weighted(text, self.rarity)
        found: Array = self.level_weights[:, places] @ amounts + self.level_bias
        return found


def pinned(folder: Path = MODEL) -> dict[str, Array]:
    """Return the pinned arrays; raise ModelError when they are missing or not the pinned ones."""
    try:
        raw = (folder / WEIGHTS).read_bytes()
        sha256 = json.loads((folder / PIN).read_text("utf-8"))["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"the classifier's weights cannot be read: {error}") from error
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ModelError("the classifier's weights are not the pinned ones")
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        return {name: arrays[name].astype(np.float32) for name in arrays.files}


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
