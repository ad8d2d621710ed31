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
_CATEGORIES = tuple(Category)
#: The encoders for danger: the second has read the contrast pairs and the questions about the local
#: offer as well. Another may be added; each costs about 3 ms a message and 70 to 85 MB.
MEMBERS = ("danger_a", "danger_b")

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
class Head:
    """One question put to a vector: weights, and the classes they are for."""

    weight: Array
    bias: Array
    classes: tuple[str, ...]

    def shares(self, vectors: Vectors, order: Sequence[str]) -> Array:
        """Return the share of each class in this order, a row for each vector."""
        scores = vectors @ self.weight + self.bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Array = raised / raised.sum(axis=1, keepdims=True)
        return shares[:, [self.classes.index(each) for each in order]]


@dataclass(frozen=True)
class Member:
    """One encoder with its heads for the level, the category, and whose danger it is."""

    encoder: Encode
    heads: dict[str, Head]

    @classmethod
    def load(cls, name: str) -> "Member":
        """Load a pinned encoder and its heads; raise EncoderError when they are not the pinned ones."""
        held = adapter(name)
        classes: dict[str, list[str]] = json.loads(str(held["classes"]))
        heads = {
            head: Head(
                held[f"head.{head}.weight"].astype(np.float32),
                held[f"head.{head}.bias"].astype(np.float32),
                tuple(kinds),
            )
            for head, kinds in classes.items()
        }
        return cls(Encoder(name), heads)


@dataclass(frozen=True)
class MeaningReader:
    """Two encoders that read different examples, and whose shares are averaged.

    On `dev/`, at the same share of false alarms, the two together raised .94 of immediate and .89
    of same-day danger, where the better one alone raised .91 and .88.
    """

    members: tuple[Member, ...]

    @classmethod
    def load(cls) -> "MeaningReader":
        """Load every member; raise EncoderError when a file is not the pinned one."""
        return cls(tuple(Member.load(name) for name in MEMBERS))

    def read(self, texts: Sequence[str]) -> list[Meaning]:
        """Return what each canonical text seems to mean."""
        vectors = [member.encoder.vectors(texts) for member in self.members]

        def shares(head: str, order: Sequence[str]) -> Array:
            found = [
                member.heads[head].shares(of, order)
                for member, of in zip(self.members, vectors, strict=True)
            ]
            mean: Array = np.mean(found, axis=0)
            return mean

        levels = shares("level", [str(level) for level in LEVELS])
        abouts = shares("category", [str(category) for category in Category])
        whose = shares("whose", ["other"])
        return [
            Meaning(
                (float(of[0]), float(of[1]), float(of[2]), float(of[3])),
                tuple(
                    (_CATEGORIES[at], float(about[at])) for at in np.argsort(-about, kind="stable")
                ),
                float(other[0]),
            )
            for of, about, other in zip(levels, abouts, whose, strict=True)
        ]
