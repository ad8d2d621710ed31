"""Telling somebody something: begins a statement, takes its answers, and comes back after a pause.

What to do with an answer is decided in `feedback/wizard.py`; here it meets the rest of the talk.
Danger and the words that always work come before this step, so they do at every question.
"""

import re
from dataclasses import replace

from bot.incoming import Kind
from bot.memory import FOR_WORDS, Waiting
from bot.steps import answering, reading, topics, wording
from bot.turn import (
    Effect,
    KeepDraft,
    KeepStatement,
    Key,
    Outcome,
    Reopen,
    Reply,
    SendStatement,
    Turn,
)
from content.scenarios import Scenario
from feedback import typed, wizard
from feedback.drafts import Audience, Draft, Stage, allowed, first_audience
from feedback.wizard import Line, Step
from nlu.praise import only_praises
from safeguarding.levels import Level
from storage.tables.statements import Origin

#: The kinds of incoming that can hold an answer. A caption is words like any other.
ANSWERS = frozenset({Kind.TEXT, Kind.STICKER})
ASKS = re.compile(
    r"\?\s*$|^\W*(?:can|could|do|does|did|am|is|are|what|whats|where|when|who|why|how|will|would"
    r"|should|which)\b",
    re.IGNORECASE,
)
LONGEST_QUESTION, LONGEST_ORDER = 25, 6
#: What is only good about an adviser is good news, which goes to them; the rest never does.
GOOD_NEWS = "share_good_news"
YES_SEND = frozenset({"send", "send it", "yes", "yes send it", "yeah", "yep", "y"})


def scenarios(turn: Turn) -> list[Scenario]:
    """Return the kinds of statement there are for this council."""
    return [one for one in turn.library.scenarios.values() if one.shown_in(turn.council)]


def menu(turn: Turn) -> Outcome:
    """Offer every kind of statement."""
    kinds = tuple(Key(one.title, f"start:{one.id}") for one in scenarios(turn))
    rows = topics.side_by_side(kinds)
    reply = turn.reply(
        "statement.menu", *rows, (turn.key("mine", "mine"), turn.key("menu", "menu"))
    )
    return turn.say(reply)


def by_intent(turn: Turn, intent: str | None) -> Scenario | None:
    """Return the kind of statement that an intent starts."""
    return next((one for one in scenarios(turn) if intent in one.intents), None)


def begin(
    turn: Turn, scenario: Scenario, *, words: str = "", origin: Origin = Origin.OWN
) -> Outcome:
    """Begin a statement; say who would read it, and that nobody does until they send it."""
    reference = f"C{turn.fresh_reference[1:]}" if scenario.complaint else turn.fresh_reference
    step = wizard.begin(
        scenario,
        reference=reference,
        audience=first_audience(scenario, known=turn.who.known, age=turn.who.age),
        origin=origin,
        words=words,
    )
    step = Step(_away_from_adviser(turn, step.draft), step.line)
    intro = turn.library.say(
        "statement.begin_with_words" if step.draft.given else "statement.begin",
        intro=scenario.intro,
        who=wording.who(turn, step.draft),
    )
    stranger = "" if turn.who.known else turn.library.say("statement.stranger")
    before = "\n\n".join(part for part in (intro, stranger) if part)
    if step.line is Line.REVIEW:
        return _say(turn, step)
    reply = wording.ask(turn, step.draft, before, modes=True)
    return _keep(turn, step.draft, reply)


def _away_from_adviser(turn: Turn, draft: Draft) -> Draft:
    """Return the draft, for a manager instead when what they wrote may be about their adviser."""
    open_to = allowed(draft.scenario, known=turn.who.known, age=turn.who.age)
    about = turn.screening.about_staff and draft.audience is Audience.ADVISER
    moved = about and Audience.MANAGER in open_to
    return replace(draft, audience=Audience.MANAGER) if moved else draft


def _keep(turn: Turn, draft: Draft, *replies: Reply) -> Outcome:
    """Keep the draft, and ask nothing else at the same time."""
    asked = replace(draft, asked_at=turn.now)
    return turn.say(
        *replies, effects=(KeepDraft(asked),), waiting=Waiting.NOTHING, waiting_for="", missed=0
    )


def begin_by_words(turn: Turn) -> Outcome | None:
    """Begin the statement that somebody surely wants to make, with the words they wrote."""
    intent = reading.certain_intent(turn)
    if intent == "give_feedback":
        return menu(turn)
    found = by_intent(turn, intent)
    if found is not None and found.about_adviser and _thanks(turn):
        found = by_intent(turn, GOOD_NEWS)
    return begin(turn, found, words=turn.text) if found else None


