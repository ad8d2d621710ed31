"""What somebody may look up by saying so in their own words: which it is. Text in, a kind out."""

import functools
import re
from enum import StrEnum
from pathlib import Path

import yaml

FILE = Path(__file__).with_suffix(".yml")
#: Longer messages say something else as well.
MOST_WORDS = 16
PIECE = re.compile(r"\{(\w+)\}")


class LookUp(StrEnum):
    """What there is to look up, and a question to the council, which begins in the same way."""

    WE_DID = "wedid"
    MINE = "mine"
    ASK_COUNCIL = "ask_council"
    ASKED = "asked"


def kind(text: str) -> LookUp | None:
    """Return what a message asks to see, or None when it is anything else."""
    words = re.sub(r"['\u2019]", "", text.casefold())
    words = " ".join(re.findall(r"[a-z0-9]+", words))
    if not words or len(words.split()) > MOST_WORDS:
        return None
    opening, kinds = _patterns()
    found = (one for one, pattern in kinds.items() if pattern.fullmatch(words))
    shorter = opening.sub("", words)
    return next(found, None) or (kind(shorter) if shorter != words else None)


@functools.cache
def _patterns() -> tuple[re.Pattern[str], dict[LookUp, re.Pattern[str]]]:
    held = yaml.safe_load(FILE.read_text("utf-8"))

    def filled(pattern: str) -> str:
        whole = PIECE.sub(lambda one: held["pieces"][one[1]], pattern)
        return filled(whole) if PIECE.search(whole) else whole

    kinds = {
        LookUp(name): re.compile("|".join(f"(?:{filled(line)})" for line in lines.splitlines()))
        for name, lines in held["kinds"].items()
    }
    return re.compile(rf"^{held['opening']}\s+"), kinds
