"""The wizard: a draft and what somebody did make the next draft and what to say. Pure, no words.

    ask ──answer──▶ ask … ──last answer──▶ review ──send──▶ (sent)
     ▲  back, skip    │                     │  ▲
     └──── more ◀─────┘                     └─▶ change

It never refuses an answer it could keep, and never moves on without one unless told to skip.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from content.scenarios import Choice, Kind, Question, Scenario
from feedback import typed
from feedback.drafts import EXTRA, KEPT_BY_THEM, Audience, Draft, Given, Stage
from storage.tables.statements import Origin


class Line(StrEnum):
    """What to say next."""

    ASK = "ask"
    NOT_A_NUMBER = "not_a_number"
    TOO_LONG = "too_long"
    MORE = "more"
    ADDED = "added"
    REVIEW = "review"
    CHANGE = "change"
    AUDIENCE = "audience"
    REST = "rest"
    SEND = "send"
    KEEP = "keep"
    OLD = "old"


@dataclass(frozen=True)
class Step:
    """The draft as it is now, and what to say about it."""

    draft: Draft
    line: Line


#: What a button does to a draft, with the rest of what the button says.
Act = Callable[[Draft, str], Step]


def begin(
    scenario: Scenario,
    *,
    reference: str,
    audience: Audience,
    origin: Origin = Origin.OWN,
    words: str = "",
) -> Step:
    """Begin a statement. What they wrote already is its first answer: nothing is asked twice."""
    draft = Draft(reference, scenario, origin, audience)
    if scenario.own_words and typed.says_something(words, scenario.asking):
        given = Given(scenario.own_words, words=words.strip()[: typed.MOST_WORDS])
        draft = draft.with_answer(given)
    return _go_to_open(draft)


def say(draft: Draft, text: str, feelings: tuple[Choice, ...], *, early: bool = False) -> Step:
    """Take what they wrote. `early`: it was written before they could see the open question."""
    match draft.stage:
        case Stage.REVIEW:
            return _added(draft, EXTRA, text)
        case Stage.MORE:
            return _added(draft, draft.question, text)
    question = draft.current()
    before = draft.given[-1].question if draft.given else ""
    if early and before and draft.stage is Stage.ASK:
        step = _added(draft, before, text)
        return Step(step.draft, Line.TOO_LONG if step.line is Line.TOO_LONG else Line.ASK)
    if question is None:
        return _review(draft)
    given = typed.read(question, text, picks(draft, question, feelings))
    if given is None:
        return Step(draft, Line.NOT_A_NUMBER)
    step = _after(draft.with_answer(given), question)
    too_long = len(text.strip()) > typed.MOST_WORDS
    return Step(step.draft, Line.TOO_LONG) if too_long else step


def picks(draft: Draft, question: Question, feelings: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return what there is to pick for a question."""
    if question.kind is Kind.FEELING:
        return feelings
    if question.kind is Kind.NUMBER:
        numbers = range(question.lowest, question.highest + 1)
        return tuple(Choice(str(one), str(one)) for one in numbers)
    return question.picks(easy=draft.easy)


def _added(draft: Draft, question_id: str, text: str) -> Step:
    former = draft.answer(question_id) or Given(question_id)
    words = f"{former.words}\n{text.strip()}".strip()
    if len(words) > typed.MOST_WORDS:
        return Step(draft, Line.TOO_LONG)
    return Step(draft.with_answer(replace(former, words=words)), Line.ADDED)


def press(draft: Draft, verb: str, rest: str, feelings: tuple[Choice, ...]) -> Step:
    """Do what a button of a statement does. One that no longer fits changes nothing."""
    if verb == "a":
        return _picked(draft, rest, feelings)
    act = PRESSES.get(verb)
    return act(draft, rest) if act else Step(draft, Line.OLD)


def _picked(draft: Draft, rest: str, feelings: tuple[Choice, ...]) -> Step:
    """Take a picked answer; one to an earlier question changes that, and the talk stays here."""
    question_id, _, value = rest.partition(":")
    question = draft.scenario.question(question_id)
    both = (*picks(replace(draft, easy=True), question, feelings),) if question else ()
    both += picks(replace(draft, easy=False), question, feelings) if question else ()
    if question is None or value not in {one.id for one in both}:
        return Step(draft, Line.OLD)
    number = int(value) if question.kind is Kind.NUMBER else None
    given = Given(question.id, picked="" if number is not None else value, number=number)
    here = draft.question == question.id and draft.stage is not Stage.REVIEW
    after = draft.with_answer(given)
    return _after(after, question) if here else _again(after)


def _again(draft: Draft) -> Step:
    """Say again what is open."""
    lines = {Stage.REVIEW: Line.REVIEW, Stage.MORE: Line.MORE}
    return Step(draft, lines.get(draft.stage, Line.ASK))


def _after(draft: Draft, question: Question) -> Step:
    """Go on after an answer: to the next question, or back to where they were reading it."""
    if draft.stage is Stage.CHANGE:
        return _review(draft)
    return _next(draft, question.id)


