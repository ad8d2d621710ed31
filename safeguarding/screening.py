"""Who might be at risk: text in, signs out. No network, no database, no clock, and it never raises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from safeguarding import weighing
from safeguarding.judgement import NOTHING, Layer, Screening, Sign
from safeguarding.levels import Category, Level, highest
from safeguarding.normalise import canonical, views
from safeguarding.rules import Hit, RuleBook
from safeguarding.safe_words import SafeWords
from safeguarding.weighing import Circumstances, Cues

__all__ = ["NOTHING", "Screener", "Screening", "with_intent"]

#: How many messages before this one are read together with it.
WINDOW = 5

#: Rasa's danger intents, as one more vote.
_INTENTS = {
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


@dataclass(frozen=True)
class Screener:
    """The layers of screening, loaded once. Safe to share between threads."""

    rules: RuleBook
    cues: Cues
    safe_words: SafeWords

    @classmethod
    def load(cls) -> "Screener":
        """Read rules and model. Raises when either is faulty: a start without screening is refused."""
        rules = RuleBook.load()
        return cls(rules, Cues.load(rules.words), SafeWords.load(rules.words))

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
        signs: list[Sign] = []
        matched: list[str] = []
        demoted: list[str] = []
        degraded = False
        try:
            self._read(text, recent, known, signs, matched, demoted)
        except Exception:  # noqa: BLE001 (whatever fails, somebody must look at this message)
            degraded = True
            signs.append(
                Sign(
                    Category.HELP_WORD,
                    Level.SAME_DAY,
                    "engine.rules_failed",
                    Layer.ENGINE,
                )
            )
        if not signs:
            return replace(NOTHING, demoted_by=tuple(demoted))
        return self._weighed(text, signs, matched, demoted, known, degraded=degraded)

    def _read(
        self,
        text: str,
        recent: Sequence[str],
        known: Circumstances,
        signs: list[Sign],
        matched: list[str],
        demoted: list[str],
    ) -> None:
        readings = views(text)
        reading = self.rules.read(readings)
        demoted += reading.softened_by
        for hit in reading.hits:
            signs.append(_sign(hit, known, Layer.RULES))
            matched.append(hit.words)
        for hit in self._split_over(text, recent, {hit.rule for hit in reading.hits}):
            signs.append(_sign(hit, known, Layer.WINDOW))
            matched.append(hit.words)
        signs += self.safe_words.signs(readings)

    def _split_over(self, text: str, recent: Sequence[str], seen: set[str]) -> list[Hit]:
        """Return what only the newest message together with those before it says."""
        before = [each for each in recent[-WINDOW:] if each.strip()]
        if not before:
            return []
        joined = self.rules.read(views("\n".join([*before, text])[-4096:])).hits
        new = [hit for hit in joined if hit.rule not in seen]
        if not new:
            return []
        old = {hit.rule for hit in self.rules.read(views("\n".join(before)[-4096:])).hits}
        return [hit for hit in new if hit.rule not in old]

    def _weighed(
        self,
        text: str,
        signs: list[Sign],
        matched: list[str],
        demoted: list[str],
        known: Circumstances,
        *,
        degraded: bool,
    ) -> Screening:
        words = _words(text)
        weighed = weighing.weigh(signs, words, self.cues, known)
        categories = _in_order(weighed.signs)
        return Screening(
            level=weighed.level,
            categories=categories,
            third_party=weighing.third_party(matched, words, self.cues),
            about_staff=Category.ALLEGATION_ABOUT_STAFF in categories,
            signs=weighed.signs,
            matched=tuple(dict.fromkeys(matched)),
            demoted_by=(*demoted, *weighed.demoted_by),
            degraded=degraded,
            facts=weighing.facts(words, self.cues),
            joke=weighed.joke,
        )


def _sign(hit: Hit, known: Circumstances, layer: Layer) -> Sign:
    level = hit.under_18 if known.under_18 else hit.level
    return Sign(hit.category, level, hit.rule, layer)


def _words(text: str) -> str:
    try:
        return canonical(text)
    except Exception:  # noqa: BLE001 (weighing without words is better than no screening)
        return ""


def _in_order(signs: Sequence[Sign]) -> tuple[Category, ...]:
    """Return the categories of the signs, most urgent first, each once."""
    urgent_first = sorted(signs, key=lambda sign: -sign.level.urgency)
    return tuple(dict.fromkeys(sign.category for sign in urgent_first))


def with_intent(screening: Screening, intent: str, confidence: float) -> Screening:
    """Return the screening with Rasa's intent as one more vote. It may raise, and never lowers."""
    category = _INTENTS.get(intent)
    if category is None or confidence < _LIKELY:
        return screening
    level = Level.SAME_DAY if confidence >= _SURE else Level.CONCERN
    if any(rule.startswith(("idioms.", "demotion.")) for rule in screening.demoted_by):
        level = Level.CONCERN
    sign = Sign(category, level, f"intent.{intent}", Layer.INTENT)
    signs = (*screening.signs, sign)
    return replace(
        screening,
        level=highest((screening.level, level)),
        categories=_in_order(signs),
        signs=signs,
    )


def with_meaning(screening: Screening, level: str, category: str) -> Screening:
    """Return the screening with what Rasa read from the meaning. It may raise, and never lowers.

    An idiom that the rules know by heart keeps this vote at a concern: a sentence vector hears
    "dying of laughter" as it hears dying.
    """
    found = Level(level)
    if screening.demoted_by:
        found = min(found, Level.CONCERN, key=lambda one: one.urgency)
    if found is Level.NONE or (screening.level.at_least(found) and screening.categories):
        return screening
    sign = Sign(Category(category), found, "meaning", Layer.INTENT)
    signs = (*screening.signs, sign)
    return replace(
        screening,
        level=highest((screening.level, found)),
        categories=_in_order(signs),
        signs=signs,
        about_staff=screening.about_staff or sign.category is Category.ALLEGATION_ABOUT_STAFF,
    )


def with_understanding(
    screening: Screening, intent: str, confidence: float, meaning: tuple[str, str] | None
) -> Screening:
    """Return the screening with both of Rasa's votes."""
    voted = with_intent(screening, intent, confidence)
    return with_meaning(voted, *meaning) if meaning else voted
