"""The small language that signs are written in, and the only module that knows RE2.

A pattern is read against plain lower-case words with one space between them:

    word        that word            word*       words that begin so
    (a b|c)     either               [a b]       perhaps
    ~ and ~~    up to 3, 7 words     {name}      a group of words from words.yml
    ^ and $     start, end of the message

RE2 never backtracks, so no message can make a pattern hang.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import re2

_TOKENS = re.compile(r"\{[a-z0-9_]+\}|~~|[()|\[\]~^$]|[^\s()|\[\]{}~^$]+|(?P<bad>[{}])")
_GAPS = {"~": r"(?:[^ ]+ ){0,3}", "~~": r"(?:[^ ]+ ){0,7}"}
_SIGNS = {"(": "(?:", ")": ")", "|": "|", "[": "(?:", "]": ")?", **_GAPS}

#: Memory one pattern may use for its automaton; past it RE2 runs slower, never wrong.
_BYTES_PER_PATTERN = 4 << 20


class PatternError(ValueError):
    """A pattern that cannot be read. Trying again will not help."""


def translate(pattern: str, words: Mapping[str, str]) -> str:
    """Return the RE2 expression for a pattern; `words` maps a group's name to its pattern."""
    try:
        body = _body(pattern, words, ())
    except KeyError as error:
        raise PatternError(f"{pattern!r} uses unknown words {error.args[0]!r}") from error
    return body if body.startswith("^") else " " + body


def _body(pattern: str, words: Mapping[str, str], within: tuple[str, ...]) -> str:
    return "".join(_piece(match, words, within) for match in _TOKENS.finditer(pattern))


def _piece(match: re.Match[str], words: Mapping[str, str], within: tuple[str, ...]) -> str:
    token = match.group()
    if match["bad"]:
        raise PatternError(f"stray {token!r} in {match.string!r}")
    if token in _SIGNS:
        return _SIGNS[token]
    if token == "^":
        return "^ "
    if token == "$":
        return "$"
    if token.startswith("{"):
        return _group(token[1:-1], words, within)
    return re.escape(token).replace(r"\*", "[^ ]*") + " "


def _group(name: str, words: Mapping[str, str], within: tuple[str, ...]) -> str:
    if name in within:
        raise PatternError(f"the words {name!r} are defined by themselves")
    return f"(?:{_body(words[name], words, (*within, name))})"


def padded(text: str) -> str:
    """Return the text as patterns expect it: a space before and after every word."""
    return f" {text} " if text else " "


@dataclass(frozen=True)
class Found:
    """Where a pattern matched: its place in the list it came from, and the words."""

    index: int
    words: str


class PatternSet:
    """Many patterns tried on one text in a single pass for their key words."""

    def __init__(self, patterns: Iterable[str], words: Mapping[str, str]) -> None:
        """Compile the patterns; every fault is reported at once."""
        options = re2.Options()
        options.max_mem = _BYTES_PER_PATTERN
        options.never_capture = True
        self._filter = re2.Filter()
        self._expressions: list[str] = []
        self._options = options
        self._compiled: dict[int, Any] = {}
        faults = []
        for pattern in patterns:
            try:
                expression = translate(pattern, words)
                self._filter.Add(expression, options)
                self._expressions.append(expression)
            except (PatternError, re2.error) as error:
                faults.append(f"{pattern!r}: {error}")
        if faults:
            raise PatternError("; ".join(faults))
        if self._expressions:
            self._filter.Compile()

    def __len__(self) -> int:
        """Return how many patterns there are."""
        return len(self._expressions)

    def matching(self, text: str) -> list[int]:
        """Return the indices of the patterns found in a padded text."""
        # The filter answers None when no key word of any pattern is there.
        return sorted(self._filter.Match(text) or ()) if self._expressions else []

    def found(self, text: str) -> list[Found]:
        """Return every pattern found in a padded text, with the words that matched."""
        found = ((index, self._pattern(index).search(text)) for index in self.matching(text))
        return [Found(index, match.group().strip()) for index, match in found if match is not None]

    def words_of(self, index: int, text: str) -> str:
        """Return the words that one pattern matched in a padded text, or nothing."""
        match = self._pattern(index).search(text)
        return match.group().strip() if match is not None else ""

    def without(self, index: int, text: str, stand_in: str) -> str:
        """Return the text with every match of one pattern replaced by a stand-in word."""
        replaced: str = self._pattern(index).sub(f" {stand_in} ", text)
        return replaced

    def _pattern(self, index: int) -> Any:
        # Compiled alone only when first found: most patterns never are, and it doubles start-up.
        if index not in self._compiled:
            self._compiled[index] = re2.compile(self._expressions[index], self._options)
        return self._compiled[index]
