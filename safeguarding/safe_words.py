"""Safe words: HELP and SOS, asking for 999, nothing but warning emoji; and how people begin to ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeguarding.judgement import Layer, Sign
from safeguarding.levels import Category, Level
from safeguarding.normalise import View
from safeguarding.patterns import PatternSet, padded
from safeguarding.rules import SIGNS, lines, load_signs


@dataclass(frozen=True)
class SafeWords:
    """The safe words, compiled once."""

    help: PatternSet
    emergency: PatternSet
    emergency_unless: PatternSet
    emoji_alone: frozenset[str]
    openers: PatternSet

    @classmethod
    def load(cls, words: Mapping[str, str]) -> "SafeWords":
        """Read the safe words from signs/."""
        loaded = load_signs(SIGNS / "help_words.yml")
        return cls(
            help=PatternSet(lines(loaded["help"]), words),
            emergency=PatternSet(lines(loaded["emergency"]), words),
            emergency_unless=PatternSet(lines(loaded["emergency_unless"]), words),
            emoji_alone=frozenset(load_signs(SIGNS / "emoji.yml")["alone"]),
            openers=PatternSet(lines(loaded["openers"]), words),
        )

    def only_opens(self, text: str) -> bool:
        """Whether a canonical text is no more than how people begin to ask for something."""
        return bool(self.openers.matching(padded(text)))

    def signs(self, readings: Sequence[View]) -> list[Sign]:
        """Return the safe words in any reading of a message, each once."""
        found: dict[str, Sign] = {}
        for view in readings:
            if view.canonical:
                for rule, level in self._found(view.text):
                    found.setdefault(rule, Sign(Category.HELP_WORD, level, rule, Layer.HELP_WORD))
        return list(found.values())

    def _found(self, text: str) -> list[tuple[str, Level]]:
        words, found = padded(text), []
        if self.help.matching(words):
            found.append(("help_word.help", Level.SAME_DAY))
        if self.emergency.matching(words) and not self.emergency_unless.matching(words):
            found.append(("help_word.emergency", Level.IMMEDIATE))
        if text and self.emoji_alone.issuperset(text.split()):
            found.append(("help_word.emoji_alone", Level.SAME_DAY))
        return found
