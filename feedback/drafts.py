"""A statement that is being made, as a value: the wizard turns one into the next. No database."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from content.scenarios import Choice, Kind, Question, Scenario
from storage.tables.statements import Consent, Origin, StatementState

#: Nobody who was away this long is still on the same question: what they write is asked about first.
RESTS_AFTER = timedelta(hours=6)
#: What they add when the questions are over; it is no question of the scenario's.
EXTRA = "extra"
FEELING_IDS = ("great", "good", "ok", "not_good", "awful")


class Stage(StrEnum):
    """Where a draft is: answering, adding to an answer, changing one, or reading it back."""

    ASK = "ask"
    MORE = "more"
    CHANGE = "change"
    REVIEW = "review"


class Audience(StrEnum):
    """Who somebody may send a statement to: the ids of `taxonomy.yml`."""

    ADVISER = "adviser"
    MANAGER = "manager"
    REVIEWING_OFFICER = "reviewing_officer"
    ADVOCATE = "advocate"
    PARTICIPATION = "participation_anonymous"
    ONLY_ME = "only_me"


#: Nobody at the council gets these: an advocate works for the young person, not for the council.
KEPT_BY_THEM = frozenset({Audience.ONLY_ME, Audience.ADVOCATE})
#: We cannot say who a stranger's adviser is, and must not say that somebody will know who wrote.
FOR_STRANGERS = frozenset({Audience.PARTICIPATION, Audience.ONLY_ME})


@dataclass(frozen=True)
class Given:
    """One answer: what was picked, and what was written, which may be both."""

    question: str
    picked: str = ""
    number: int | None = None
    words: str = ""
    consent: Consent = Consent.NO

    @property
    def value(self) -> tuple[str, int | None, str]:
        """What was said, without what may be done with it."""
        return self.picked, self.number, self.words


@dataclass(frozen=True)
class Draft:
    """A statement and everything told so far, pinned to the scenario as it was when it began."""

    reference: str
    scenario: Scenario
    origin: Origin
    audience: Audience
    stage: Stage = Stage.ASK
    question: str = ""
    given: tuple[Given, ...] = ()
    easy: bool = False
    resting: bool = False
    asked_at: datetime | None = None

    def answer(self, question_id: str) -> Given | None:
        """Return what was answered to a question."""
        return next((one for one in self.given if one.question == question_id), None)

    def with_answer(self, given: Given) -> "Draft":
        """Return the draft with this answer, in the place of a former one."""
        former = self.answer(given.question)
        if former is None:
            return replace(self, given=(*self.given, given))
        given = replace(given, consent=former.consent)
        kept = tuple(given if one is former else one for one in self.given)
        return replace(self, given=kept)

    def asked(self) -> tuple[Question, ...]:
        """Return the questions of the version they are answering."""
        return self.scenario.asked(easy=self.easy)

    def current(self) -> Question | None:
        """Return the question that waits for its answer."""
        return self.scenario.question(self.question)

    def told(self) -> tuple[tuple[Question | None, Given], ...]:
        """Return every answer with its question, in the order of the questions."""
        found = [(one, self.answer(one.id)) for one in self.scenario.questions]
        extra = self.answer(EXTRA)
        known = tuple((one, given) for one, given in found if given is not None)
        return (*known, (None, extra)) if extra else known

    def quotes(self) -> tuple[tuple[Question, Given], ...]:
        """Return the answers whose words could be quoted."""
        return tuple(
            (one, given) for one, given in self.told() if one and one.quotable and given.words
        )

    def rests(self, now: datetime) -> bool:
        """Whether it is put aside: by them, or by a long silence."""
        return self.resting or (self.asked_at is not None and now - self.asked_at > RESTS_AFTER)


@dataclass(frozen=True)
class Told:
    """A statement with what became of it, as its author sees it."""

    draft: Draft
    state: StatementState
    began_at: datetime
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    answer_by: datetime | None = None

    @property
    def reference(self) -> str:
        """The reference that can be read out."""
        return self.draft.reference

    @property
    def can_take_back(self) -> bool:
        """Whether nobody has opened it yet."""
        return self.state is StatementState.SENT and self.opened_at is None

    @property
    def can_delete(self) -> bool:
        """Whether it may go now. What somebody is seeing to, a complaint above all, stays."""
        return self.can_take_back or self.state not in UNDER_WAY


UNDER_WAY = frozenset({StatementState.SENT, StatementState.OPENED, StatementState.IN_HAND})
#: Not shown in the list of what they told us.
GONE = frozenset({StatementState.DELETED})


def allowed(scenario: Scenario, *, known: bool, age: int | None) -> tuple[Audience, ...]:
    """Return who this may go to, for somebody we know or a stranger of this age.

    A complaint always reaches somebody: a stranger's goes to duty, under a manager's name.
    """
    everybody = tuple(Audience(one) for one in scenario.audiences)
    if not known:
        open_to_all = FOR_STRANGERS | ({Audience.MANAGER} if scenario.complaint else set())
        everybody = tuple(one for one in everybody if one in open_to_all)
    if age is not None and age >= TOO_OLD_FOR_REVIEWS:
        everybody = tuple(one for one in everybody if one is not Audience.REVIEWING_OFFICER)
    return everybody


#: local-offer facts: reviewing officers stay until 18, in Cheshire East until 20.
TOO_OLD_FOR_REVIEWS = 21


def first_audience(scenario: Scenario, *, known: bool, age: int | None) -> Audience:
    """Return who it goes to unless they choose otherwise."""
    wanted, fit = Audience(scenario.audience), allowed(scenario, known=known, age=age)
    return wanted if wanted in fit else fit[0]


def feelings(labels: dict[str, str]) -> tuple[Choice, ...]:
    """Return the scale of feelings, with its words and faces."""
    return tuple(Choice(one, labels[f"feeling_{one}"]) for one in FEELING_IDS)


def answer_text(question: Question | None, given: Given, scale: tuple[Choice, ...]) -> str:
    """Return an answer as they gave it: what was picked, and their words."""
    choice = question.choice(given.picked) if question else None
    if question and question.kind is Kind.FEELING:
        choice = next((one for one in scale if one.id == given.picked), None)
    number = "" if given.number is None or question is None else f"{given.number}"
    shown = [choice.label if choice else "", number, given.words]
    return "\n".join(part for part in shown if part)
