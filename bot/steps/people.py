"""Reaching a person: what kind of help is wanted, who gets it, and what we truthfully say.

Who a request goes to is decided in `people/routing.py`; here we only choose words.
"""

from bot.memory import Waiting
from bot.seen import reader
from bot.steps import languages, meant, reading
from bot.turn import AddWords, Ask, Key, Outcome, Turn
from people.hours import say_time

#: These are about the adviser, so they never go to that adviser (features.md N7).
ABOUT_ADVISER = frozenset(
    {"make_complaint", "adviser_not_replying", "change_adviser", "about_my_adviser"}
)
REQUESTS = frozenset(
    {
        "talk_to_adviser",
        "adviser_not_replying",
        "change_adviser",
        "talk_to_a_person",
        "make_complaint",
        "want_advocate",
        "join_in",
        "rights.come_back_21_25",
    }
)
#: Said while a request waits for words, these are more of the same wish, not another request.
SAME_WISH = frozenset({"talk_to_adviser", "talk_to_a_person"})
SPECIALIST_TOPICS = frozenset({"housing", "eet", "local_offer"})
LONGEST_WORDS = 1_000
#: From here on the law speaks of coming back (Children and Social Work Act 2017, section 3).
GROWN = 21


def reach(turn: Turn) -> Outcome | None:
    """Open a request when somebody surely wants a person."""
    intent = reading.certain_intent(turn)
    if intent == "who_is_my_adviser":
        return who_is_my_adviser(turn)
    about_them = meant.somebody_else(turn) is None
    if intent == "rights.come_back_21_25" and about_them and _age(turn) >= GROWN:
        return open_request(turn, intent)
    if intent in REQUESTS and intent in turn.library.ids.intents["people"]:
        return open_request(turn, intent)
    return None


def _age(turn: Turn) -> int:
    """Return how old they are, by our record or by what they just said; 0 when neither says."""
    return turn.who.age or meant.said(turn) or 0


def talk_to_a_person(turn: Turn) -> Outcome:
    """Open a request for whoever is right: their adviser, else the duty worker."""
    theirs = turn.who.adviser and not _is_about_adviser(turn)
    return open_request(turn, "talk_to_adviser" if theirs else "talk_to_a_person")


def _is_about_adviser(turn: Turn) -> bool:
    """Whether they are just saying something about their adviser, who then is not the one to ask."""
    draft, memory = turn.draft, turn.memory
    if draft is not None and not draft.rests(turn.now) and draft.scenario.hidden:
        return True
    return memory.waiting is Waiting.WORDS and memory.waiting_for in ABOUT_ADVISER


def open_request(turn: Turn, kind: str, *, words: str = "") -> Outcome:
    """Record the wish, say who gets it and by when, and ask for words if they want to add some."""
    about_adviser = kind in ABOUT_ADVISER or turn.screening.about_staff
    about_adviser |= kind in SAME_WISH and _is_about_adviser(turn)
    topic = turn.memory.context(turn.now).split(".")[0]
    specialist = turn.specialist(kind, topic) if turn.specialist and not about_adviser else ""
    who = _who(turn, specialist, reader(turn, about_staff=about_adviser))
    reply = turn.reply(
        _reply_id(turn, kind),
        (turn.key("no_more_words", "words:done"),),
        *_more_about(turn, kind),
        who=who,
        when=when(turn),
    )
    ask = Ask(
        kind,
        topic,
        about_adviser=about_adviser,
        words="\n".join(
            said for said in (languages.for_staff(turn), words or turn.text[:LONGEST_WORDS]) if said
        ),
    )
    # What is added goes the same way, so it must be remembered which way that is.
    kept_from_adviser = about_adviser and kind not in ABOUT_ADVISER
    waiting_for = "about_my_adviser" if kept_from_adviser else kind
    return turn.say(reply, effects=(ask,), waiting=Waiting.WORDS, waiting_for=waiting_for, missed=0)


def _who(turn: Turn, specialist: str, theirs: str) -> str:
    """Return who will read it: their adviser and the specialist, or the specialist alone."""
    if specialist and turn.who.adviser:
        return turn.library.say("people.both", who=theirs, other=specialist)
    return specialist or theirs


def _more_about(turn: Turn, kind: str) -> tuple[tuple[Key, ...], ...]:
    """Return the way to say it in full: a request is short, a statement is read back first."""
    if kind not in {"adviser_not_replying", "change_adviser"}:
        return ()
    return ((turn.key("tell_in_full", "start:about_my_adviser"),),)


def _reply_id(turn: Turn, kind: str) -> str:
    if not turn.who.known and f"people.{kind}.stranger" in turn.library.replies:
        return f"people.{kind}.stranger"
    return f"people.{kind}"


def when(turn: Turn) -> str:
    """Return when staff are next at work, as a phrase: `today, before 5pm today`."""
    until, back = turn.rota.closes_at(turn.now), turn.rota.next_open(turn.now)
    if until is not None:
        return turn.library.say("people.when_now", until=say_time(until, turn.now, turn.rota.zone))
    if back is None:
        return turn.library.say("people.when_unknown")
    return turn.library.say("people.when_later", back=say_time(back, turn.now, turn.rota.zone))


def who_is_my_adviser(turn: Turn) -> Outcome:
    """Name their adviser when we know; else say how to find out."""
    row = ((turn.key("talk_to_adviser", "ask:talk_to_adviser"),),)
    if turn.who.adviser:
        return turn.say(turn.reply("people.who_is_my_adviser", *row, adviser=turn.who.adviser))
    row = ((turn.key("person", "person"),),)
    return turn.say(turn.reply("people.who_is_my_adviser_unknown", *row))


def take_words(turn: Turn) -> Outcome | None:
    """Add what they write next to the request they just made."""
    if turn.memory.waiting is not Waiting.WORDS or not turn.text or turn.text.startswith("/"):
        return None
    intent = reading.certain_intent(turn)
    told = frozenset(turn.library.ids.intents["tell_us"])
    other = REQUESTS | told | {"menu", "help_now", "stop", "who_is_my_adviser"}
    if turn.memory.waiting_for not in ABOUT_ADVISER:
        other -= SAME_WISH
    if intent is not None and (turn.article(intent) or intent in other):
        return None  # a question of its own: answer it; the request stands as it is
    reply = turn.reply("people.words_added", (turn.key("no_more_words", "words:done"),))
    return turn.say(reply, effects=(AddWords(turn.text[:LONGEST_WORDS]),))


def no_more_words(turn: Turn) -> Outcome:
    """They have said what they wanted to say."""
    return turn.say(
        turn.reply("people.words_done", (turn.key("menu", "menu"),)),
        waiting=Waiting.NOTHING,
        waiting_for="",
    )
