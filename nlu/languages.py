"""Which language a message is in, by its letters and everyday words. Text in, a name out; English is no name."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).with_suffix(".yml")
#: What is said of a message in a script we know, when nothing tells its languages apart.
UNKNOWN = "unknown"
_SCRIPTS = {
    "arabic": re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
    "cyrillic": re.compile(r"[\u0400-\u052f]"),
    "ethiopic": re.compile(r"[\u1200-\u139f]"),
}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
#: In our own letters so many everyday words must say so, and more of them than English ones.
_ENOUGH, _SHARE = 2, 0.25


@dataclass(frozen=True)
class Language:
    """What tells a language apart."""

    name: str
    script: str
    letters: frozenset[str]
    words: frozenset[str]

    def score(self, words: list[str]) -> float:
        """Return how many of the words speak for this language."""
        return sum(word in self.words or bool(self.letters.intersection(word)) for word in words)


@functools.cache
def known() -> tuple[tuple[Language, ...], frozenset[str]]:
    """Return the languages of `languages.yml`, and the English words that never speak for one."""
    held = yaml.safe_load(FILE.read_text("utf-8"))
    english = frozenset(held["english"].split())
    return tuple(
        Language(
            name,
            about.get("script", "latin"),
            frozenset(about.get("letters", "")),
            frozenset(about["words"].split()) - english,
        )
        for name, about in held["languages"].items()
    ), english


def name(text: str) -> str | None:
    """Return the language of a message; None for English, and for too little to tell."""
    words = [word.casefold() for word in _WORD.findall(text.replace("\u2019", "'"))]
    script = _script(text)
    if script != "latin":
        return _best(words, script)[0]
    found, score = _best(words, script)
    english = sum(word in known()[1] for word in words)
    sure = score >= _ENOUGH and score > english and score >= _SHARE * len(words)
    return found if sure else None


def _script(text: str) -> str:
    """Return the script that most letters are in."""
    letters = sum(letter.isalpha() for letter in text)
    counts = {each: len(pattern.findall(text)) for each, pattern in _SCRIPTS.items()}
    most = max(counts, key=counts.__getitem__)
    return most if counts[most] * 2 > letters else "latin"


def _best(words: list[str], script: str) -> tuple[str, float]:
    scores = {
        # A language in another script may be typed in ours; in its own script only its own count.
        each.name: each.score(words)
        for each in known()[0]
        if script in {each.script, "latin"}
    }
    best = max(scores, key=scores.__getitem__)
    return (best, scores[best]) if scores[best] else (UNKNOWN, 0)
