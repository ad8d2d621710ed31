"""Short messages that only make sense after an answer: which kind they are. Text in, a kind out."""

import functools
import re
from enum import StrEnum
from pathlib import Path

import yaml

FILE = Path(__file__).with_suffix(".yml")
#: Longer messages say what they are about.
MOST_WORDS = 10


class FollowUp(StrEnum):
    """What somebody wants to know further."""

    APPLY = "apply"
    REFUSED = "refused"
    NEXT = "next"
    SURE = "sure"
    FIRST = "first"
    BEFORE = "before"


def kind(text: str) -> FollowUp | None:
    """Return what a short message asks further, or None when it stands on its own."""
    words = re.sub(r"['\u2019]", "", text.casefold())
    words = " ".join(re.findall(r"[a-z0-9]+", words))
    if not words or len(words.split()) > MOST_WORDS:
        return None
    opening, kinds = _patterns()
    shorter = opening.sub("", words)
    found = (one for one, pattern in kinds.items() if pattern.fullmatch(words))
    return next(found, None) or (kind(shorter) if shorter != words else None)


@functools.cache
def _patterns() -> tuple[re.Pattern[str], dict[FollowUp, re.Pattern[str]]]:
    held = yaml.safe_load(FILE.read_text("utf-8"))
    kinds = {
        FollowUp(name): re.compile("|".join(f"(?:{line})" for line in lines.splitlines()))
        for name, lines in held["kinds"].items()
    }
    return re.compile(rf"^{held['opening']}\s+"), kinds
