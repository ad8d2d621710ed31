"""What turns signs into one level: who it is about, jokes, quotes, and what makes it more urgent.

The demotions are those of the safety requirements, and no others; each is named in the result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from safeguarding.judgement import Layer, Sign
from safeguarding.levels import Category, Level, highest
from safeguarding.patterns import PatternSet, padded
from safeguarding.rules import SIGNS, lines, load_signs

#: Being 16 or 17 makes these more urgent; for the rest it would drown the queue.
_URGENT_UNDER_18 = frozenset(
    {
        Category.ABUSE_SEXUAL_VIOLENCE,
        Category.DOMESTIC_ABUSE,
        Category.SEXUAL_EXPLOITATION,
        Category.CRIMINAL_EXPLOITATION,
        Category.HOMELESS,
        Category.MISSING,
    }
)
#: A joke may only soften words about one's own death, self-harm or anger.
_JOKED_ABOUT = frozenset({Category.SUICIDE, Category.SELF_HARM, Category.HARM_TO_OTHERS})


@dataclass(frozen=True)
class Cues:
    """Words around a sign, compiled once."""

    joke: PatternSet
    everyday: PatternSet
    quoted: PatternSet
    denial: PatternSet
    reply: PatternSet
    others: PatternSet
    self: PatternSet
    escalators: tuple[tuple[str, frozenset[Category], PatternSet], ...]
    facts: tuple[tuple[str, PatternSet], ...]

    @classmethod
    def load(cls, words: Mapping[str, str]) -> "Cues":
        """Read the cues from signs/."""
        cues = load_signs(SIGNS / "cues.yml")
        people = load_signs(SIGNS / "other_people.yml")
        facts = load_signs(SIGNS / "suicide.yml")["facts"]

        def compiled(block: str) -> PatternSet:
            return PatternSet(lines(block), words)

        return cls(
            joke=compiled(cues["joke"]),
            everyday=compiled(cues["everyday"]),
            quoted=compiled(cues["quoted"]),
            denial=compiled(cues["denial"]),
            reply=compiled(cues["reply"]),
            others=compiled(people["worried"]),
            self=compiled(people["self"]),
            escalators=tuple(_escalator(each, words) for each in cues["escalators"]),
            facts=tuple((name, compiled(block)) for name, block in facts.items()),
        )


def _escalator(
    each: Mapping[str, Any], words: Mapping[str, str]
) -> tuple[str, frozenset[Category], PatternSet]:
    categories = frozenset(map(Category, each["categories"]))
    return each["id"], categories, PatternSet(lines(each["any"]), words)


@dataclass(frozen=True)
class Circumstances:
    """What is known besides the words: age in years, and the worst level of the last 14 days."""

    age: int | None = None
    recent_level: Level = Level.NONE
    answering_screening_question: bool = False

    @property
    def under_18(self) -> bool:
        """Return whether the person is known to be under 18."""
        return self.age is not None and self.age < 18


@dataclass(frozen=True)
class Weighed:
    """Signs after demotions, and the one level they come to."""

    level: Level
    signs: tuple[Sign, ...]
    demoted_by: tuple[str, ...]
    joke: bool


def weigh(signs: Sequence[Sign], text: str, cues: Cues, known: Circumstances) -> Weighed:
    """Return the level of a message from its signs and its words (canonical, one reading)."""
    words = padded(text)
    joke = bool(cues.joke.matching(words))
    demoted: list[str] = []
    kept = list(signs)
    if known.answering_screening_question and cues.denial.matching(words):
        kept = _answered_no(kept, demoted)
    if joke and cues.everyday.matching(words):
        kept = _softened(kept, "demotion.joke_about_everyday", demoted)
    if kept and cues.quoted.matching(words):
        kept = _quoted(kept, demoted)
    level = highest(sign.level for sign in kept)
    raised = _escalated(level, kept, words, cues, known, soft=bool(demoted))
    return Weighed(raised, tuple(kept), tuple(demoted), joke)


def _answered_no(signs: list[Sign], demoted: list[str]) -> list[Sign]:
    """Drop concerns from a plain no to a screening question; anything more urgent stays."""
    if not signs or any(sign.level.at_least(Level.SAME_DAY) for sign in signs):
        return signs
    demoted.append("demotion.answered_no")
    return []


def _softened(signs: list[Sign], rule: str, demoted: list[str]) -> list[Sign]:
    """Lower same-day words about oneself to a concern: never lower, and never immediate ones."""
    soft = [
        replace(sign, level=Level.CONCERN)
        if sign.level is Level.SAME_DAY and sign.category in _JOKED_ABOUT
        else sign
        for sign in signs
    ]
    if soft != signs:
        demoted.append(rule)
    return soft


def _quoted(signs: list[Sign], demoted: list[str]) -> list[Sign]:
    """Lower what is quoted by one step, but not to nothing and not what is immediate."""
    lowered = [
        replace(sign, level=sign.level.lowered()) if sign.level is Level.SAME_DAY else sign
        for sign in signs
    ]
    if lowered != signs:
        demoted.append("demotion.quoted")
    return lowered


def _escalated(
    level: Level,
    signs: list[Sign],
    words: str,
    cues: Cues,
    known: Circumstances,
    *,
    soft: bool,
) -> Level:
    """Return the level, one step up at most, when something makes it more urgent."""
    if level is Level.NONE or soft:
        return level
    if all(sign.rule.startswith("idioms.") for sign in signs):
        return level
    about = {sign.category for sign in signs if sign.level is level}
    if any(sign.layer is Layer.LANGUAGE for sign in signs) and about == {Category.HELP_WORD}:
        return level
    urgent_words = any(
        about & categories and pattern.matching(words) for _, categories, pattern in cues.escalators
    )
    urgent_age = known.under_18 and bool(about & _URGENT_UNDER_18)
    urgent_before = known.recent_level.at_least(Level.SAME_DAY)
    return level.raised() if urgent_words or urgent_age or urgent_before else level


def third_party(matched: Sequence[str], text: str, cues: Cues) -> bool:
    """Return whether the danger is somebody else's: their words, and none of the writer's own."""
    if not cues.others.matching(padded(text)):
        return False
    spans = [padded(words) for words in matched] or [padded(text)]
    return not any(cues.self.matching(span) for span in spans)


def facts(text: str, cues: Cues) -> tuple[str, ...]:
    """Return which of desire, plan, means and time were stated."""
    return tuple(name for name, pattern in cues.facts if pattern.matching(padded(text)))
