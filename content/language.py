"""The language of care: what we never say, what must be explained, and what may show on a lock screen.

The words are data, in `content/glossary/`: one file for every council, and one for each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from content.articles import ContentError
from content.ids import FOLDER, read_yaml

GLOSSARY = FOLDER / "glossary"
NATIONAL = "national"
SHORT_FORM = re.compile(r"\b[A-Z][A-Z0-9]*[A-Z0-9&][A-Z0-9]*\b")
PHONE = re.compile(r"\b0\d(?:[ -]?\d){8,9}\b|\b116 ?\d{3}\b")
_SYNTAX = {"(": "(?:", ")": ")", "|": "|", "*": r"\w*"}


@dataclass(frozen=True)
class Term:
    """A word or phrase: what to say instead of it, or what explains it."""

    word: str
    pattern: re.Pattern[str]
    say: str = ""
    means: tuple[re.Pattern[str], ...] = ()

    def unexplained_in(self, text: str) -> bool:
        """Whether a text says it, and nothing in the text says what it means."""
        return bool(self.pattern.search(text)) and not any(one.search(text) for one in self.means)


@dataclass(frozen=True)
class Glossary:
    """The words of every council and of one of them."""

    never: tuple[Term, ...]
    explain: tuple[Term, ...]
    names: tuple[Term, ...]
    others_names: tuple[Term, ...]
    short_forms: frozenset[str]
    shown: int
    care: tuple[Term, ...]
    about: tuple[Term, ...]


def pattern(phrase: str) -> re.Pattern[str]:
    """Return what finds a phrase of a glossary, and its plural.

    `*` is any ending, `(a|b)` either, ` ~ ` up to three words between; a space is a hyphen too.
    Words with a capital after the first letter are found as written, all others in any case.
    """
    parts = [
        "".join(_SYNTAX.get(letter, re.escape(letter)) for letter in word)
        for word in phrase.split()
    ]
    joined = r"[\s-]+".join(parts).replace(r"[\s-]+\~[\s-]+", r"(?:[\s-]+[\w']+){0,3}?[\s-]+")
    case = 0 if re.search(r"\b[A-Z][A-Z]", phrase) else re.IGNORECASE
    start = r"\b" if re.match(r"[\w(]", phrase) else ""
    return re.compile(f"{start}{joined}(?:['’]?s['’]?)?(?!\\w)", case)


def councils() -> frozenset[str]:
    """Return the councils that have a glossary of their own."""
    return frozenset(path.stem for path in files()) - {NATIONAL}


def files() -> list[Path]:
    """Return the files of all glossaries."""
    return sorted(GLOSSARY.glob("*.yml"))


def answered() -> dict[str, str]:
    """Return the words said without a meaning beside them, with the article that gives it."""
    words: dict[str, str] = read_yaml(GLOSSARY / f"{NATIONAL}.yml")["answered"]
    return words


@cache
def glossary(council: str | None = None) -> Glossary:
    """Return the glossary for a council's young people, or for those of whom we know no council."""
    raw = {path.stem: _read(path) for path in files()}
    national, own = raw[NATIONAL], raw.get(council or "", {})
    names = own.get("names") or {}
    others = {
        name: about
        for other, its in raw.items()
        for name, about in (its.get("names") or {}).items()
        if other not in {NATIONAL, council} and name not in names
    }
    screen = national["lock_screen"]
    return Glossary(
        never=_never({**national["never"], **(own.get("never") or {})}),
        explain=tuple(_explained(word, means) for word, means in national["explain"].items()),
        names=tuple(
            _explained(name, about["means"], about["plain"]) for name, about in names.items()
        ),
        others_names=tuple(_explained(name, (), about["plain"]) for name, about in others.items()),
        short_forms=frozenset([*national["known"], *national["proper_names"]]),
        shown=screen["characters"],
        care=_never(dict.fromkeys(screen["care"], "")),
        about=_never(dict.fromkeys(screen["about"], "")),
    )


def _read(path: Path) -> dict[str, Any]:
    raw: dict[str, Any] = read_yaml(path)
    lacking = [
        f"glossary/{path.name}: {name} has no {key}"
        for name, about in (raw.get("names") or {} if "council" in raw else {}).items()
        for key in ("plain", "means", "source")
        if not about.get(key)
    ]
    if lacking:
        raise ContentError("\n".join(lacking))
    return raw


def _never(words: dict[str, str]) -> tuple[Term, ...]:
    return tuple(Term(word, pattern(word), say) for word, say in words.items())


def _explained(word: str, means: Any, plain: str = "") -> Term:
    return Term(word, pattern(word), plain, tuple(pattern(one) for one in means))


def faults(text: str, council: str | None = None, *, pushed: bool = False) -> Iterator[str]:
    """Yield what is wrong with the words of one message to a young person, filled in.

    `pushed` is for what arrives unasked: it never says who they are, not even further down.
    """
    words = glossary(council)
    yield from never_said(text, council)
    yield from _jargon(words, text)
    yield from _on_the_lock_screen(words, text, pushed=pushed)
    yield from _crowded(text)


def never_said(text: str, council: str | None = None) -> Iterator[str]:
    """Yield the words in a text that are never said, with what to say instead; for buttons too."""
    words = glossary(council)
    # What a council calls something is its name, whatever words are in it.
    plain = _without(words.names, text)
    for term in words.never:
        if found := term.pattern.search(plain):
            yield f"says “{found[0]}”: say {term.say}"
    yield from (
        f"says “{term.word}”, which only another council has: say {term.say}"
        for term in words.others_names
        if term.pattern.search(plain)
    )


def _without(names: tuple[Term, ...], text: str) -> str:
    for name in names:
        text = name.pattern.sub(" ", text)
    return text


def _jargon(words: Glossary, text: str) -> Iterator[str]:
    yield from (
        f"says “{term.word}” and not what it means"
        for term in (*words.explain, *words.names)
        if term.unexplained_in(text)
    )
    known = words.short_forms | {term.word for term in words.explain}
    yield from (
        f"says “{short}”, which no glossary knows"
        for short in sorted(set(SHORT_FORM.findall(_without(words.names, text))))
        if short not in known and short.removesuffix("S") not in known
    )


def _on_the_lock_screen(words: Glossary, text: str, *, pushed: bool) -> Iterator[str]:
    shown = _cut(text, words.shown)
    for term in words.care:
        if found := term.pattern.search(text if pushed else shown):
            where = "a message that arrives unasked" if pushed else "a lock screen"
            yield f"shows “{found[0]}” on {where}"
    for term in words.about:
        if found := term.pattern.search(shown):
            yield f"shows “{found[0]}” on a lock screen"


def _cut(text: str, length: int) -> str:
    """Return the beginning of a text, to the end of the word that the screen cuts."""
    rest = re.match(r"\S*", text[length:])
    return text[:length] + (rest[0] if rest else "")


def _crowded(text: str) -> Iterator[str]:
    yield from (
        f"a line has more than one phone number: {line}"
        for line in text.splitlines()
        if len(PHONE.findall(line)) > 1
    )
