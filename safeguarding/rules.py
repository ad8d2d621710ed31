"""The first layer of screening: signs written as data in signs/, and the readings they apply to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from safeguarding.levels import Category, Level
from safeguarding.normalise import View
from safeguarding.patterns import PatternError, PatternSet, padded

SIGNS = Path(__file__).parent / "signs"
STAND_IN = "_"


class SignsError(ValueError):
    """The files in signs/ have faults; the message names every one. Fix the files."""


@dataclass(frozen=True)
class Rule:
    """One sign as data. `asked` says that a plain question with these words is still a sign."""

    id: str
    category: Category
    level: Level
    under_18: Level
    patterns: tuple[str, ...]
    needs: tuple[str, ...]
    unless: tuple[str, ...]
    asked: bool


@dataclass(frozen=True)
class Softener:
    """Words with a harmless meaning, set aside before the rules are tried.

    One with a category and level leaves that lesser sign: "not suicidal" is still worth a look.
    A frame ("what happens if I ...") sets words aside only from rules that questions do not count for.
    """

    id: str
    patterns: tuple[str, ...]
    category: Category | None
    level: Level
    frame: bool
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A rule or softener that applied, and the words that matched.

    `plain` says that it applied to the message read simply, and not only to letters put back in
    place of signs or spaces.
    """

    rule: str
    category: Category
    level: Level
    under_18: Level
    words: str
    plain: bool = True


@dataclass(frozen=True)
class Reading:
    """What the rules made of one text."""

    hits: tuple[Hit, ...]
    softened_by: tuple[str, ...]


@dataclass(frozen=True)
class _Aside:
    """A text without its idioms (`unframed`), and without its plain questions too (`plain`)."""

    unframed: str
    plain: str
    softeners: tuple[tuple[Softener, str], ...]

    @property
    def framed(self) -> bool:
        return any(softener.frame for softener, _ in self.softeners)


class RuleBook:
    """Every rule, compiled once."""

    def __init__(
        self,
        rules: tuple[Rule, ...],
        softeners: tuple[Softener, ...],
        words: Mapping[str, str],
    ) -> None:
        """Compile the rules and softeners."""
        self.words = words
        self._rules = rules
        self._softeners = softeners
        self._rule_of = [rule for rule in rules for _ in rule.patterns]
        self._patterns = PatternSet((p for rule in rules for p in rule.patterns), words)
        self._softener_of = [each for each in softeners for _ in each.patterns]
        self._soft_patterns = PatternSet((p for each in softeners for p in each.patterns), words)
        self._soft_unless = {
            each.id: PatternSet(each.unless, words) for each in softeners if each.unless
        }
        self._cues = {
            rule.id: (PatternSet(rule.needs, words), PatternSet(rule.unless, words))
            for rule in rules
            if rule.needs or rule.unless
        }

    @classmethod
    def load(cls, folder: Path = SIGNS) -> "RuleBook":
        """Read and check every file of signs; raise SignsError naming every fault."""
        words: dict[str, str] = load_signs(folder / "words.yml")["words"]
        faults: list[str] = []
        rules: list[Rule] = []
        for category in Category:
            path = folder / f"{category}.yml"
            if path.exists():
                rules += _rules(category, load_signs(path), faults)
        soft = load_signs(folder / "idioms.yml")
        softeners = [_softener(each) for each in soft["softeners"]]
        faults += [f"{rule.id}: the id is used twice" for rule in _repeated(rules)]
        if faults:
            raise SignsError("; ".join(faults))
        try:
            return cls(tuple(rules), tuple(softeners), words)
        except PatternError as error:
            raise SignsError(str(error)) from error

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return every rule, for tests and for reviewers."""
        return self._rules

    def read(self, views: tuple[View, ...]) -> Reading:
        """Return what applies to any canonical reading of a message."""
        hits: dict[str, Hit] = {}
        softened: dict[str, None] = {}
        readings = [view.text for view in views if view.canonical and view.text]
        for at, text in enumerate(readings):
            for hit in self._read_one(padded(text), softened):
                hits.setdefault(hit.rule, replace(hit, plain=at == 0))
        return Reading(tuple(hits.values()), tuple(softened))

    def without_idioms(self, text: str) -> str:
        """Return a canonical text with every harmless meaning and plain question set aside."""
        return self._set_aside(padded(text)).plain.strip()

    def _read_one(self, text: str, softened: dict[str, None]) -> list[Hit]:
        aside = self._set_aside(text)
        softened.update(dict.fromkeys(softener.id for softener, _ in aside.softeners))
        hits = [
            Hit(softener.id, softener.category, softener.level, softener.level, words)
            for softener, words in aside.softeners
            if softener.category is not None
        ]
        unasked = set(self._patterns.matching(aside.plain)) if aside.framed else None
        for found in self._patterns.found(aside.unframed):
            rule = self._rule_of[found.index]
            only_asked = unasked is not None and found.index not in unasked and not rule.asked
            if not only_asked and self._applies(rule, aside.unframed):
                hits.append(Hit(rule.id, rule.category, rule.level, rule.under_18, found.words))
        return hits

    def _set_aside(self, text: str) -> "_Aside":
        unframed, plain = text, text
        softeners = []
        for index in self._soft_patterns.matching(text):
            softener = self._softener_of[index]
            unless = self._soft_unless.get(softener.id)
            if unless is not None and unless.matching(text):
                continue
            softeners.append((softener, self._soft_patterns.words_of(index, text)))
            plain = self._soft_patterns.without(index, plain, STAND_IN)
            if not softener.frame:
                unframed = self._soft_patterns.without(index, unframed, STAND_IN)
        return _Aside(unframed, plain, tuple(softeners))

    def _applies(self, rule: Rule, text: str) -> bool:
        cues = self._cues.get(rule.id)
        if cues is None:
            return True
        needs, unless = cues
        return (not len(needs) or bool(needs.matching(text))) and not unless.matching(text)


def load_signs(path: Path) -> Any:
    """Return one file of signs as plain data."""
    return yaml.safe_load(path.read_text("utf-8"))


def lines(block: str) -> tuple[str, ...]:
    """Return the patterns of a block, one a line."""
    return tuple(line.strip() for line in block.splitlines() if line.strip())


def _rules(category: Category, loaded: Mapping[str, Any], faults: list[str]) -> list[Rule]:
    found = []
    for each in loaded["rules"]:
        try:
            found.append(_rule(category, each))
        except (KeyError, ValueError) as error:
            faults.append(f"{category}.yml, {each.get('id', 'a rule without id')}: {error}")
    return found


def _rule(category: Category, each: Mapping[str, Any]) -> Rule:
    level = Level(each["level"])
    return Rule(
        id=f"{category}.{each['id']}",
        category=category,
        level=level,
        under_18=Level(each.get("under_18", level)),
        patterns=lines(each["any"]),
        needs=lines(each.get("needs", "")),
        unless=lines(each.get("unless", "")),
        asked=bool(each.get("asked")),
    )


def _softener(each: Mapping[str, Any]) -> Softener:
    category = each.get("category")
    return Softener(
        id=f"idioms.{each['id']}",
        patterns=lines(each["any"]),
        category=None if category is None else Category(category),
        level=Level(each.get("level", Level.NONE)),
        frame=bool(each.get("frame")),
        unless=lines(each.get("unless", "")),
    )


def _repeated(rules: list[Rule]) -> list[Rule]:
    seen: set[str] = set()
    return [rule for rule in rules if rule.id in seen or seen.add(rule.id)]  # type: ignore[func-returns-value]
