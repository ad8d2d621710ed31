"""The conversation: an ordered tuple of steps. The order is the policy."""

from dataclasses import replace
from typing import Any

from bot.incoming import Kind
from bot.memory import FOR_WORDS, Waiting
from bot.steps import (
    answering,
    away,
    browsing,
    check_ins,
    coming_back,
    control,
    danger,
    follow_ups,
    hearing,
    languages,
    needs,
    news,
    off,
    people,
    rhythm,
    statements,
    talking,
    welcome,
)
from bot.turn import AddLater, AddWords, Ask, Outcome, Step, Turn

#: The first step that has an outcome ends the turn: danger first, before anything that can fail.
STEPS: tuple[Step, ...] = (
    talking.leave_group,
    talking.note_membership,
    danger.answer_danger,
    off.answer,
    control.obey,
    control.confirm_delete,
    control.stay_stopped,
    talking.slow_down,
    welcome.start,
    browsing.press,
    talking.keep_quiet,
    talking.say_unreadable,
    hearing.by_words,
    news.hear,
    check_ins.take_answer,
    rhythm.take_wish,
    danger.soft_check,
    statements.take,
    # After an open statement: whatever language its answer is in, it is the answer.
    languages.answer_in_theirs,
    talking.pass_over,
    welcome.take_age,
    welcome.take_council,
    hearing.take_question,
    hearing.take_check,
    hearing.take_later_words,
    people.take_words,
    danger.stay_with_them,
    control.obey_meaning,
    follow_ups.by_words,
    needs.answer_both,
    statements.begin_by_words,
    people.reach,
    answering.follow_up,
    answering.answer,
    talking.chat,
    talking.out_of_scope,
    talking.offer_a_person,
)


def respond(turn: Turn) -> Outcome:
    """Return the outcome of the first step that has one, with a gentle line if we worry."""
    # Every turn puts the last card further back, whatever it is about.
    memory = replace(turn.memory, turns_since_card=turn.memory.turns_since_card + 1)
    if memory.words_are_over(turn.now):
        memory = replace(memory, **NOTHING_WAITS)
    turn = replace(turn, memory=memory)
    outcome = _first(turn)
    asked_just_now = outcome.replies and outcome.replies[0].id.startswith("control.delete_ask")
    if outcome.memory.waiting is Waiting.CONFIRM_DELETE and not asked_just_now:
        # Anything else in between, and a later "yeah" is about that, not about deleting.
        outcome = replace(outcome, memory=replace(outcome.memory, waiting=Waiting.NOTHING))
    if outcome.memory.waiting is Waiting.RHYTHM and not _is_about_check_ins(outcome):
        outcome = replace(outcome, memory=replace(outcome.memory, **NOTHING_WAITS))
    if outcome.memory.waiting in FOR_WORDS and _walks_away(turn, outcome):
        outcome = replace(outcome, memory=replace(outcome.memory, **NOTHING_WAITS))
    if outcome.memory.waiting in FOR_WORDS and _asks_for_words(turn, outcome):
        outcome = replace(outcome, memory=replace(outcome.memory, waiting_at=turn.now.isoformat()))
    if turn.off:
        return danger.with_soft_check(turn, outcome)
    outcome = danger.with_soft_check(turn, coming_back.after(turn, outcome))
    return away.with_line(turn, needs.with_offer(turn, outcome))


#: What they write after one of these is about that, not more words for somebody.
ELSEWHERE = frozenset({"menu", "mine", "wedid", "events"})
#: These too when they come by a button; asked for in words, an answer leaves the words open.
ELSEWHERE_BY_BUTTON = frozenset({"article", "more", "who", "welcome", "check_in"})
NOTHING_WAITS: dict[str, Any] = {"waiting": Waiting.NOTHING, "waiting_for": ""}


def _is_about_check_ins(outcome: Outcome) -> bool:
    """Whether check-ins are still being agreed on; anything in between, and words are about that."""
    asked = ("check_in.ask_", "check_in.settings")
    return bool(outcome.replies) and outcome.replies[0].id.startswith(asked)


def _asks_for_words(turn: Turn, outcome: Outcome) -> bool:
    """Whether words were asked for in this turn, or some were taken."""
    before, after = turn.memory, outcome.memory
    asked = (before.waiting, before.waiting_for) != (after.waiting, after.waiting_for)
    return asked or any(isinstance(one, (Ask, AddWords, AddLater)) for one in outcome.effects)


def _walks_away(turn: Turn, outcome: Outcome) -> bool:
    """Whether somebody whom we asked for words has gone to look at something else."""
    if not outcome.replies:
        return False
    first, by_button = outcome.replies[0].id, turn.incoming.kind is Kind.BUTTON
    group = first.split(".")[0]
    away = group in ELSEWHERE or first == "statement.menu"
    return away or (by_button and group in ELSEWHERE_BY_BUTTON)


def _first(turn: Turn) -> Outcome:
    return next(found for step in STEPS if (found := step(turn)) is not None)
