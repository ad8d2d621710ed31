"""Hearing back and being heard: was it sorted, what was changed, and a question to the council."""

from collections.abc import Callable

from bot.incoming import Kind
from bot.memory import Waiting
from bot.steps import people, reading, statements, told
from bot.turn import AddLater, AskCouncil, Key, Outcome, SetHearing, SetSorted, Turn
from feedback.asking import LONGEST_QUESTION
from feedback.shared import PAGE, Whose
from nlu.looking_up import LookUp, kind
from storage.tables.statements import Origin

#: A command asks for a list at any time, also in the middle of a statement.
COMMANDS = {
    "/wedid": LookUp.WE_DID,
    "/ask": LookUp.ASK_COUNCIL,
    "/asked": LookUp.ASKED,
}
NO_SEND = frozenset({"no", "n", "nah", "nope", "dont", "don't", "dont send it", "don't send it"})


def by_words(turn: Turn) -> Outcome | None:
    """Show what was changed, or take a question, when somebody says so, in their own words."""
    if turn.incoming.kind is not Kind.TEXT:
        return None
    if statements.is_for_words(turn) and not turn.text.startswith("/"):
        return None  # "ask the council" may be what they want to say
    wanted = COMMANDS.get(turn.text.casefold().strip()) or kind(turn.text)
    return SHOWN[wanted](turn, "0") if wanted is not None else None


# --- What became of what they told us ------------------------------------------------------------


def press_sorted(turn: Turn, rest: str) -> Outcome | None:
    """Keep whether it was sorted, or let them say more."""
    reference, _, answer = rest.partition(":")
    whose = turn.shared.whose(reference)
    if whose is None or not whose.open:
        return turn.say(turn.reply("hearing.too_late", (turn.key("tell_us", "tell"),)))
    if answer == "yes":
        return turn.say(
            turn.reply("hearing.sorted_yes"), effects=(SetSorted(reference, is_sorted=True),)
        )
    row = (turn.key("no_more_words", "words:done"),)
    if answer == "no":
        said = turn.reply(
            "hearing.sorted_not_yet", row, who=_name(turn, whose), when=people.when(turn)
        )
        effects: tuple[SetSorted, ...] = (SetSorted(reference, is_sorted=False),)
    else:
        said, effects = turn.reply("hearing.say_more", row, who=_name(turn, whose)), ()
    return turn.say(said, effects=effects, waiting=Waiting.LATER_WORDS, waiting_for=reference)


def _name(turn: Turn, whose: Whose) -> str:
    return whose.name or turn.library.say(whose.team)


def take_later_words(turn: Turn) -> Outcome | None:
    """Add what they write to what they told us before. In doubt it is that: words are never lost.

    Only what is shaped like a question, and surely is one of ours, is answered instead.
    """
    if turn.memory.waiting is not Waiting.LATER_WORDS or not _words(turn):
        return None
    intent = reading.certain_intent(turn)
    whose = turn.shared.whose(turn.memory.waiting_for)
    if whose is None or not whose.open or (_asks(turn) and turn.article(intent or "")):
        return None
    row = (turn.key("no_more_words", "words:done"),)
    said = turn.reply("hearing.more_added", row, who=_name(turn, whose))
    words = turn.text[: people.LONGEST_WORDS]
    return turn.say(said, effects=(AddLater(turn.memory.waiting_for, words),))


def _asks(turn: Turn) -> bool:
    short = len(turn.text.split()) <= statements.LONGEST_QUESTION
    return short and statements.ASKS.search(turn.text) is not None


def press_hear(turn: Turn, rest: str) -> Outcome:
    """Keep whether they want to be told what changes."""
    wanted = rest == "yes"
    reply = turn.reply("hearing.wanted" if wanted else "hearing.not_wanted")
    return turn.say(reply, effects=(SetHearing(wanted),))


# --- You said, we did ----------------------------------------------------------------------------


def we_did(turn: Turn, rest: str) -> Outcome:
    """Show what was changed because people spoke up, newest first."""
    page = int(rest) if rest.isdigit() else 0
    rows = turn.shared.we_did(page)
    shown = "\n\n".join(
        turn.library.say("wedid.one", theme=one.theme, title=one.title, did=one.did)
        for one in rows[:PAGE]
    )
    ask = (turn.key("ask_council", "ask_council:start"), turn.key("menu", "menu"))
    if not rows:
        return turn.say(turn.reply("wedid.none", ask))
    return turn.say(
        turn.reply("wedid.list", *_older(turn, "wedid", page, rows), ask, actions=shown)
    )


