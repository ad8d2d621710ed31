"""Messages in another language: an honest line in it, and a way to a person and an interpreter."""

from bot import seen
from bot.memory import CONTEXT_LASTS, Waiting, within
from bot.turn import Key, Outcome, Raise, Reply, Turn
from nlu import languages
from safeguarding.levels import Level

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
    if turn.memory.waiting is Waiting.WORDS or not turn.text or turn.text.startswith("/"):
        return None  # words for somebody who can read them, or a command
    name = languages.name(turn.text)
    if name is None:
        return None
    worried = turn.screening.level is not Level.NONE
    said = seen.line(turn, Level.CONCERN, about_staff=turn.screening.about_staff) if worried else ""
    text = "\n\n".join(part for part in (*_lines(turn, name), said) if part)
    keys = ((turn.key("person", "person"),), (Key(turn.label("help_now"), "help_now"),))
    return turn.say(
        Reply(f"languages.{name}", text, keys),
        effects=(Raise(turn.screening),) if worried else (),
        language=name,
        language_at=turn.now.isoformat(),
    )


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
