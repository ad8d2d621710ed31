"""The second layer of screening: how like a message is to examples, by letters and by meaning.

Two readers of our own look at it side by side, in this process, and their scores are added. The
bars that a sum must reach were chosen on `dev/`, messages that neither was trained on.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from safeguarding.classifier import LEVELS, MODEL, Classifier
from safeguarding.levels import Category, Level, highest
from safeguarding.meaning_reader import Meaning, MeaningReader

BARS = MODEL / "bars.json"
#: How much the letters count beside the meaning. Flat between 1 and 4 on `dev/`.
LETTERS_COUNT = 2.0
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

    `harmless` says that the message is far from every example of danger: then words that look
    dangerous are likely to be meant otherwise.
    """

    level: Level
    categories: tuple[Category, ...] = ()
    somebody_else: bool = False
    harmless: bool = False


@dataclass(frozen=True)
class Likeness:
    """Both readers and the bars for their sum. Safe to share between threads."""

    letters: Classifier
    meaning: MeaningReader
    bars: dict[Level, float]
    harmless_below: float

    @classmethod
    def load(cls) -> "Likeness":
        """Load both; raise what they raise when a file is not the pinned one."""
        held = json.loads(BARS.read_text("utf-8"))
        bars = {level: float(held[level]) for level in LEVELS}
        return cls(Classifier.load(), MeaningReader.load(), bars, float(held["harmless_below"]))

    def read(self, texts: Sequence[str]) -> list[Opinion]:
        """Return what examples say of each canonical text."""
        meanings = self.meaning.read(texts)
        return [
            self._opinion(self.sums(text, meaning), meaning)
            if len(text.split()) >= _ENOUGH_WORDS
            else Opinion(Level.NONE)
            for text, meaning in zip(texts, meanings, strict=True)
        ]

    def sums(self, text: str, meaning: Meaning) -> dict[Level, float]:
        """Return the summed score of each level: log-odds by meaning, and the letters."""
        scores = self.letters.scores(text)
        return {
            level: _log_odds(meaning.at_least(level)) + LETTERS_COUNT * float(score)
            for level, score in zip(LEVELS, scores, strict=True)
        }

    def _opinion(self, sums: dict[Level, float], meaning: Meaning) -> Opinion:
        level = highest(each for each, total in sums.items() if total >= self.bars[each])
        harmless = sums[Level.SAME_DAY] < self.harmless_below
        if level is Level.NONE:
            return Opinion(level, harmless=harmless)
        named = [
            category
            for at, (category, share) in enumerate(meaning.categories[:_NAMED])
            if at == 0 or share >= _NAMED_FROM_FOR.get(category, _NAMED_FROM)
        ]
        return Opinion(level, tuple(named), meaning.somebody_else > 0.5, harmless)


def _log_odds(share: float) -> float:
    return math.log(share + _TINY) - math.log(1 - share + _TINY)
