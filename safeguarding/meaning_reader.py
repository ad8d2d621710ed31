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
from safeguarding.classifier import pinned
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
    """What a message seems to mean: shares of one that it is of each level, and of each category.

    `afresh` are the shares of the levels once more, by the head that knows only examples which no
    encoder was tuned on.
    """

    levels: tuple[float, ...]
    afresh: tuple[float, ...]
    categories: tuple[tuple[Category, float], ...]
    somebody_else: float


def at_least(level: Level, shares: Sequence[float]) -> float:
    """Return the share of that level and the more urgent ones."""
    return sum(shares[LEVELS.index(level) :])


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
    fresh: Head

    @classmethod
    def load(cls) -> "MeaningReader":
        """Load every member; raise EncoderError or ModelError when a file is not the pinned one."""
        held = pinned()
        order = tuple(str(level) for level in LEVELS)
        fresh = Head(held["fresh_weight"], held["fresh_bias"], order)
        return cls(tuple(Member.load(name) for name in MEMBERS), fresh)

    def vectors(self, texts: Sequence[str]) -> list[Vectors]:
        """Return each member's vectors of the texts."""
        return [member.encoder.vectors(texts) for member in self.members]

    def read(self, texts: Sequence[str]) -> list[Meaning]:
        """Return what each canonical text seems to mean."""
        vectors = self.vectors(texts)

        def shares(head: str, order: Sequence[str]) -> Array:
            found = [
                member.heads[head].shares(of, order)
                for member, of in zip(self.members, vectors, strict=True)
            ]
            mean: Array = np.mean(found, axis=0)
            return mean

        order = [str(level) for level in LEVELS]
        levels = shares("level", order)
        afresh = self.fresh.shares(np.concatenate(vectors, axis=1), order)
        abouts = shares("category", [str(category) for category in Category])
        whose = shares("whose", ["other"])
        return [
            Meaning(
                tuple(map(float, of)),
                tuple(map(float, new)),
                tuple(
                    (_CATEGORIES[at], float(about[at])) for at in np.argsort(-about, kind="stable")
                ),
                float(other[0]),
            )
            for of, new, about, other in zip(levels, afresh, abouts, whose, strict=True)
        ]