def _thanks(turn: Turn) -> bool:
    """Whether they only say something good about their adviser, who should then hear of it."""
    worrying = turn.screening.about_staff or turn.screening.level is not Level.NONE
    return not worrying and only_praises(turn.text)


def start(turn: Turn, rest: str) -> Outcome | None:
    """Begin the kind of statement that a button names, and where it comes from if not from the menu."""
    wanted, _, origin = rest.partition(":")
    found = next((one for one in scenarios(turn) if one.id == wanted), None)
    if found is None:
        return None
    return begin(turn, found, origin=Origin.CHECK_IN if origin == Origin.CHECK_IN else Origin.OWN)


def open_draft(turn: Turn) -> Draft | None:
    """Return the statement they are in the middle of; one that rests does not count."""
    return turn.draft if turn.draft and not turn.draft.rests(turn.now) else None


def is_for_words(turn: Turn) -> bool:
    """Whether what they write now is kept in their own words, for this statement or for a person."""
    return turn.memory.waiting in FOR_WORDS or open_draft(turn) is not None


def take(turn: Turn) -> Outcome | None:
    """Take what they wrote as the answer to the open question."""
    draft = open_draft(turn)
    if draft is None or turn.incoming.kind not in ANSWERS or turn.incoming.edited:
        return None
    if not turn.text or turn.text.startswith("/"):
        return None
    if turn.incoming.kind is Kind.STICKER and not _picks(turn, draft):
        return None
    if _early(turn, draft):
        step = wizard.say(draft, turn.text, wording.scale(turn), early=True)
        # The open question is on its way to them already; asking it again would only be noise.
        quiet = step.line is not Line.TOO_LONG
        return turn.say(effects=(KeepDraft(step.draft),)) if quiet else _say(turn, step)
    if _for_somebody_else(turn, draft):
        return None
    if draft.stage is Stage.REVIEW and turn.text.casefold().strip(" .!") in YES_SEND:
        return _say(turn, wizard.press(draft, "send", "", wording.scale(turn)))
    draft = _away_from_adviser(turn, draft)
    return _say(turn, wizard.say(draft, turn.text, wording.scale(turn)))


def keep_words(turn: Turn) -> tuple[Effect, ...]:
    """Return what keeps words that come too fast to be answered: they are part of the answer."""
    draft = open_draft(turn)
    if draft is None or turn.incoming.kind is not Kind.TEXT or not turn.text:
        return ()
    if turn.text.startswith("/"):
        return ()
    return (KeepDraft(wizard.say(draft, turn.text, wording.scale(turn), early=True).draft),)


def _picks(turn: Turn, draft: Draft) -> bool:
    """Whether a sticker's face is one of the things to pick."""
    question = draft.current()
    if question is None:
        return False
    picks = wizard.picks(draft, question, wording.scale(turn))
    return bool(typed.pick(turn.text, picks))


def _early(turn: Turn, draft: Draft) -> bool:
    """Whether it reached us before we asked what is open now: it cannot be the answer to that."""
    came, asked = turn.received_at, draft.asked_at
    return came is not None and asked is not None and came < asked


def _for_somebody_else(turn: Turn, draft: Draft) -> bool:
    """Whether it is surely not an answer. In doubt it is: their words are never lost."""
    intent = reading.certain_intent(turn)
    length = len(turn.text.split())
    if intent in reading.RASA_CONTROL and length <= LONGEST_ORDER:
        return True
    if draft.stage is Stage.REVIEW and intent is not None:
        return by_intent(turn, intent) is None
    asks = length <= LONGEST_QUESTION and ASKS.search(turn.text) is not None
    return asks and answering.answer(turn) is not None


def press(turn: Turn, rest: str) -> Outcome | None:
    """Do what a button of the open statement does."""
    reference, verb, argument = (*rest.split(":", 2), "", "")[:3]
    draft = turn.draft
    if draft is None or draft.reference != reference:
        return _resume(turn, reference) if verb == "go" else None
    if verb == "to" and argument not in allowed(
        draft.scenario, known=turn.who.known, age=turn.who.age
    ):
        return None
    if draft.resting and verb not in {"go", "rest"}:
        draft = wizard.press(draft, "go", "", wording.scale(turn)).draft
    step = wizard.press(draft, verb, argument, wording.scale(turn))
    if verb in MODES and step.line is Line.ASK:
        said = turn.library.say(f"statement.mode_{verb}")
        return _keep(turn, step.draft, wording.ask(turn, step.draft, said, modes=True))
    if verb in JUST_READ and step.line is Line.REVIEW:
        return _keep(turn, step.draft, wording.check(turn, step.draft))
    return _say(turn, step)


