"""Words: shorthand written out, words run together, and near-misses of a few that matter."""

import functools
import re
from pathlib import Path

import yaml

_SIGNS = Path(__file__).parent / "signs"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

#: After these, "2" is "to" and "4" is "for"; before these, they are numbers.
_COUNTED = frozenset(
    [
        "days",
        "day",
        "weeks",
        "week",
        "months",
        "month",
        "years",
        "year",
        "hours",
        "hour",
        "minutes",
        "nights",
        "night",
        "kids",
        "kid",
        "children",
        "times",
        "people",
        "pills",
        "tablets",
        "paracetamol",
        "boxes",
        "packs",
        "bottles",
        "of",
        "more",
        "bed",
        "beds",
        "and",
        "x",
        "am",
        "pm",
        "or",
        "pounds",
        "miles",
        "friends",
        "mates",
        "men",
        "man",
        "girls",
        "boys",
        "babies",
        "jobs",
        "shifts",
        "exams",
        "bags",
        "litres",
        "weeks",
        "older",
        "other",
        "others",
        "long",
        "lads",
        "guys",
        "different",
        "months",
    ]
)
_NUMBER_WORDS = {"2": "to", "4": "for"}


@functools.cache
def _shorthand() -> tuple[dict[str, str], re.Pattern[str] | None, dict[str, str]]:
    loaded = yaml.safe_load((_SIGNS / "shorthand.yml").read_text("utf-8"))
    phrases: dict[str, str] = loaded["phrases"]
    longest_first = sorted(phrases, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")
    return loaded["words"], pattern, phrases


@functools.cache
def _spellings() -> tuple[frozenset[str], frozenset[str]]:
    """Return (all known English words, the few that near-misses are read as)."""
    loaded = yaml.safe_load((_SIGNS / "spellings.yml").read_text("utf-8"))
    listed = _SIGNS / "english.txt"
    known = set(listed.read_text("utf-8").split()) if listed.exists() else set()
    known |= set(loaded["valued"]) | set(loaded["short"]) | set(loaded["not_near_misses"])
    known |= {word for text in _shorthand()[0].values() for word in text.split()}
    return frozenset(known), frozenset(loaded["valued"])


def is_known(word: str) -> bool:
    """Return whether a word is English as young people write it, shorthand included."""
    return word in _spellings()[0] or word in _shorthand()[0]


def written_out(words: list[str]) -> str:
    """Return the words as one text with shorthand in full and apostrophes gone."""
    shorthand, pattern, phrases = _shorthand()
    out = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in _NUMBER_WORDS:
            counted = not following or following in _COUNTED or following.isdigit() or not place
            out.append(word if counted else _NUMBER_WORDS[word])
        else:
            out.append(
                shorthand.get(word) or re.sub("[’'/_]" if word[:5] != "emoji" else "'", "", word)
            )
    text = " ".join(filter(None, out))
    return pattern.sub(lambda match: phrases[match[0]], text) if pattern else text


def corrected(word: str) -> str:
    """Return the valued word that this is one slip away from, or its parts if words are run together."""
    if len(word) < 5 or word.startswith("emoji") or is_known(word):
        return word
    return _near_misses().get(word) or _unglued(word) or word


def uncensored(word: str) -> str:
    """Return the valued word hidden by stars, as in k*ll, or the word as it is."""
    pattern = re.compile(re.sub(r"[^a-z]", "[a-z]?", word))
    candidates = (each for each in sorted(_spellings()[1]) if len(each) <= len(word) + 1)
    return next((each for each in candidates if pattern.fullmatch(each)), word)


@functools.cache
def _near_misses() -> dict[str, str]:
    known, valued = _spellings()
    found: dict[str, str] = {}
    for word in sorted(valued):
        if len(word) >= 5:
            for slip in _slips(word) - known:
                found.setdefault(slip, word)
    return found


def _slips(word: str) -> set[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    dropped = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
    added = {a + letter + b for a, b in cuts for letter in _LETTERS}
    return dropped | swapped | changed | added


def _unglued(word: str) -> str | None:
    """Return the fewest short words that make up a longer one, with a valued word among them."""
    if not 6 <= len(word) <= 40:
        return None
    valued, parts = _glue_parts()
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 12), end):
            before, piece = best[start], word[start:end]
            if before is not None and piece in parts:
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = [*before, piece]
    pieces = best[-1]
    return " ".join(pieces) if pieces and valued.intersection(pieces) else None


@functools.cache
def _glue_parts() -> tuple[frozenset[str], frozenset[str]]:
    loaded = yaml.safe_load((_SIGNS / "spellings.yml").read_text("utf-8"))
    return frozenset(loaded["valued"]), frozenset(loaded["valued"] + loaded["short"])
