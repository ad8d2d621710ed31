"""Whether a message asks for somebody else, and how old they are. Text in, an answer out; patterns are data."""

import functools
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

FILE = Path(__file__).with_suffix(".yml")
_YOUNGEST, _OLDEST = 11, 30
_APOSTROPHES = re.compile(r"['\u2019\u2018]")


class Asker(StrEnum):
    """Who asks for somebody else."""

    STAFF = "staff"
    CARER = "carer"
    FRIEND = "friend"


@dataclass(frozen=True)
class SomebodyElse:
    """A person who is asked for: by whom, and their age today when it was said."""

    asker: Asker
    age: int | None = None


@dataclass(frozen=True)
class _Patterns:
    kinds: dict[Asker, list[re.Pattern[str]]]
    never: list[re.Pattern[str]]
    ages: list[re.Pattern[str]]
    turns: list[re.Pattern[str]]


def asked_for(text: str) -> SomebodyElse | None:
    """Return whom a message asks for; None when it is the writer, as nearly always."""
    words = " ".join(_APOSTROPHES.sub("", text.casefold()).split())
    patterns = _patterns()
    asker = next((kind for kind, held in patterns.kinds.items() if _any(held, words)), None)
    if asker is None or (asker is Asker.FRIEND and _any(patterns.never, words)):
        return None
    return SomebodyElse(asker, _age(words))


def _any(patterns: list[re.Pattern[str]], words: str) -> bool:
    return any(pattern.search(words) for pattern in patterns)


def _age(words: str) -> int | None:
    patterns = _patterns()
    for held, before in ((patterns.turns, 1), (patterns.ages, 0)):
        for pattern in held:
            if (found := pattern.search(words)) and _YOUNGEST <= int(found["age"]) <= _OLDEST:
                return int(found["age"]) - before
    return None


@functools.cache
def _patterns() -> _Patterns:
    held = yaml.safe_load(FILE.read_text("utf-8"))

    def compiled(lines: str) -> list[re.Pattern[str]]:
        return [re.compile(_filled(line, held["words"])) for line in lines.splitlines()]

    return _Patterns(
        {Asker(kind): compiled(lines) for kind, lines in held["kinds"].items()},
        compiled(held["never"]),
        compiled(held["ages"]),
        compiled(held["turns"]),
    )


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, group in words.items():
        pattern = pattern.replace(f"{{{name}}}", group)
    return pattern