def _older(
    turn: Turn, verb: str, page: int, rows: tuple[object, ...]
) -> tuple[tuple[Key, ...], ...]:
    return ((turn.key("older", f"{verb}:{page + 1}"),),) if len(rows) > PAGE else ()


# --- Ask the council -----------------------------------------------------------------------------


def press_ask(turn: Turn, rest: str) -> Outcome | None:
    """Take a question for the council, send it, or let it go."""
    if rest not in {"send", "drop"}:
        return _start(turn)
    if turn.memory.waiting is not Waiting.QUESTION_CHECK or not turn.memory.waiting_for:
        return None
    if rest == "drop":
        reply = turn.reply("ask_council.dropped", (turn.key("menu", "menu"),))
        return turn.say(reply, waiting=Waiting.NOTHING, waiting_for="")
    reference = f"Q{turn.fresh_reference[1:]}"
    reply = turn.reply("ask_council.sent", (turn.key("menu", "menu"),), reference=reference)
    ask = AskCouncil(reference, turn.memory.waiting_for)
    return turn.say(reply, effects=(ask,), waiting=Waiting.NOTHING, waiting_for="")


def _start(turn: Turn) -> Outcome:
    if not turn.shared.may_ask():
        return turn.say(turn.reply("ask_council.enough", (turn.key("menu", "menu"),)))
    row = (turn.key("asked_before", "asked:0"), turn.key("menu", "menu"))
    return turn.say(
        turn.reply("ask_council.start", row), waiting=Waiting.COUNCIL_QUESTION, waiting_for=""
    )


def take_question(turn: Turn) -> Outcome | None:
    """Show the question as it would be sent, with who reads it."""
    if turn.memory.waiting is not Waiting.COUNCIL_QUESTION or not _words(turn):
        return None
    if len(turn.text) > LONGEST_QUESTION:
        return turn.say(turn.reply("ask_council.too_long"))
    row = (turn.key("ask_send", "ask_council:send"), turn.key("ask_drop", "ask_council:drop"))
    reply = turn.reply("ask_council.check", row, words=turn.text)
    return turn.say(reply, waiting=Waiting.QUESTION_CHECK, waiting_for=turn.text)


def take_check(turn: Turn) -> Outcome | None:
    """Take a yes or a no in words to "shall I send it?"; anything else is what it is."""
    if turn.memory.waiting is not Waiting.QUESTION_CHECK or not _words(turn):
        return None
    said = " ".join(turn.text.casefold().replace("’", "'").strip(" .!").split())
    if said in statements.YES_SEND:
        return press_ask(turn, "send")
    return press_ask(turn, "drop") if said in NO_SEND else None


def asked(turn: Turn, rest: str) -> Outcome:
    """Show what young people asked the council, with the answers, newest first."""
    page = int(rest) if rest.isdigit() else 0
    rows = turn.shared.answered(page)
    shown = "\n\n".join(
        turn.library.say("ask_council.one", words=one.words, by=one.by, answer=one.answer)
        for one in rows[:PAGE]
    )
    row = (turn.key("ask_council", "ask_council:start"), turn.key("menu", "menu"))
    if not rows:
        return turn.say(turn.reply("ask_council.none", row))
    older = _older(turn, "asked", page, rows)
    return turn.say(turn.reply("ask_council.list", *older, row, questions=shown))


# --- Surveys -------------------------------------------------------------------------------------


def press_survey(turn: Turn, rest: str) -> Outcome | None:
    """Begin the survey they were invited to, or leave it."""
    if rest == "no":
        return turn.say(turn.reply("survey.later"))
    found = next((one for one in statements.scenarios(turn) if one.id == rest), None)
    return statements.begin(turn, found, origin=Origin.SURVEY) if found else None


def _words(turn: Turn) -> bool:
    """Whether they wrote words of their own: no button, no command, no edit."""
    own = turn.incoming.kind is Kind.TEXT and not turn.incoming.edited
    return own and bool(turn.text.strip()) and not turn.text.startswith("/")


def menu_row(turn: Turn) -> tuple[Key, ...]:
    """Return the row of the menu that leads here."""
    return (turn.key("we_did", "wedid:0"), turn.key("ask_council", "ask_council:start"))


SHOWN: dict[LookUp, Callable[[Turn, str], Outcome]] = {
    LookUp.WE_DID: we_did,
    LookUp.MINE: lambda turn, _: told.mine(turn),
    LookUp.ASK_COUNCIL: lambda turn, _: _start(turn),
    LookUp.ASKED: asked,
}
