"""First contact: what Kith is, who reads what, and the two things a stranger may tell us."""

import re

from bot.incoming import Kind
from bot.memory import Waiting
from bot.turn import Agree, Key, Outcome, Remember, Reply, SetStopped, ShowNotice, Turn, Who
from content.notice import notice_version

YOUNGEST, OLDEST = 10, 99
CODE = re.compile(r"[A-Za-z0-9_-]{16,64}")


def start(turn: Turn) -> Outcome | None:
    """Take `/start`, with or without a code."""
    if turn.incoming.kind is not Kind.TEXT or not re.match(r"/start(@\w+)?(\s|$)", turn.text):
        return None
    if turn.who.stopped:
        return turn.say(
            turn.reply("control.resumed", (turn.key("menu", "menu"),)), effects=(SetStopped(),)
        )
    code = turn.text.partition(" ")[2].strip()
    if not code:
        return greet(turn, turn.who)
    if turn.redeem is None or not CODE.fullmatch(code):
        return _code_refused(turn)
    found = turn.redeem(code)
    if found.trial_of:
        return turn.say(turn.reply("events.test_ready", name=found.trial_of))
    if found.already:
        return turn.say(turn.reply("welcome.linked_again", (turn.key("menu", "menu"),)))
    if not found.joined:
        return _code_refused(turn)
    return greet(turn, found.who)


def _code_refused(turn: Turn) -> Outcome:
    """Say the same neutral thing for a used, old, wrong or guessed code (safety.md FT-31)."""
    reply = turn.reply("welcome.code_not_used", (turn.key("menu", "menu"),))
    if turn.memory.notice:
        return turn.say(reply)
    first = greet(turn, turn.who)
    return Outcome((reply, *first.replies), first.memory, first.effects)


def greet(turn: Turn, who: Who) -> Outcome:
    """Show the notice, and ask a stranger the two things; ask a known person nothing."""
    version = notice_version(turn.library)
    if turn.memory.notice == version and turn.memory.waiting is Waiting.NOTHING:
        return turn.say(turn.reply("welcome.back", (turn.key("menu", "menu"),)))
    notice = _notice(turn, who)
    if who.known:
        return turn.say(
            notice,
            effects=(ShowNotice(version),),
            notice=version,
            waiting=Waiting.NOTHING,
        )
    question = ask_age(turn)
    return turn.say(
        notice,
        question,
        effects=(ShowNotice(version),),
        notice=version,
        waiting=Waiting.AGE,
    )


def _notice(turn: Turn, who: Who) -> Reply:
    council = turn.library.councils.get(who.council or "")
    runs_it = council.name if council else turn.library.say("welcome.who_runs_it")
    first_name = who.name.split()[0] if who.name else ""
    row = (turn.key("agree", "agree"),) if who.known else ()
    text = turn.library.say(
        "welcome.notice", name=f" {first_name}" if first_name else "", council=runs_it
    )
    return Reply("welcome.notice", text, (row,) if row else (), help_keyboard=True)


def agree(turn: Turn) -> Outcome:
    """Keep that they agreed, and in which version."""
    return turn.say(turn.reply("welcome.linked", (turn.key("menu", "menu"),)), effects=(Agree(),))


def ask_age(turn: Turn) -> Reply:
    """Ask how old they are; they may skip it."""
    return turn.reply("welcome.ask_age", (turn.key("skip", "age:skip"),))


def ask_council(turn: Turn) -> Reply:
    """Ask which council; they may skip it."""
    rows = tuple(
        (Key(council.short_name, f"council:{council.id}"),)
        for council in turn.library.councils.values()
    )
    return turn.reply(
        "welcome.ask_council",
        *rows,
        (turn.key("another_council", "council:skip"),),
        (turn.key("skip", "council:skip"),),
    )


def take_age(turn: Turn) -> Outcome | None:
    """Read an age while we wait for one; anything that is not one is an ordinary message."""
    if turn.memory.waiting is not Waiting.AGE or turn.incoming.kind is not Kind.TEXT:
        return None
    ages = [entity.value for entity in turn.understanding.entities if entity.kind == "age"]
    bare = re.fullmatch(r"\D{0,8}(\d{1,3})\D{0,8}", turn.text.strip())
    said = ages[0] if ages else (bare[1] if bare else "")
    if not said.isdigit():
        return None
    age = int(said)
    if not YOUNGEST <= age <= OLDEST:
        return turn.say(turn.reply("welcome.not_an_age", (turn.key("skip", "age:skip"),)))
    return turn.say(ask_council(turn), effects=(Remember(age=age),), waiting=Waiting.COUNCIL)


def skip_age(turn: Turn) -> Outcome:
    """Go on without an age."""
    return turn.say(ask_council(turn), waiting=Waiting.COUNCIL)


def take_council(turn: Turn) -> Outcome | None:
    """Read a council or a town while we wait for one."""
    if turn.memory.waiting is not Waiting.COUNCIL or turn.incoming.kind is not Kind.TEXT:
        return None
    places = [entity.value for entity in turn.understanding.entities if entity.kind == "place"]
    return set_council(turn, places[0]) if places else None


def set_council(turn: Turn, council: str) -> Outcome:
    """Keep the council, or go on without one."""
    known = council if council in turn.library.councils else None
    effects = (Remember(council=known),) if known else ()
    return turn.say(
        turn.reply("welcome.ready", (turn.key("menu", "menu"),)),
        effects=effects,
        waiting=Waiting.NOTHING,
    )
