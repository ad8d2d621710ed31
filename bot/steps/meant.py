"""For whom somebody asks: themselves, or a person they work with, care for or know."""

from bot.turn import Turn
from nlu import somebody_else as other_people
from nlu.somebody_else import Asker, SomebodyElse


def somebody_else(turn: Turn) -> SomebodyElse | None:
    """Return whom a message asks for; a button and a short follow-up are about the same as before."""
    found = other_people.asked_for(turn.text) if turn.text else None
    if found is None and turn.memory.asked_for and not turn.text:
        return SomebodyElse(Asker(turn.memory.asked_for), turn.memory.their_age or None)
    return found


def age(turn: Turn, other: SomebodyElse | None) -> int | None:
    """Return the age an answer is for: theirs, never the writer's, when it is about somebody else.

    What is said of somebody else is not remembered of the writer; nor is an age of their own that
    they name in passing, which counts for this answer only, and only when we know none.
    """
    if other is not None:
        return other.age
    return turn.who.age or said(turn)


def age_now(turn: Turn) -> int | None:
    """Return the age that a follow-up is about: that of whoever the article was asked for."""
    if turn.memory.asked_for:
        return turn.memory.their_age or None
    return turn.who.age


def said(turn: Turn) -> int | None:
    """Return the age that is named in a message."""
    ages = (one.value for one in turn.understanding.entities if one.kind == "age")
    return next((int(value) for value in ages if value.isdigit()), None)


def told(turn: Turn, other: SomebodyElse | None, answer: str) -> str:
    """Return an answer with whom it is for in front, and for staff where they ask further."""
    if other is None:
        return answer
    parts = [turn.library.say(f"meant.{other.asker}"), answer]
    if other.asker is Asker.STAFF:
        parts.append(turn.library.say("meant.staff_ask"))
    return "\n\n".join(parts)
