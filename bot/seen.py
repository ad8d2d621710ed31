"""Says truthfully who will read something, and when (safety.md HZ-06, E6)."""

from bot.turn import Turn
from people.hours import say_time
from safeguarding.levels import Level


def line(turn: Turn, level: Level, *, about_staff: bool = False) -> str:
    """Return the sentence for a flag of this level. It is sent only once the flag is saved."""
    library, now = turn.library, turn.now
    who = reader(turn, about_staff=about_staff)
    urgent = level.at_least(Level.SAME_DAY)
    until, back = turn.rota.closes_at(now), turn.rota.next_open(now)
    if until is not None:
        kept = "seen.now" if urgent else "seen.concern_now"
        return library.say(kept, who=who, until=say_time(until, now, turn.rota.zone))
    if back is None:
        return library.say("seen.no_rota", who=who)
    said = say_time(back, now, turn.rota.zone)
    if not urgent:
        return library.say("seen.concern_later", who=who, back=said)
    return library.say("seen.later", who=who, back=said, tonight=tonight(turn))


def tonight(turn: Turn) -> str:
    """Return how to reach the emergency duty team, when the council has told us its number."""
    council = turn.library.councils.get(turn.council or turn.default_council)
    phone = council.phone("emergency_duty_team") if council else None
    return " " + turn.library.say("seen.tonight", phone=phone) if phone else ""


def reader(turn: Turn, *, about_staff: bool) -> str:
    """Return who a flag goes to, in words. Never names the person it is about."""
    if about_staff:
        return turn.library.say("seen.manager")
    return turn.reader or turn.library.say("seen.team")
