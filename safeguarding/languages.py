"""Messages that are not in English: a few plain words of danger, and a mark that a person must read it."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from safeguarding.characters import plain_apostrophes, unaccented, visible
from safeguarding.judgement import Layer, Sign
from safeguarding.levels import Category, Level
from safeguarding.rules import SIGNS, load_signs
from safeguarding.spelling import is_known

#: Fewer words than this say too little about the language.
_ENOUGH_WORDS = 3
_MOSTLY = 0.5
_SOME_ENGLISH = 0.34
_NOT_ENGLISH = Sign(Category.HELP_WORD, Level.CONCERN, "language.not_english", Layer.LANGUAGE)

#: Letters that Arabic-script keyboards write in two ways.
_SAME_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ۀ": "ه"})


@dataclass(frozen=True)
class Languages:
    """Phrases by language and kind, ready to compare."""

    phrases: tuple[tuple[str, Sign], ...]
    everyday: tuple[frozenset[str], ...]

    @classmethod
    def load(cls) -> "Languages":
        """Read the phrases from signs/."""
        loaded = load_signs(SIGNS / "languages.yml")
        phrases: dict[str, Sign] = {}
        for language, kinds in loaded["phrases"].items():
            for kind, listed in kinds.items():
                said = loaded["kinds"][kind]
                sign = Sign(
                    Category(said["category"]),
                    Level(said["level"]),
                    f"language.{language}.{kind}",
                    Layer.LANGUAGE,
                )
                for phrase in listed:
                    phrases.setdefault(comparable(str(phrase)), sign)
        everyday = (
            frozenset(map(comparable, map(str, words))) for words in loaded["everyday"].values()
        )
        return cls(tuple(phrases.items()), tuple(everyday))

    def signs(self, text: str, canonical_text: str) -> list[Sign]:
        """Return what a message says in other languages, each sign once."""
        plain = comparable(text)
        if not plain or (plain.isascii() and _english_enough(canonical_text)):
            return []
        found: dict[str, Sign] = {}
        for phrase, sign in self.phrases:
            if _holds(plain, phrase):
                found.setdefault(sign.rule, sign)
        if found or self._is_foreign(plain, canonical_text):
            found[_NOT_ENGLISH.rule] = _NOT_ENGLISH
        return list(found.values())

    def _is_foreign(self, plain: str, canonical_text: str) -> bool:
        letters = [letter for letter in plain if letter.isalpha()]
        if not letters:
            return False
        if sum(not letter.isascii() for letter in letters) > _MOSTLY * len(letters):
            return True
        words = plain.split()
        if max(len(each.intersection(words)) for each in self.everyday) >= 2:
            return not _english_enough(canonical_text)
        known = sum(is_known(word) for word in canonical_text.split())
        return len(words) - known >= _ENOUGH_WORDS and known < _SOME_ENGLISH * len(words)


def comparable(text: str) -> str:
    """Return text without accents, marks and punctuation, so that spellings of one word agree."""
    return _comparable(text)


@functools.lru_cache(maxsize=64)
def _comparable(text: str) -> str:
    plain = unaccented(plain_apostrophes(visible(text).casefold())).casefold()
    plain = plain.replace("đ", "d").replace("ł", "l").translate(_SAME_LETTERS)
    return " ".join(re.findall(r"[^\W_]+", plain))


def _holds(plain: str, phrase: str) -> bool:
    # Scripts without Latin letters join words to their endings, so a part of a word counts there.
    return phrase in plain if not phrase.isascii() else f" {phrase} " in f" {plain} "


def _english_enough(canonical_text: str) -> bool:
    words: Sequence[str] = canonical_text.split()
    return bool(words) and sum(map(is_known, words)) >= 0.6 * len(words)
