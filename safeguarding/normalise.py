"""Every way a message might be meant to be read: one text in, several plain views of it out.

The views are numbered V1 to V12 in the safety requirements. Nothing is thrown away: the message
as it was typed is always among the views, and a sign in any of them counts.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from safeguarding import characters, spelling

#: Telegram's own limit. Anything longer did not come from Telegram; the rest is not read.
LONGEST = 4096

_RUN = re.compile(r"(.)\1{2,}")
_SPACED = re.compile(r"(?<![a-z0-9'])[a-z](?:[ .,_*+|/\\-]{1,3}[a-z]){2,}(?![a-z0-9'])")
_LEET_TOKEN = re.compile(r"[a-z0-9@$!|+€£]*[a-z][a-z0-9@$!|+€£]*")
_LEET = str.maketrans("013457869@$!|+€", "oieastbggasiite")
_LEET_L = str.maketrans("013457869@$!|+€", "oleastbggaslite")
_WORD = re.compile(r"[a-z0-9_]+(?:[’'/][a-z0-9]+)*/?|[£]")
#: "SAd" is not "sad": the capitals say so, and they are gone after case-folding.
_CAPITALS = re.compile(r"\bSA'?e?d\b")
_REVERSING = "\u202e"


@dataclass(frozen=True)
class View:
    """One reading of a message. Canonical views are plain words, the form that signs are written in."""

    name: str
    text: str
    canonical: bool = False


def views(text: str) -> tuple[View, ...]:
    """Return the distinct readings of a message, the original first."""
    text = _CAPITALS.sub("sexually assaulted", text[:LONGEST])
    lowered = _spaces(text.casefold())
    visible = _spaces(characters.visible(text).casefold())
    unaccented = characters.unaccented(visible).casefold()
    latin = _spaces(characters.skeleton(unaccented))
    plain = characters.plain_apostrophes(characters.named_emoji(latin))
    readings = [
        View("V1 casefold", lowered),
        View("V2 visible", visible),
        View("V3 unaccented", _spaces(unaccented)),
        View("V4 skeleton", latin),
        View("V5 apostrophes", plain),
    ]
    readings += _canonical(plain)
    if _REVERSING in text:
        readings += _canonical(plain[::-1])
    return _distinct(readings)


def canonical(text: str) -> str:
    """Return the plainest reading of a message: whole words, no shorthand."""
    plain = characters.unaccented(_spaces(characters.visible(text[:LONGEST]).casefold())).casefold()
    return expanded(
        characters.plain_apostrophes(characters.named_emoji(characters.skeleton(plain)))
    )


def _canonical(plain: str) -> list[View]:
    squeezed = _squeezed(plain)
    joined = _joined(squeezed)
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("V9 expanded", lambda: expanded(plain)),
        ("V6 squeezed to two", lambda: expanded(_RUN.sub(r"\1\1", plain))),
        ("V6 squeezed", lambda: expanded(squeezed)),
        ("V7 joined", lambda: expanded(joined)),
        ("V8 unleeted", lambda: expanded(_unleeted(joined, _LEET))),
        ("V8 unleeted with l", lambda: expanded(_unleeted(joined, _LEET_L))),
        ("V12 spelled", lambda: _spelled(_unleeted(joined, _LEET))),
    )
    return [View(name, read(), canonical=True) for name, read in steps]


def _distinct(readings: list[View]) -> tuple[View, ...]:
    seen: set[str] = set()
    kept = []
    # Canonical views go last but win: the same words need reading only once, as words.
    for view in sorted(readings, key=lambda view: not view.canonical):
        if view.text not in seen:
            seen.add(view.text)
            kept.append(view)
    return tuple(sorted(kept, key=readings.index))


def _spaces(text: str) -> str:
    return re.sub(r"[^\S ]| ", " ", text).strip()


def expanded(plain: str) -> str:
    """Return plain lower-case words with shorthand written out and punctuation dropped (V9)."""
    words = _WORD.findall(plain)
    return spelling.written_out([word.rstrip("/") if word != "w/" else word for word in words])


def _squeezed(plain: str) -> str:
    # Word by word, and not with one clever expression: that one took seconds on a 4,000-letter word.
    return (
        re.sub(r"[a-z']+", lambda match: _squeeze(match[0]), plain) if _RUN.search(plain) else plain
    )


def _squeeze(word: str) -> str:
    """Return the word with long runs cut to one or two letters, whichever makes a known word."""
    if not _RUN.search(word):
        return word
    pieces = [(run.group(1), len(run.group())) for run in re.finditer(r"(.)\1*", word)]
    if sum(length > 2 for _, length in pieces) > 4:
        return _RUN.sub(r"\1", word)
    choices = [(letter, letter * 2) if n > 2 else (letter * n,) for letter, n in pieces]
    spellings = ["".join(choice) for choice in itertools.product(*choices)]
    return next((each for each in spellings if spelling.is_known(each)), spellings[0])


def _joined(plain: str) -> str:
    def glue(match: re.Match[str]) -> str:
        # Two or more spaces between spaced letters are where the words end.
        parts = re.split(r" {2,}", match.group())
        return " ".join(re.sub(r"[^a-z]", "", part) for part in parts)

    return _SPACED.sub(glue, plain)


def _unleeted(plain: str, table: dict[int, int]) -> str:
    def read(match: re.Match[str]) -> str:
        word = match.group()
        bare = word.rstrip("!|+")
        if bare.isalpha() or spelling.is_known(bare) or re.fullmatch(r"£?\d+[a-z]{0,3}", bare):
            return word
        return bare.translate(table)

    return _LEET_TOKEN.sub(read, plain)


def _spelled(plain: str) -> str:
    uncensored = re.sub(r"[a-z]+[*#%?][a-z*#%?]*[a-z]", lambda m: spelling.uncensored(m[0]), plain)
    words = [spelling.corrected(word) for word in expanded(uncensored).split()]
    return spelling.written_out(" ".join(words).split())
