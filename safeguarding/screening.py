"""Who might be at risk: text in, signs out. No network, no database, no clock, and it never raises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from safeguarding import weighing
from safeguarding.judgement import NOTHING, Layer, Screening, Sign
from safeguarding.languages import Languages
from safeguarding.levels import Category, Level, highest
from safeguarding.likeness import Likeness, Opinion
from safeguarding.normalise import LONGEST, canonical, views
from safeguarding.patterns import padded
from safeguarding.rules import Hit, Reading, RuleBook
from safeguarding.safe_words import SafeWords
from safeguarding.weighing import Circumstances, Cues

__all__ = ["NOTHING", "Screener", "Screening", "with_understanding"]

#: How many messages before this one are read together with it.
WINDOW = 5

#: Rasa's danger intents, as one more vote.
INTENTS = {
    "danger_suicide": Category.SUICIDE,
    "danger_self_harm": Category.SELF_HARM,
    "danger_medical": Category.MEDICAL_EMERGENCY,
    "danger_abuse": Category.ABUSE_SEXUAL_VIOLENCE,
    "danger_partner": Category.DOMESTIC_ABUSE,
    "danger_exploitation": Category.CRIMINAL_EXPLOITATION,
    "danger_homeless_tonight": Category.HOMELESS,
    "danger_no_food": Category.DESTITUTION,
    "danger_missing": Category.MISSING,
    "danger_psychosis": Category.PSYCHOSIS,
    "danger_to_others": Category.HARM_TO_OTHERS,
    "danger_child": Category.CHILD_AT_RISK,
}
_SURE, _LIKELY = 0.85, 0.6

_RULES_FAILED = Sign(Category.HELP_WORD, Level.SAME_DAY, "engine.rules_failed", Layer.ENGINE)
_CLASSIFIER_FAILED = Sign(
    Category.HELP_WORD, Level.CONCERN, "engine.classifier_failed", Layer.ENGINE
)


@dataclass
class _Found:
    """What the layers have found so far in one message."""

    signs: list[Sign] = field(default_factory=list)
    matched: list[str] = field(default_factory=list)
    softened_by: list[str] = field(default_factory=list)
    degraded: bool = False
    somebody_else: bool | None = None


@dataclass(frozen=True)
class Screener:
    """The layers of screening, loaded once. Safe to share between threads."""

    rules: RuleBook
    cues: Cues
    safe_words: SafeWords
    languages: Languages
    likeness: Likeness

    @classmethod
    def load(cls) -> "Screener":
        """Read rules and model. Raises when either is faulty: a start without screening is refused."""
        rules = RuleBook.load()
        return cls(
            rules,
            Cues.load(rules.words),
            SafeWords.load(rules.words),
            Languages.load(),
            Likeness.load(),
        )

    def screen(
        self,
        text: str,
        *,
        recent: Sequence[str] = (),
        recent_level: Level = Level.NONE,
        age: int | None = None,
        answering_screening_question: bool = False,
    ) -> Screening:
        """Return what a message says about danger.

        `recent` are the person's own messages of the last ten minutes, oldest first; words split
        over several are found when the newest message completes them. `recent_level` is the
        highest level of the last 14 days. A layer that fails raises the level, never clears it.
        """
        known = Circumstances(age, recent_level, answering_screening_question)
        before = [each for each in recent[-WINDOW:] if each.strip()]
        found = _Found()
        _guarded(lambda: self._read_by_rules(text, before, known, found), _RULES_FAILED, found)
        _guarded(lambda: self._read_by_likeness(text, before, found), _CLASSIFIER_FAILED, found)
        try:
            return self._weighed(text, known, found)
        except Exception:  # noqa: BLE001 (whatever fails, somebody must look at this message)
            return _unweighed(found)

    def _read_by_rules(
        self, text: str, before: Sequence[str], known: Circumstances, found: _Found
    ) -> None:
        readings = views(text)
        reading = self.rules.read(readings)
        found.softened_by += reading.softened_by
        _add(reading.hits, Layer.RULES, known, found)
        if before:
            _add(self._split_over(text, before, reading), Layer.WINDOW, known, found)
        found.signs += self.safe_words.signs(readings)
        found.signs += self.languages.signs(text, canonical(text))

    def _split_over(self, text: str, before: Sequence[str], newest: Reading) -> list[Hit]:
        """Return what only the newest message together with those before it says."""
        seen = {hit.rule for hit in newest.hits}
        joined = self.rules.read(views(_joined([*before, text]))).hits
        new = [hit for hit in joined if hit.rule not in seen]
        if not new:
            return []
        old = {hit.rule for hit in self.rules.read(views(_joined(before))).hits}
        return [hit for hit in new if hit.rule not in old]

    def _read_by_likeness(self, text: str, before: Sequence[str], found: _Found) -> None:
        opinion, layer = self._like(text), Layer.CLASSIFIER
        _soften(found, Layer.RULES, opinion)
        # Words split over several messages end with a short one.
        if before and self._may_end_a_sentence(text):
            whole = self._like(_joined([*before, text]))
            _soften(found, Layer.WINDOW, whole)
            if whole.level.urgency > opinion.level.urgency:
                old = self._like(_joined(before))
                if _completes(opinion, whole, old):
                    opinion, layer = whole, Layer.WINDOW
        if opinion.categories:
            found.somebody_else = opinion.somebody_else
        found.signs += [
            Sign(category, opinion.level, f"{Layer.CLASSIFIER}.{category}", layer)
            for category in opinion.categories
        ]

    def _may_end_a_sentence(self, text: str) -> bool:
        few = len(text.split()) <= _FEW_WORDS
        return few and not self.cues.reply.matching(padded(canonical(text)))

    def _like(self, text: str) -> Opinion:
        words = canonical(text)
        if self.safe_words.only_opens(words):
            return Opinion(Level.NONE)
        return self.likeness.read([words])[0]

    def _weighed(self, text: str, known: Circumstances, found: _Found) -> Screening:
        words = canonical(text)
        weighed = weighing.weigh(found.signs, words, self.cues, known)
        demoted_by = (*found.softened_by, *weighed.demoted_by)
        if not weighed.signs:
            return replace(NOTHING, demoted_by=demoted_by, joke=weighed.joke)
        categories = _in_order(weighed.signs)
        return Screening(
            level=weighed.level,
            categories=categories,
            third_party=self._about_somebody_else(found, words),
            about_staff=Category.ALLEGATION_ABOUT_STAFF in categories,
            signs=weighed.signs,
            matched=tuple(dict.fromkeys(found.matched)),
            demoted_by=demoted_by,
            degraded=found.degraded,
            facts=weighing.facts(words, self.cues),
            joke=weighed.joke,
        )

    def _about_somebody_else(self, found: _Found, words: str) -> bool:
        """Whose danger it is: as the examples say, or by the words when no example was near."""
        if found.somebody_else is not None:
            return found.somebody_else
        return weighing.third_party(found.matched, words, self.cues)


#: Longer messages stand alone; short ones may be the end of a sentence.
_FEW_WORDS = 6
#: How much surer of danger the last piece must make us, when the pieces before it were danger already.
_SURER = 0.3


def _completes(newest: Opinion, whole: Opinion, before: Opinion) -> bool:
    """Return whether the newest piece says something new together with those before it.

    What was said before must not be found again in everything that follows: "are you real?" after
    danger is no new danger. "Tonight" after it is, and so is the rest of a sentence.
    """
    if not before.level.at_least(Level.SAME_DAY):
        return whole.level.urgency > before.level.urgency
    harmless = Level.IMMEDIATE in newest.means_otherwise
    return not harmless and whole.danger > before.danger + _SURER


def _guarded(read: Callable[[], None], failed: Sign, found: _Found) -> None:
    """Run one layer; when it fails, say so with a sign of its own."""
    try:
        read()
    except Exception:  # noqa: BLE001 (a layer that fails must raise the level, whatever it was)
        found.degraded = True
        found.signs.append(failed)


def _unweighed(found: _Found) -> Screening:
    """Return everything that was found, without demotions: weighing failed."""
    signs = (*found.signs, _RULES_FAILED)
    return Screening(
        level=highest(sign.level for sign in signs),
        categories=_in_order(signs),
        signs=signs,
        matched=tuple(found.matched),
        degraded=True,
    )


def _soften(found: _Found, layer: Layer, opinion: Opinion) -> None:
    """Make urgent words a concern where the whole message is far from every example of danger.

    Never nothing: a person still reads it. The more urgent the words, the farther it must be. Words
    that had to be put together again from signs or spaces stay urgent, since examples know only
    plain words (decision 0009).
    """
    soft = [
        replace(sign, level=Level.CONCERN)
        if sign.layer is layer and sign.plain and sign.level in opinion.means_otherwise
        else sign
        for sign in found.signs
    ]
    if soft != found.signs:
        found.signs[:] = soft
        found.softened_by.append("demotion.meant_otherwise")


def _add(hits: Sequence[Hit], layer: Layer, known: Circumstances, found: _Found) -> None:
    for hit in hits:
        level = hit.under_18 if known.under_18 else hit.level
        found.signs.append(Sign(hit.category, level, hit.rule, layer, plain=hit.plain))
        found.matched.append(hit.words)


def _joined(messages: Sequence[str]) -> str:
    """Return messages as one text, the newest kept when there is too much."""
    return "\n".join(messages)[-LONGEST:]


def _in_order(signs: Sequence[Sign]) -> tuple[Category, ...]:
    """Return the categories of the signs, most urgent first, each once."""
    urgent_first = sorted(signs, key=lambda sign: -sign.level.urgency)
    return tuple(dict.fromkeys(sign.category for sign in urgent_first))


def with_understanding(screening: Screening, intent: str, confidence: float) -> Screening:
    """Return the screening with Rasa's intent as one more vote. It may raise, and never lowers."""
    category = INTENTS.get(intent)
    if category is None or confidence < _LIKELY:
        return screening
    level = Level.SAME_DAY if confidence >= _SURE else Level.CONCERN
    if any(rule.startswith(("idioms.", "demotion.")) for rule in screening.demoted_by):
        level = Level.CONCERN
    signs = (*screening.signs, Sign(category, level, f"intent.{intent}", Layer.INTENT))
    return replace(
        screening,
        level=highest((screening.level, level)),
        categories=_in_order(signs),
        signs=signs,
    )
