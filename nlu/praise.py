"""Whether words praise somebody and do nothing else. Text in, yes or no out."""

import functools
import re
from pathlib import Path

import yaml

FILE = Path(__file__).with_suffix(".yml")


def only_praises(text: str) -> bool:
    """Whether a message praises or thanks, asks nothing, and holds nothing that takes it back."""
    words = re.sub(r"['\u2019]", "", text.casefold())
    words = " ".join(re.findall(r"[a-z0-9]+", words))
    praises, against = _patterns()
    return "?" not in text and bool(praises.search(words)) and not against.search(words)


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    held = yaml.safe_load(FILE.read_text("utf-8"))

    def whole(lines: str) -> re.Pattern[str]:
        return re.compile("|".join(rf"\b(?:{line})\b" for line in lines.splitlines()))

    return whole(held["praises"]), whole(held["against"])
