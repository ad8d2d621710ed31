"""Single characters: what cannot be seen, what only looks Latin, and what an emoji says."""

import functools
import re
import unicodedata
from pathlib import Path

import yaml

_SIGNS = Path(__file__).parent / "signs"

#: Letters that render as nothing or as a space; people hide words with them.
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")
_UNSEEN_CATEGORIES = frozenset({"Cf", "Cs", "Co", "Cn"})
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4\u0060\uff07", "'"))
_BOXED = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)


def visible(text: str) -> str:
    """Return the text without characters that nobody can see, such as zero-width spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_seen(letter) for letter in text.translate(_BLANK))


def _seen(letter: str) -> str:
    if letter.isspace():
        return " "
    category = unicodedata.category(letter)
    if category in _UNSEEN_CATEGORIES or 0xFE00 <= ord(letter) <= 0xFE0F:
        return ""
    return "" if category == "Cc" else letter


def unaccented(text: str) -> str:
    """Return the text with full-width, styled and boxed letters plain, and marks removed."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", "".join(_unboxed(letter) for letter in text))
    return "".join(letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Me"})


def _unboxed(letter: str) -> str:
    code = ord(letter)
    if code < _BOXED[0] or chr(code) in _emoji():
        return letter
    start = next((start for start in _BOXED if start <= code < start + 26), None)
    return letter if start is None else chr(ord("a") + code - start)


def skeleton(text: str) -> str:
    """Return the text with look-alike letters made Latin, in words that look Latin."""
    if text.isascii():
        return text
    latin_message = any("a" <= letter <= "z" for letter in text)
    return re.sub(r"[^\W\d_][\w'’]*", lambda match: _latin(match[0], latin_message), text)


def _latin(word: str, latin_message: bool) -> str:  # noqa: FBT001 (private, and read in one place)
    letters = _lookalikes()
    mapped = "".join(letters.get(letter, letter) for letter in word)
    mixed = any("a" <= letter <= "z" for letter in word)
    # A whole word of look-alikes counts only inside a message that is otherwise Latin;
    # a message in Ukrainian must stay Ukrainian.
    return mapped if mixed or (latin_message and mapped.isascii()) else word


def plain_apostrophes(text: str) -> str:
    """Return the text with every kind of apostrophe straight."""
    return text.translate(_APOSTROPHES)


def named_emoji(text: str) -> str:
    """Return the text with the emoji that say something about danger or joking as names."""
    if text.isascii():
        return text
    names = _emoji()
    return "".join(f" {names[letter]} " if letter in names else letter for letter in text)


@functools.cache
def _emoji() -> dict[str, str]:
    names: dict[str, str] = yaml.safe_load((_SIGNS / "emoji.yml").read_text("utf-8"))["names"]
    return {emoji[0]: name for emoji, name in names.items()}


@functools.cache
def _lookalikes() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load((_SIGNS / "lookalikes.yml").read_text("utf-8"))[
        "letters"
    ]
    return found
