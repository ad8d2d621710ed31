"""Statements and notes of a practice conversation: the same as the real ones, in memory only. Pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.keeping import Answered, CountNote
from bot.turn import (
    AllowQuote,
    Effect,
    Erase,
    KeepDraft,
    KeepStatement,
    Reopen,
    SendStatement,
    TakeBack,
)
from checkins.hearing import SAME_TALK, Answer
from feedback import counted
from feedback.counted import Note
from feedback.drafts import Draft, Stage, Told
from storage.tables.statements import StatementState

Statements = tuple[Told, ...]
Notes = tuple[Note, ...]


def follow_note(notes: Notes, effect: Effect, now: datetime) -> Notes:
    """Return what they wrote in check-ins as it is after an effect, newest first."""
    match effect:
        case Answered(answer) if answer.words:
            return _written(notes, answer, now)
        case CountNote(which, wanted):
            return tuple(
                replace(one, counted=wanted) if one.stamp == which else one for one in notes
            )
        case Erase():
            return ()
    return notes


def _written(notes: Notes, answer: Answer, now: datetime) -> Notes:
    """Add words to the check-in they belong to. Who let us count it was not asked about these."""
    former = notes[0] if notes and notes[0].question == answer.question else None
    if former is None or answer.feeling is not None or now - former.at > SAME_TALK:
        return (Note(counted.stamp(now), now, answer.question, answer.words), *notes)
    words = f"{former.words}\n{answer.words}"
    return (Note(counted.stamp(now), now, answer.question, words), *notes[1:])


def draft_in(told: Statements) -> Draft | None:
    """Return the statement they are in the middle of, or put aside last."""
    drafts = [one.draft for one in told if one.state is StatementState.DRAFT]
    return min(drafts, key=lambda one: one.resting, default=None)


def fresh_reference(told: Statements) -> str:
    """Return a reference that no statement of this conversation has."""
    used = [int(one.reference.split("-")[1]) for one in told]
    return f"S-{max(used, default=0) + 1}"


def follow(told: Statements, effect: Effect, now: datetime) -> Statements:
    """Return the statements as they are after an effect, newest first."""
    match effect:
        case KeepDraft(draft):
            others = told if draft.resting else tuple(_rest(one) for one in told)
            return _put(others, draft, StatementState.DRAFT, now)
        case SendStatement(draft):
            found = _put(told, draft, StatementState.SENT, now)
            return _change(found, draft.reference, lambda one: replace(one, sent_at=now))
        case KeepStatement(draft):
            return _put(told, draft, StatementState.KEPT, now)
        case TakeBack(reference, delete):
            if delete:
                return tuple(one for one in told if one.reference != reference)
            return _change(told, reference, _withdrawn)
        case Reopen(reference):
            return _change(tuple(_rest(one) for one in told), reference, _reopened)
        case AllowQuote(reference, consent, question):

            def allowed(one: Told) -> Told:
                quotable = {asked.id for asked, _ in one.draft.quotes()}
                given = tuple(
                    replace(each, consent=consent)
                    if each.question in quotable and question in {"", each.question}
                    else each
                    for each in one.draft.given
                )
                return replace(one, draft=replace(one.draft, given=given))

            return _change(told, reference, allowed)
        case Erase():
            return ()
    return told


def _put(told: Statements, draft: Draft, state: StatementState, now: datetime) -> Statements:
    """Return the statements with this one as it now stands."""
    draft = replace(draft, asked_at=draft.asked_at or now)
    if any(one.reference == draft.reference for one in told):
        return _change(told, draft.reference, lambda one: replace(one, draft=draft, state=state))
    return (Told(draft, state, now), *told)


def _change(told: Statements, reference: str, change: Callable[[Told], Told]) -> Statements:
    return tuple(change(one) if one.reference == reference else one for one in told)


def _rest(one: Told) -> Told:
    return replace(one, draft=replace(one.draft, resting=True))


def _withdrawn(one: Told) -> Told:
    return replace(one, state=StatementState.WITHDRAWN)


def _reopened(one: Told) -> Told:
    draft = replace(one.draft, resting=False)
    if one.state is not StatementState.DRAFT:
        draft = replace(draft, stage=Stage.REVIEW, question="")
    return replace(one, draft=draft, state=StatementState.DRAFT, sent_at=None)
