"""Messages in another language: an honest line in it, and a way to a person and an interpreter."""

from bot import seen
from bot.memory import CONTEXT_LASTS, FOR_WORDS, within
from bot.turn import Key, Outcome, Raise, Reply, Turn
from nlu import languages
from safeguarding.levels import Level

#: The sign that says only that a message is not English, so that a person reads it.
NOT_ENGLISH = "language.not_english"
#: Lines about 999 and 111 that are signed off with the words around danger, by their ids there.
CODES = {
    "albanian": "sq",
    "arabic": "ar",
    "dari_farsi": "fa",
    "pashto": "ps",
    "polish": "pl",
    "somali": "so",
    "sorani_kurdish": "ckb",
    "tigrinya": "ti",
    "ukrainian": "uk",
    "vietnamese": "vi",
}


def answer_in_theirs(turn: Turn) -> Outcome | None:
    """Say, in their language and in ours, that we only read English well, and offer a person."""
    if turn.memory.waiting in FOR_WORDS or not turn.text or turn.text.startswith("/"):
        return None  # words for somebody who can read them, or a command
    name = languages.name(turn.text)
    if name is None:
        return None
    return turn.say(
        _reply(turn, name),
        effects=(Raise(turn.screening),) if _worried(turn) else (),
        language=name,
        language_at=turn.now.isoformat(),
    )


def is_all(turn: Turn) -> bool:
    """Whether all that worries us about a message is that we cannot read it well."""
    found = {sign.rule for sign in turn.screening.signs}
    unread = found == {NOT_ENGLISH} and not turn.screening.degraded
    return unread and languages.name(turn.text) is not None


def said_lately(turn: Turn) -> bool:
    """Whether they were told so in this talk: once is enough."""
    return within(turn.memory.language_at, CONTEXT_LASTS, turn.now)


def beside(turn: Turn) -> Reply:
    """Return what is said beside an answer of theirs that we keep and cannot read well."""
    return _reply(turn, languages.name(turn.text) or languages.UNKNOWN)


def _worried(turn: Turn) -> bool:
    return turn.screening.level is not Level.NONE


def _reply(turn: Turn, name: str) -> Reply:
    """Return the lines, and when somebody is asked to read it, who that is and about 999."""
    about_999 = seen_by = ""
    if _worried(turn):
        about_999 = turn.library.replies.get(f"unreadable.language.{CODES.get(name, '')}", "")
        seen_by = seen.line(turn, Level.CONCERN, about_staff=turn.screening.about_staff)
    text = "\n\n".join(part for part in (*_lines(turn, name), about_999, seen_by) if part)
    keys = ((turn.key("person", "person"),), (Key(turn.label("help_now"), "help_now"),))
    return Reply(f"languages.{name}", text, keys)


def _lines(turn: Turn, name: str) -> tuple[str, ...]:
    if name == languages.UNKNOWN:
        return (turn.library.say("languages.english_unknown"),)
    english = turn.library.say("languages.english", language=called(turn, name))
    theirs = turn.library.replies.get(f"languages.line.{name}")
    return (theirs, english) if theirs else (english,)


def called(turn: Turn, name: str) -> str:
    """Return what a language is called in English."""
    return turn.library.say(f"languages.called.{name}")


def below_a_card(turn: Turn) -> str:
    """Return what goes below a card about danger when it answers another language; else nothing."""
    name = languages.name(turn.text)
    if name is None:
        return ""
    about_999 = turn.library.replies.get(f"unreadable.language.{CODES.get(name, '')}", "")
    return "\n\n".join(part for part in (about_999, *_lines(turn, name)) if part)


def for_staff(turn: Turn) -> str:
    """Return a line for whoever reads a request: which language they wrote in just now."""
    memory = turn.memory
    if not memory.language or not within(memory.language_at, CONTEXT_LASTS, turn.now):
        return ""
    if memory.language == languages.UNKNOWN:
        return ""
    return turn.library.say("languages.request", language=called(turn, memory.language))
