"""Whether what somebody wrote in a check-in may be counted: asked after it, changed at any time.

A phone may be in somebody else's hand: dates only, until they ask for the words.
"""

from collections.abc import Callable

from bot.keeping import CountNote
from bot.turn import Key, Outcome, Reply, Turn
from feedback import counted
from feedback.counted import Note
from people.hours import say_date

#: A few words about how they are say nothing that could be counted; more may.
ENOUGH_WORDS = 6

Row = tuple[Key, ...]


def choice(turn: Turn) -> Row:
    """Return the two buttons under what they just wrote: they are about it as it now stands."""
    stamp = counted.stamp(turn.now)
    return (turn.key("count_yes", f"note:{stamp}:yes"), turn.key("count_no", f"note:{stamp}:no"))


def asked_beside(turn: Turn, reply: Reply) -> Reply:
    """Return a reply with the question in it, unless this is no moment for such things."""
    if turn.memory.soft(turn.now) or turn.who.flag_open:
        return reply
    text = f"{reply.text}\n\n{turn.library.say('check_in.count')}"
    return Reply(reply.id, text, (choice(turn), *reply.keys), reply.lane)


def ask(turn: Turn) -> tuple[Reply, ...]:
    """Return the question by itself, when they wrote more than how they are."""
    quiet = turn.memory.soft(turn.now) or turn.who.flag_open
    if quiet or len(turn.text.split()) < ENOUGH_WORDS:
        return ()
    return (turn.reply("check_in.count", choice(turn)),)


def way_in(turn: Turn) -> tuple[Row, ...]:
    """Return the row that leads to what they wrote in check-ins, when there is something."""
    return ((turn.key("my_notes", "note:list"),),) if turn.shared.notes() else ()


def press(turn: Turn, rest: str) -> Outcome | None:
    """List what they wrote in check-ins, or do what a button about one of them does."""
    stamp, _, verb = rest.partition(":")
    if stamp == "list":
        return _list(turn)
    one = next((note for note in turn.shared.notes() if note.stamp == stamp), None)
    if one is None:
        return turn.say(turn.reply("check_in.note_changed", *_back(turn)))
    act = PRESSES.get(verb)
    return act(turn, one) if act else None


def _back(turn: Turn) -> tuple[Row, ...]:
    return (*way_in(turn), (turn.key("mine", "mine"), turn.key("menu", "menu")))


def _on(turn: Turn, one: Note) -> str:
    return say_date(one.at, turn.rota.zone)


def _list(turn: Turn) -> Outcome:
    rows = tuple((_key(turn, one),) for one in turn.shared.notes())
    last = (turn.key("mine", "mine"), turn.key("menu", "menu"))
    return turn.say(turn.reply("check_in.notes" if rows else "mine.none", *rows, last))


def _key(turn: Turn, one: Note) -> Key:
    words = turn.label("note_counted" if one.counted else "note_not_counted")
    return Key(turn.library.fill(words, values={"on": _on(turn, one)}), f"note:{one.stamp}:open")


def _open(turn: Turn, one: Note) -> Outcome:
    change = turn.key(
        "count_stop" if one.counted else "count_yes",
        f"note:{one.stamp}:{'no' if one.counted else 'yes'}",
    )
    reply = turn.reply(
        "check_in.note_counts" if one.counted else "check_in.note_counts_not",
        (change,),
        (turn.key("show_words", f"note:{one.stamp}:ask"),),
        *_back(turn),
        on=_on(turn, one),
    )
    return turn.say(reply)


def _ask_to_show(turn: Turn, one: Note) -> Outcome:
    rows = (
        (turn.key("show_here", f"note:{one.stamp}:show"),),
        (turn.key("not_now", f"note:{one.stamp}:open"),),
    )
    return turn.say(turn.reply("mine.ask_show", *rows))


def _show(turn: Turn, one: Note) -> Outcome:
    return turn.say(turn.reply("check_in.note_words", *_back(turn), words=one.words))


def _yes(turn: Turn, one: Note) -> Outcome:
    reply = turn.reply("check_in.counted", *_back(turn))
    return turn.say(reply, effects=(CountNote(one.stamp, wanted=True),))


def _no(turn: Turn, one: Note) -> Outcome:
    reply = turn.reply("check_in.not_counted", *_back(turn))
    return turn.say(reply, effects=(CountNote(one.stamp, wanted=False),))


PRESSES: dict[str, Callable[[Turn, Note], Outcome]] = {
    "open": _open,
    "ask": _ask_to_show,
    "show": _show,
    "yes": _yes,
    "no": _no,
}