def _next(draft: Draft, question_id: str) -> Step:
    """Go to the next question that has no answer yet."""
    asked = draft.asked()
    at = next((number for number, one in enumerate(asked) if one.id == question_id), -1)
    open_ones = [one for one in asked[at + 1 :] if draft.answer(one.id) is None]
    return _ask(draft, open_ones[0]) if open_ones else _review(draft)


def _go_to_open(draft: Draft) -> Step:
    """Go to the first question that has no answer and was not passed over."""
    return _next(draft, "")


def _ask(draft: Draft, question: Question) -> Step:
    return Step(replace(draft, stage=Stage.ASK, question=question.id), Line.ASK)


def _review(draft: Draft) -> Step:
    return Step(replace(draft, stage=Stage.REVIEW, question=""), Line.REVIEW)


def _back(draft: Draft, _rest: str) -> Step:
    """Go to the question before, to answer it again."""
    asked = draft.asked()
    if draft.stage is Stage.CHANGE:
        return _review(draft)
    if draft.stage is Stage.REVIEW:
        return _ask(draft, asked[-1])
    at = next((number for number, one in enumerate(asked) if one.id == draft.question), 0)
    return _ask(draft, asked[max(0, at - (draft.stage is Stage.ASK))])


def _skip(draft: Draft, rest: str) -> Step:
    """Go on without an answer, when the question may be skipped."""
    question = draft.current()
    if question is None or question.id != rest or draft.stage is Stage.REVIEW:
        return _again(draft)
    if not question.optional and draft.answer(question.id) is None:
        return _again(draft)
    return _after(draft, question)


def _skip_area(draft: Draft, rest: str) -> Step:
    """Pass over every question that is left of an area."""
    question = draft.current()
    if question is None or question.id != rest or not question.area or draft.stage is not Stage.ASK:
        return _again(draft)
    return _next(draft, [one.id for one in draft.asked() if one.area == question.area][-1])


def _more(draft: Draft, rest: str) -> Step:
    """Let them add to an answer."""
    if draft.answer(rest) is None:
        return _again(draft)
    return Step(replace(draft, stage=Stage.MORE, question=rest), Line.MORE)


def _done(draft: Draft, _rest: str) -> Step:
    return _next(draft, draft.question) if draft.stage is Stage.MORE else _again(draft)


def _mode(*, easy: bool, origin: Origin | None = None) -> Act:
    """Change how it is asked, at the beginning; a worker beside them is marked."""

    def change(draft: Draft, _rest: str) -> Step:
        if draft.stage is not Stage.ASK:
            return _again(draft)
        changed = replace(draft, easy=easy or (draft.easy and origin is not None))
        if origin is not None or changed.origin in {Origin.OWN, Origin.EASY}:
            own = Origin.EASY if changed.easy else Origin.OWN
            changed = replace(changed, origin=origin or own)
        return _go_to_open(changed)

    return change


def _fix(draft: Draft, rest: str) -> Step:
    """Ask one question again, and come back to the whole."""
    if rest == EXTRA:
        kept = tuple(one for one in draft.given if one.question != EXTRA)
        return _review(replace(draft, given=kept))
    if draft.scenario.question(rest) is None:
        return _again(draft)
    return Step(replace(draft, stage=Stage.CHANGE, question=rest), Line.ASK)


def _at_review(line: Line) -> Act:
    def show(draft: Draft, _rest: str) -> Step:
        return Step(draft, line) if draft.stage is Stage.REVIEW else _again(draft)

    return show


def _to(draft: Draft, rest: str) -> Step:
    """Choose who it goes to. Who may be chosen is checked by the caller, who knows who is asking."""
    if draft.stage is not Stage.REVIEW or rest not in draft.scenario.audiences:
        return _again(draft)
    return Step(replace(draft, audience=Audience(rest)), Line.REVIEW)


def _send(draft: Draft, _rest: str) -> Step:
    if draft.stage is not Stage.REVIEW or not draft.given:
        return _again(draft)
    return Step(draft, Line.KEEP if draft.audience in KEPT_BY_THEM else Line.SEND)


def _rest(draft: Draft, _rest: str) -> Step:
    return Step(replace(draft, resting=True), Line.REST)


def _go_on(draft: Draft, _rest: str) -> Step:
    """Go on where it was left; what was answered at that moment is not asked again."""
    draft = replace(draft, resting=False)
    answered = draft.stage is Stage.ASK and draft.answer(draft.question) is not None
    return _next(draft, draft.question) if answered else _again(draft)


def put_aside(draft: Draft, words: str, feelings: tuple[Choice, ...]) -> Draft:
    """Put a draft aside, where it is, with the words that made us stop."""
    kept = say(draft, words, feelings).draft if words.strip() else draft
    return replace(kept, stage=draft.stage, question=draft.question, resting=True)


PRESSES: dict[str, Act] = {
    "back": _back,
    "skip": _skip,
    "topic": _skip_area,
    "more": _more,
    "done": _done,
    "easy": _mode(easy=True),
    "full": _mode(easy=False),
    "worker": _mode(easy=False, origin=Origin.WITH_WORKER),
    "change": _at_review(Line.CHANGE),
    "fix": _fix,
    "review": lambda draft, _rest: _again(draft),
    "who": _at_review(Line.AUDIENCE),
    "to": _to,
    "send": _send,
    "rest": _rest,
    "go": _go_on,
}
