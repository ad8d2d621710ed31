"""What a message means, read by a sentence encoder of our own: shares, no judgement.

Rules and letters know words; this knows that "got the lot lined up on my bed" is danger without one
dangerous word. In process: it works with Rasa down.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from meaning.encoder import Encoder, Vectors, adapter
from safeguarding.levels import Category, Level

#: The order in which shares of the levels are given.
LEVELS = (Level.NONE, Level.CONCERN, Level.SAME_DAY, Level.IMMEDIATE)

Array = NDArray[np.float32]


class Encode(Protocol):
    """Turns texts into vectors, a row for each."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""


@dataclass(frozen=True)
class Meaning:
    """What a message seems to mean: shares of one that it is of each level, and of each category."""

    levels: tuple[float, float, float, float]
    categories: tuple[tuple[Category, float], ...]
    somebody_else: float

    def at_least(self, level: Level) -> float:
        """Return the share that it is of that level or a more urgent one."""
        return sum(self.levels[LEVELS.index(level) :])


@dataclass(frozen=True)
class MeaningReader:
    """An encoder with a head for the level, the category, and whose danger it is."""

    encoder: Encode
    heads: dict[str, tuple[Array, Array, tuple[str, ...]]]

    @classmethod
    def load(cls) -> "MeaningReader":
        """Load the pinned encoder and heads; raise EncoderError when they are not the pinned ones."""
        held = adapter("danger")
        classes: dict[str, list[str]] = json.loads(str(held["classes"]))
        heads = {
            name: (
                held[f"head.{name}.weight"].astype(np.float32),
                held[f"head.{name}.bias"].astype(np.float32),
                tuple(kinds),
            )
            for name, kinds in classes.items()
        }
        return cls(Encoder("danger"), heads)

    def read(self, texts: Sequence[str]) -> list[Meaning]:
        """Return what each canonical text seems to mean."""
        vectors = self.encoder.vectors(texts)
        levels = self._shares(vectors, "level", [str(level) for level in LEVELS])
        named = [
            str(category) for category in Category if str(category) in self.heads["category"][2]
        ]
        abouts = self._shares(vectors, "category", named)
        whose = self._shares(vectors, "whose", ["other"])
        return [
            Meaning(
                (float(of[0]), float(of[1]), float(of[2]), float(of[3])),
                tuple(
                    (Category(named[at]), float(about[at]))
                    for at in np.argsort(-about, kind="stable")
                ),
                float(other[0]),
            )
            for of, about, other in zip(levels, abouts, whose, strict=True)
        ]

    def _shares(self, vectors: Vectors, head: str, order: Sequence[str]) -> Array:
        weight, bias, kinds = self.heads[head]
        scores = vectors @ weight + bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Array = raised / raised.sum(axis=1, keepdims=True)
        return shares[:, [kinds.index(kind) for kind in order]]
