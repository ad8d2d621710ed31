"""The second layer of screening: how like a message is to examples, by letters and by meaning.

Two readers of our own look at it side by side, in this process. How much each of their opinions
counts, and the bars that a sum must reach, were learnt on `dev/`, messages that neither knows.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeguarding.classifier import LEVELS, MODEL, Classifier
from safeguarding.levels import Category, Level, highest
from safeguarding.meaning_reader import Meaning, MeaningReader, at_least

BARS = MODEL / "bars.json"
#: A single word is for the rules: a model hears too much in it.
_ENOUGH_WORDS = 2
#: A second or third category is named when it has at least this share.
_NAMED_FROM, _NAMED = 0.15, 3
#: Naming staff changes who may see it, and the card: a maybe is not enough.
_NAMED_FROM_FOR = {Category.ALLEGATION_ABOUT_STAFF: 0.4}
_TINY = 1e-6


@dataclass(frozen=True)
class Opinion:
    """What examples say of a message: categories most likely first, none for level none.

    `danger` is how sure they are that it is urgent. Below the bar for a level in `means_otherwise`
    a message is so unlike danger that words of that level are likely to be meant otherwise.
    """

    level: Level
    categories: tuple[Category, ...] = ()
    somebody_else: bool = False
    danger: float = 0.0
    means_otherwise: frozenset[Level] = frozenset()


@dataclass(frozen=True)
class Weights:
    """What turns opinions into one sum for a level, and the bar that the sum must reach."""

    counts: tuple[float, ...]
    always: float
    bar: float

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> "Weights":
        """Read them as the training wrote them."""
        return cls(tuple(held["counts"]), held["always"], held["bar"])

    def total(self, opinions: Sequence[float]) -> float:
        """Return the sum."""
        return self.always + sum(
            much * opinion for much, opinion in zip(self.counts, opinions, strict=True)
        )


@dataclass(frozen=True)
class Likeness:
    """Both readers and the bars for their sum. Safe to share between threads."""

    letters: Classifier
    meaning: MeaningReader
    weights: dict[Level, Weights]
    now: Weights
    otherwise_below: dict[Level, float]

    @classmethod
    def load(cls) -> "Likeness":
        """Load both; raise what they raise when a file is not the pinned one."""
        held = json.loads(BARS.read_text("utf-8"))
        weights = {level: Weights.of(held["levels"][level]) for level in LEVELS}
        below = {Level(level): float(bar) for level, bar in held["otherwise_below"].items()}
        now = Weights.of(held["now"])
        return cls(Classifier.load(), MeaningReader.load(), weights, now, below)

    def read(self, texts: Sequence[str]) -> list[Opinion]:
        """Return what examples say of each canonical text."""
        meanings = self.meaning.read(texts)
        return [
            self._opinion(opinions(self.letters, text, meaning), meaning)
            if len(text.split()) >= _ENOUGH_WORDS
            else Opinion(Level.NONE)
            for text, meaning in zip(texts, meanings, strict=True)
        ]

    def _opinion(self, found: Sequence[float], meaning: Meaning) -> Opinion:
        sums = {level: weights.total(found) for level, weights in self.weights.items()}
        level = highest(each for each, total in sums.items() if total >= self.weights[each].bar)
        if level is Level.IMMEDIATE and self.now.total(found) < self.now.bar:
            level = Level.SAME_DAY
        elif level is Level.SAME_DAY and self.now.total(found) >= self.now.bar:
            level = Level.IMMEDIATE
        danger = sums[Level.SAME_DAY]
        otherwise = frozenset(each for each, bar in self.otherwise_below.items() if danger < bar)
        if level is Level.NONE:
            return Opinion(level, danger=danger, means_otherwise=otherwise)
        named = [
            category
            for at, (category, share) in enumerate(meaning.categories[:_NAMED])
            if at == 0 or share >= _NAMED_FROM_FOR.get(category, _NAMED_FROM)
        ]
        return Opinion(level, tuple(named), meaning.somebody_else > 0.5, danger, otherwise)


def opinions(letters: Classifier, text: str, meaning: Meaning) -> list[float]:
    """Return what is known of a canonical text: log-odds by meaning, twice, and by letters.

    Each is given for every one of `LEVELS`, in that order.
    """
    by_meaning = [
        _log_odds(at_least(level, shares))
        for shares in (meaning.levels, meaning.afresh)
        for level in LEVELS
    ]
    return [*by_meaning, *map(float, letters.scores(text))]


def _log_odds(share: float) -> float:
    return math.log(share + _TINY) - math.log(1 - share + _TINY)
