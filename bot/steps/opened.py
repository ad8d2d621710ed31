"""Who has seen this: who opened what they wrote, by day. Never which message, nor why."""

from datetime import date
from itertools import groupby

from bot.turn import Outcome, Reply, Turn
from people.hours import say_date
from storage.seen import Seen

#: More than this nobody reads on a phone; the rest is in MY DATA.
MOST_LINES = 25


def show(turn: Turn) -> Outcome:
    """List who opened what of theirs and on which day, newest first."""
    rows = (turn.key("menu", "menu"), turn.key("person", "person"))
    found = turn.seen() if turn.seen else ()
    if not found:
        return turn.say(turn.reply("seen_by.none", rows))
    say = turn.library.say
    lines = [say("seen_by.lead").strip()]
    shown = 0
    for day, that_day in groupby(found, key=lambda one: _day(turn, one)):
        said = _lines(turn, list(that_day))
        if shown + len(said) > MOST_LINES:
            lines.append(say("seen_by.older").strip())
            break
        lines.append("\n".join([day, *said]))
        shown += len(said)
    lines.append(say("seen_by.program").strip())
    return turn.say(Reply("seen_by.lead", "\n\n".join(lines), (rows,)))


def _day(turn: Turn, one: Seen) -> str:
    local: date = one.at.astimezone(turn.rota.zone).date()
    year = "" if local.year == turn.now.astimezone(turn.rota.zone).year else f" {local.year}"
    return f"{say_date(one.at, turn.rota.zone)}{year}"


def _lines(turn: Turn, that_day: list[Seen]) -> list[str]:
    """Return a line for each who opened something that day: who, and all of what it was."""
    say = turn.library.say
    opened: dict[str, dict[str, None]] = {}
    for one in that_day:
        who = one.who(turn.who.adviser_id, say)
        opened.setdefault(who, {})[say(f"seen_by.{one.what}")] = None
    return [say("seen_by.line", who=who, what=", ".join(what)) for who, what in opened.items()]
