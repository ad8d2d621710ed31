"""Says what a statement is about and how it sounds, with how sure it is, and why.

A straight line through numbers anybody can look at: what the words mean (the published sentence
encoder) and the words themselves, each with a weight for each theme. No network, no database. The
weights are a plain array file whose hash is pinned; `feedback.themes.training` makes them.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from feedback.themes.features import WORD, Array, Vocabulary
from meaning.encoder import PLAIN, Encoder, Vectors

MODEL = Path(__file__).parent / "model"
WEIGHTS, PIN = "weights.npz", "pin.json"
#: The labels that are no themes: how a statement sounds.
GOOD, PROBLEM = "good", "problem"
#: How many of the words that counted most are given as the reason.
MOST_REASONS = 3
TAKEN = 0.5


class ReaderError(Exception):
    """The reader's weights are not the ones we trust. Trying again will not help."""


class Encode(Protocol):
    """Turns texts into vectors, a row for each."""

    def vectors(self, texts: list[str]) -> Vectors:
        """Return a row for each text."""


@dataclass(frozen=True)
class Found:
    """A theme, how sure the reader is (half and more is taken), and the words that counted most."""

    theme: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What a statement is about, surest first, how it sounds, and the most alike example."""

    themes: tuple[Found, ...]
    tone: str
    nearest: str
    likeness: float

    @property
    def taken(self) -> tuple[Found, ...]:
        """The themes it is taken to be about."""
        return tuple(one for one in self.themes if one.confidence >= TAKEN)


@dataclass(frozen=True)
class Weights:
    """What training learnt: a weight of each number for each label, and where each label begins."""

    labels: tuple[str, ...]
    meaning: Array
    words: Array
    start: Array
    bars: Array
    slope: float

    def shares(self, scores: Array) -> Array:
        """Return how sure a score is: a half where its label begins."""
        shares: Array = 1 / (1 + np.exp(-self.slope * (scores - self.bars)))
        return shares


@dataclass(frozen=True)
class Known:
    """The examples it was taught with, to show the most alike one."""

    texts: tuple[str, ...]
    vectors: NDArray[np.float16]


class Reader:
    """Reads what statements are about. Safe to share between threads."""

    def __init__(
        self, encoder: Encode, vocabulary: Vocabulary, weights: Weights, known: Known
    ) -> None:
        """Remember the parts."""
        self._encoder, self._vocabulary, self.weights, self._known = (
            encoder,
            vocabulary,
            weights,
            known,
        )

    @classmethod
    def load(cls, folder: Path = MODEL, encoder: Encode | None = None) -> "Reader":
        """Load the pinned weights; raise ReaderError when they are missing or not the pinned ones."""
        try:
            raw = (folder / WEIGHTS).read_bytes()
            pinned = json.loads((folder / PIN).read_text("utf-8"))["sha256"]
        except (OSError, KeyError, ValueError) as error:
            raise ReaderError(f"the reader of themes cannot be loaded: {error}") from error
        if hashlib.sha256(raw).hexdigest() != pinned:
            raise ReaderError("the weights of the reader of themes are not the pinned ones")
        with np.load(io.BytesIO(raw), allow_pickle=False) as held:
            told = json.loads(bytes(held["told"]).decode("utf-8"))
            weights = Weights(
                tuple(told["labels"]),
                held["meaning"].astype(np.float32),
                held["words"].astype(np.float32),
                held["start"].astype(np.float32),
                held["bars"].astype(np.float32),
                float(told["slope"]),
            )
            places = {piece: at for at, piece in enumerate(told["pieces"])}
            vocabulary = Vocabulary(places, held["rarity"].astype(np.float32))
            known = Known(tuple(told["texts"]), held["vectors"])
        return cls(encoder or Encoder(PLAIN), vocabulary, weights, known)

    def scores(self, texts: list[str]) -> Array:
        """Return the score of each label, a row for each text."""
        vectors = self._encoder.vectors(texts)
        return np.vstack(
            [self._score(vector, text) for vector, text in zip(vectors, texts, strict=True)]
        )

    def _score(self, vector: Array, text: str) -> Array:
        places, counts = self._vocabulary.counted(text)
        score: Array = (
            vector @ self.weights.meaning + counts @ self.weights.words[places] + self.weights.start
        )
        return score

    def read(self, text: str) -> Reading:
        """Return what a text is about, how it sounds, and why."""
        scores = self.scores([text])[0]
        sure = dict(zip(self.weights.labels, self.weights.shares(scores), strict=True))
        themes = [
            one for one in sorted(sure, key=lambda one: -sure[one]) if one not in (GOOD, PROBLEM)
        ]
        vector = self._encoder.vectors([text])[0]
        alike = self._known.vectors.astype(np.float32) @ vector
        nearest = int(alike.argmax())
        return Reading(
            tuple(Found(one, float(sure[one]), self._reasons(text, one)) for one in themes),
            tone_of(float(sure[GOOD]), float(sure[PROBLEM])),
            self._known.texts[nearest],
            float(alike[nearest]),
        )

    def _reasons(self, text: str, label: str) -> tuple[str, ...]:
        """Return the words of the text that speak most for a label."""
        column = self.weights.labels.index(label)
        places, counts = self._vocabulary.counted(text)
        pieces = list(self._vocabulary.places)
        counted = sorted(
            (
                (float(count * self.weights.words[place, column]), pieces[place])
                for place, count in zip(places, counts, strict=True)
                if pieces[place].startswith(WORD)
            ),
            reverse=True,
        )
        return tuple(piece[1:] for worth, piece in counted[:MOST_REASONS] if worth > 0)


def tone_of(good: float, problem: float) -> str:
    """Return how a statement sounds, by how sure it is of good news and of a problem."""
    if good >= TAKEN and problem >= TAKEN:
        return "both"
    if problem >= TAKEN:
        return PROBLEM
    return GOOD if good >= TAKEN else "neither"
