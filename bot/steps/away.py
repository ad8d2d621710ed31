"""While an adviser is away: the young person is told once who looks after their messages."""

from dataclasses import replace

from bot.turn import Outcome, Reply, ToldAway, Turn
from people import cover
from storage.tables.outbox import Lane


def with_line(turn: Turn, outcome: Outcome) -> Outcome:
    """Add who looks after their messages to what is said anyway; never to a word about danger.

    Where nothing is said somebody is talking with them, or they asked for quiet.
    """
    away = turn.away
    if away is None or away.told or turn.who.stopped or not outcome.replies:
        return outcome
    if any(reply.lane is Lane.SAFETY for reply in outcome.replies):
        return outcome
    said = Reply("cover.looks_after", cover.line(turn.library, away))
    return replace(
        outcome,
        replies=(said, *outcome.replies),
        effects=(*outcome.effects, ToldAway(away.absence_id)),
    )
