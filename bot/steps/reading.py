"""What the understanding amounts to: an answer, a choice, or nothing. Pure decisions on numbers."""

from bot.turn import Turn
from nlu.understanding import Ranked

#: Danger has its own step, in front; as an understanding it is never "answered".
DANGER = "danger_"
RASA_CONTROL = frozenset({"stop", "pause", "resume", "delete_my_data", "get_my_data"})
#: Offered together when each is at least this share of the best.
CLOSE = 0.6
MOST_CHOICES = 3


def certain_intent(turn: Turn) -> str | None:
    """Return what was meant when the understanding is sure enough to act on."""
    found = turn.understanding
    return found.intent if found.confidence >= turn.thresholds["answer"] else None


def is_question(turn: Turn) -> bool:
    """Whether an article, or a wish for a person, will surely answer this."""
    intent = certain_intent(turn)
    return intent is not None and (
        turn.article(intent) is not None or intent in turn.library.ids.intents["people"]
    )


def likely_articles(turn: Turn) -> tuple[str, ...]:
    """Return up to three articles worth offering, best first.

    An article belongs in the offer when the understanding gives it at least the `ask`
    threshold, or it is close behind one that has it.
    """
    ranked = [one for one in turn.understanding.ranking if turn.article(one.intent)]
    if not ranked or ranked[0].confidence < turn.thresholds["ask"]:
        return ()
    best = ranked[0].confidence
    return tuple(one.intent for one in ranked[:MOST_CHOICES] if _close(one, best))


def _close(one: Ranked, best: float) -> bool:
    return one.confidence >= best * CLOSE or one.confidence >= best - 0.25