#: Ways of being asked, which can be chosen together.
MODES = frozenset({"easy", "full", "worker"})
#: After these the whole statement stands just above: it is not read back again.
JUST_READ = frozenset({"to", "review"})


def _resume(turn: Turn, reference: str) -> Outcome | None:
    """Go on with one that was put aside while another was made."""
    for one in turn.told() if turn.told else ():
        if one.reference == reference:
            return resume(turn, one.draft)
    return None


def resume(turn: Turn, draft: Draft) -> Outcome:
    """Go on with a statement at the place where it was left."""
    step = wizard.press(draft, "go", "", wording.scale(turn))
    said = _say(turn, step)
    return Outcome(said.replies, said.memory, (Reopen(draft.reference), *said.effects))


def at_review(draft: Draft) -> Draft:
    """Return a finished statement as it is before sending: read whole."""
    return replace(draft, stage=Stage.REVIEW, question="")


def _say(turn: Turn, step: Step) -> Outcome:
    """Say what the wizard decided."""
    draft = step.draft
    match step.line:
        case Line.SEND:
            return _sent(turn, draft)
        case Line.KEEP:
            return _kept(turn, draft)
        case Line.OLD:
            return _keep(turn, draft, *again(turn, draft, turn.library.say("statement.old")))
        case Line.REST:
            row = (go_key(turn, draft), turn.key("menu", "menu"))
            return _keep(turn, draft, turn.reply("statement.rest", row))
        case Line.CHANGE:
            return _keep(turn, draft, wording.choose_change(turn, draft))
        case Line.AUDIENCE:
            return _keep(turn, draft, wording.choose_audience(turn, draft))
    before = turn.library.say(BEFORE[step.line]) if step.line in BEFORE else ""
    return _keep(turn, draft, *again(turn, draft, before))


BEFORE = {
    Line.NOT_A_NUMBER: "statement.not_a_number",
    Line.TOO_LONG: "statement.too_long",
    Line.ADDED: "statement.added",
}


def again(turn: Turn, draft: Draft, before: str = "") -> tuple[Reply, ...]:
    """Return the open question, or the whole statement when every question is answered."""
    if draft.stage is Stage.REVIEW:
        return (*wording.read_back(turn, draft), wording.check(turn, draft, before))
    return (wording.ask(turn, draft, before),)


def go_key(turn: Turn, draft: Draft) -> Key:
    return turn.key("carry_on", wording.act(draft, "go"))


def _sent(turn: Turn, draft: Draft) -> Outcome:
    """Send it, say who has it and what happens next, and ask once whether words may be used."""
    which = "statement.sent_complaint" if draft.scenario.complaint else "statement.sent"
    values = {
        "who": wording.who(turn, draft),
        "next": wording.what_next(turn, draft),
        "reference": draft.reference,
    }
    copy = (turn.key("get_copy", f"own:{draft.reference}:copy"), turn.key("menu", "menu"))
    sent = turn.reply(which, copy, **values)
    if draft.scenario.advocate:
        helped = turn.library.say("statement.advocate", turn.council)
        advocate = (turn.key("ask_advocate", "ask:want_advocate"),)
        sent = Reply(sent.id, f"{sent.text}\n\n{helped}", (*sent.keys, advocate))
    asked = (ask_consent(turn, draft),) if draft.quotes() else ()
    return turn.say(sent, *asked, effects=(SendStatement(draft),))


def ask_consent(turn: Turn, draft: Draft, question: str = "") -> Reply:
    """Ask whether words may be used without a name: of the whole, or of one answer."""
    rows = tuple(
        (turn.key(f"quote_{one}", f"own:{draft.reference}:allow:{one}:{question}"),)
        for one in ("yes", "reworded", "no")
    )
    return turn.reply("statement.consent", *rows)


def _kept(turn: Turn, draft: Draft) -> Outcome:
    copy = (turn.key("get_copy", f"own:{draft.reference}:copy"), turn.key("menu", "menu"))
    if draft.audience is Audience.ADVOCATE:
        row = (turn.key("ask_advocate", "ask:want_advocate"),)
        reply = turn.reply("statement.kept_advocate", row, copy)
    else:
        reply = turn.reply("statement.kept", copy)
    return turn.say(reply, effects=(KeepStatement(draft),))
