"""The words around danger, as somebody signed them off: nobody changes them unseen (safety.md HZ-09)."""

import hashlib
from collections.abc import Iterator
from datetime import date

import yaml

from content import library as libraries
from content.ids import FOLDER, read_yaml
from content.library import Library

PINS = FOLDER / "safety" / "pins.yml"


def digest(text: str) -> str:
    """Return what stands for a text's exact words."""
    return hashlib.sha256(text.encode()).hexdigest()


def pinned_words(library: Library) -> dict[str, str]:
    """Return every reply around danger, by id: words that nobody may change unseen."""
    around = {
        name: text
        for name, text in library.replies.items()
        if name.split(".")[0] in {"safety", "static", "unreadable", "seen"}
    }
    return {**around, **{reply.id: reply.text for reply in library.safety.values()}}


def faults(library: Library) -> Iterator[str]:
    """Yield every danger reply whose words are not the ones signed off (safety.md HZ-09)."""
    pinned = read_yaml(PINS)["pins"] if PINS.exists() else {}
    words = pinned_words(library)
    yield from (
        f"{name}: its words are not signed off; see `kith content pin`"
        for name, text in words.items()
        if pinned.get(name) != digest(text)
    )
    yield from (f"{name}: pinned, but gone" for name in pinned if name not in words)


def pin(by: str, today: date) -> int:
    """Write down the words as signed off by somebody, and return how many replies that is."""
    words = pinned_words(libraries.load())
    signed = {
        "signed_off_by": by,
        "signed_off_on": today,
        "pins": {name: digest(words[name]) for name in sorted(words)},
    }
    PINS.write_text(
        "# The words signed off around danger. Changed only by `kith content pin`.\n"
        + yaml.safe_dump(signed, sort_keys=False, width=120),
        "utf-8",
    )
    return len(words)
