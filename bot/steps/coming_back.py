"""Coming back to a half-told statement after something in between, or putting it aside."""

from dataclasses import replace

from bot.incoming import Kind
from bot.memory import Waiting
from bot.steps import wording
from bot.steps.statements import go_key, open_draft
from bot.turn import (
    AllowQuote,
    KeepDraft,
    KeepStatement,
    Outcome,
    Reopen,
    Reply,
    SendCopy,
    SendStatement,
    TakeBack,
    Turn,
)
from feedback import wizard
from feedback.drafts import Draft
from safeguarding.levels import Category, Level
from storage.tables.outbox import Lane

#: Everything that changes a statement: after one of these the talk is where it should be.
OURS = (KeepDraft, SendStatement, KeepStatement, TakeBack, Reopen, AllowQuote, SendCopy)


def after(turn: Turn, outcome: Outcome) -> Outcome:
    """Come back to the open question after something in between, or put the statement aside."""
    if any(isinstance(one, OURS) for one in outcome.effects) or not outcome.replies:
        return outcome
    draft = open_draft(turn)
    first = outcome.replies[0].id.split(".")[0]
    if draft is None:
        return _offer(turn, outcome) if _may_offer(outcome) else outcome
    if _leaves(outcome, first):
        aside = wizard.put_aside(draft, _worry(turn, outcome), wording.scale(turn))
        outcome = Outcome(
            outcome.replies, outcome.memory, (*outcome.effects, KeepDraft(aside)), outcome.article
        )
        return _offer(turn, outcome) if first in OFFERED or _asks_else(outcome) else outcome
    caption = _caption(turn, draft)
    draft = caption or draft
    back = wording.ask(turn, draft, turn.library.say("statement.back_to"))
    return Outcome(
        (*outcome.replies, back),
        outcome.memory,
        (*outcome.effects, KeepDraft(replace(draft, asked_at=turn.now))),
        outcome.article,
    )


def _caption(turn: Turn, draft: Draft) -> Draft | None:
    """Return the draft with the words that came with something we cannot see."""
    if not turn.incoming.unread or not turn.text.strip():
        return None
    return wizard.say(draft, turn.text, wording.scale(turn)).draft


def _worry(turn: Turn, outcome: Outcome) -> str:
    """Return words that worried us and are an answer all the same: they need not write them twice.

    What cannot wait is for a person to read now, and stays out of what is sent later.
    """
    danger = outcome.replies[0].lane is Lane.SAFETY
    answer = turn.incoming.kind is Kind.TEXT and turn.screening.level is Level.SAME_DAY
    asked_for_help = set(turn.screening.categories) <= {Category.HELP_WORD}
    return turn.text if danger and answer and not asked_for_help else ""


def _may_offer(outcome: Outcome) -> bool:
    """Whether this is a moment to offer to go on with what rests: never under a card."""
    ids = {one.id for one in outcome.replies}
    asked = outcome.memory.waiting is Waiting.CONFIRM_DELETE
    groups = {one.split(".")[0] for one in ids}
    return not asked and bool(groups & {"menu", "unsure", "people"} or ids & CALM_AGAIN)


#: They tell us that it is not, or no longer, danger.
CALM_AGAIN = frozenset({"safety.button.got_wrong"})
#: After these they are somewhere else, and may come back with one tap.
OFFERED = frozenset({"menu", "people", "welcome", "ask_council"})


def _asks_else(outcome: Outcome) -> bool:
    """Whether what put the statement aside is another question of ours, and not danger."""
    calm = outcome.replies[0].lane is not Lane.SAFETY
    return calm and outcome.memory.waiting in {Waiting.RHYTHM, Waiting.LATER_WORDS}


def _leaves(outcome: Outcome, first: str) -> bool:
    """Whether what they got has taken them away from the statement."""
    danger = outcome.replies[0].lane is Lane.SAFETY
    asked = outcome.memory.waiting is not Waiting.NOTHING
    return danger or asked or first in OFFERED or outcome.replies[0].id in LEAVING


LEAVING = frozenset({"control.stopped", "control.deleted", "control.deleted_stranger"})


def _offer(turn: Turn, outcome: Outcome) -> Outcome:
    """Offer, under what was said, to go on with what they were telling us."""
    if turn.draft is None:
        return outcome
    last = outcome.replies[-1]
    last = Reply(
        last.id,
        last.text,
        (*last.keys, (go_key(turn, turn.draft),)),
        last.lane,
        last.help_keyboard,
    )
    return Outcome((*outcome.replies[:-1], last), outcome.memory, outcome.effects, outcome.article)
