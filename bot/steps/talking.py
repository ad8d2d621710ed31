"""Small talk, questions about the bot, and things that are not words."""

from bot.incoming import Kind
from bot.memory import CONTEXT_LASTS, SLOWED_FOR, within
from bot.steps import answering, browsing, reading, statements
from bot.steps.danger import choices
from bot.turn import AddWords, Effect, Key, Outcome, Raise, Reply, Turn, Vote
from safeguarding.judgement import Layer, Screening, Sign
from safeguarding.levels import Category, Level
from storage.tables.outbox import Lane

#: What we call each kind that software cannot screen.
UNREADABLE = {
    Kind.PHOTO: "photo",
    Kind.VOICE: "voice",
    Kind.VIDEO: "video",
    Kind.DOCUMENT: "document",
    Kind.LOCATION: "location",
    Kind.CONTACT: "contact",
    Kind.POLL: "poll",
}
#: Too short for the understanding, which reads them as nothing at all.
NODS = frozenset(
    {"ok", "okay", "k", "kk", "mb", "my bad", "kl", "aight", "calm", "bet", "fair", "fair enough"}
)
#: An unreadable thing within two weeks of danger is read the same day (safety.md FT-26).
RECENT = "recent_danger"


def leave_group(turn: Turn) -> Outcome | None:
    """Answer nothing in groups; the edge leaves them."""
    return turn.say() if turn.incoming.kind is Kind.GROUP else None


def note_membership(turn: Turn) -> Outcome | None:
    """Blocked and unblocked are noted, never answered."""
    return turn.say() if turn.incoming.kind in {Kind.BLOCKED, Kind.UNBLOCKED} else None


def slow_down(turn: Turn) -> Outcome | None:
    """Pause replies to more messages a minute than anybody could read (safety.md SEC-56).

    Said once; everything is kept and screened all the same, and danger and the words that
    always work come before this step.
    """
    if not turn.hurried or turn.incoming.kind is Kind.BUTTON:
        return None
    kept = statements.keep_words(turn)
    if within(turn.memory.slowed_at, SLOWED_FOR, turn.now):
        return turn.say(effects=kept)
    reply = turn.reply("talk.slow_down")
    return turn.say(reply, effects=kept, slowed_at=turn.now.isoformat())


def keep_quiet(turn: Turn) -> Outcome | None:
    """While a member of staff is talking with them, the words go there and the bot stays quiet."""
    if not turn.who.held_by or turn.incoming.kind is Kind.BUTTON or turn.text.startswith("/"):
        return None
    if turn.screening.about_staff and turn.who.held_by == turn.who.adviser:
        return None  # not to whoever it may be about: the steps below send it to a manager
    effects: list[Effect] = [AddWords(turn.text)] if turn.text else []
    if turn.incoming.unread:
        effects.append(Raise(_unscreened(turn)))
    return turn.say(effects=tuple(effects))


def say_unreadable(turn: Turn) -> Outcome | None:
    """Say honestly that we cannot see or hear it; a person will take a look at that."""
    if not turn.incoming.unread:
        return None
    kind = UNREADABLE.get(turn.incoming.kind, "other")
    screening = _unscreened(turn)
    text = turn.library.say(f"unreadable.{kind}", turn.council)
    return turn.say(
        Reply(f"unreadable.{kind}", text, choices(turn)[:1], Lane.REPLY),
        effects=(Raise(screening),),
    )


def _unscreened(turn: Turn) -> Screening:
    """Return what asks a person to look at something that software cannot read (FT-26)."""
    kind = UNREADABLE.get(turn.incoming.kind, "other")
    level = Level.SAME_DAY if turn.who.flag_open or turn.memory.soft(turn.now) else Level.CONCERN
    sign = Sign(Category.HELP_WORD, level, f"unscreened.{kind}", Layer.ENGINE)
    return Screening(level=level, categories=(Category.HELP_WORD,), signs=(sign,), degraded=True)


def pass_over(turn: Turn) -> Outcome | None:
    """Say little or nothing to a sticker or a reaction, which say nothing new."""
    if turn.incoming.kind is Kind.REACTION:
        return turn.say()
    if turn.incoming.kind is Kind.STICKER:
        return turn.say(turn.reply("talk.sticker", (turn.key("menu", "menu"),)))
    return None


def chat(turn: Turn) -> Outcome | None:
    """Answer small talk and questions about the bot itself."""
    intent = reading.certain_intent(turn)
    if intent is None:
        return _nod(turn)
    if intent == "menu":
        return browsing.menu(turn)
    if intent == "help_now":
        return browsing.press_help(turn)
    if intent == "wrong_answer":
        return _wrong(turn)
    if intent in {"out_of_scope", "unclear"}:
        return _nod(turn)
    for group in ("bot", "talk", "check_in", "control"):
        if intent in turn.library.ids.intents[group]:
            return turn.say(turn.reply(f"{group}.{intent}", *_rows(turn, intent)), missed=0)
    return None


def _nod(turn: Turn) -> Outcome | None:
    """Take "k" and the like for the nod that it is: nobody asked anything."""
    nods = turn.text.casefold().strip(" .!") in NODS
    return turn.say(turn.reply("talk.affirm"), missed=0) if nods else None


def _rows(turn: Turn, intent: str) -> tuple[tuple[Key, ...], ...]:
    if intent == "struggling":
        return (
            (turn.key("person", "person"),),
            (Key(turn.label("help_now"), "help_now"),),
        )
    if intent in {"affirm", "deny", "goodbye"}:
        return ()
    if intent == "who_sees_this":
        return ((turn.key("seen", "seen"),), (turn.key("menu", "menu"),))
    return ((turn.key("menu", "menu"),),)


def _wrong(turn: Turn) -> Outcome:
    article = turn.memory.context(turn.now)
    reply = turn.reply("vote.down", (turn.key("person", "person"),), (turn.key("menu", "menu"),))
    return turn.say(reply, effects=(Vote("wrong", article),) if article else ())


def out_of_scope(turn: Turn) -> Outcome | None:
    """Say what we can help with when it was surely about something else."""
    if reading.certain_intent(turn) != "out_of_scope":
        return None
    if turn.memory.missed and within(turn.memory.missed_at, CONTEXT_LASTS, turn.now):
        return answering.second_miss(turn)
    reply = turn.reply(
        "talk.out_of_scope", (turn.key("menu", "menu"), turn.key("person", "person"))
    )
    return turn.say(
        reply,
        effects=(Vote("unanswered", words=turn.text),),
        missed=1,
        missed_at=turn.now.isoformat(),
    )


def offer_a_person(turn: Turn) -> Outcome:
    """End the line: never with silence, and always with a way to a human."""
    return answering.not_sure(turn)
