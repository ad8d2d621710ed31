"""What a typed answer amounts to. In doubt the words are the answer: nothing is lost. Pure."""

import re

from content.scenarios import Choice, Kind, Question
from feedback.drafts import Given

#: A whole message is never cut; what is added to an answer stops here, and they hear so.
MOST_WORDS = 8_000
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: From here on it is a sentence, and a sentence is worth keeping whatever was asked.
A_SENTENCE = 3
A_SHORT_ONE = 6


def read(question: Question, text: str, picks: tuple[Choice, ...]) -> Given | None:
    """Return the answer that a message gives to a question; None when it must be asked again."""
    words = text.strip()[:MOST_WORDS]
    if question.kind is Kind.NUMBER:
        return _number(question, words)
    found = pick(words, picks)
    return Given(question.id, picked=found) if found else Given(question.id, words=words)


def pick(words: str, picks: tuple[Choice, ...]) -> str:
    """Return the id of the choice that is named: by its whole label, its words, or its face."""
    said = _plain(words)
    for one in picks:
        if words.strip() == one.label or (said and said == _plain(one.label)):
            return one.id
    if said:
        return ""
    return next((one.id for one in picks if words.strip() and words.strip() in one.label), "")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.casefold()))


def _number(question: Question, words: str) -> Given | None:
    said = re.findall(r"[^\W_]+", words.casefold())
    found = [one for one in map(_as_number, said) if one is not None]
    fits = [one for one in found if question.lowest <= one <= question.highest]
    if fits and len(said) <= A_SHORT_ONE:
        return Given(question.id, number=fits[0], words=words if len(said) > 1 else "")
    return Given(question.id, words=words) if len(said) >= A_SENTENCE else None


def _as_number(word: str) -> int | None:
    if word in NUMBERS:
        return NUMBERS.index(word)
    return int(word) if word.isascii() and word.isdigit() and len(word) < 5 else None


def says_something(words: str, asking: frozenset[str]) -> bool:
    """Whether words that start a statement tell something, or only ask to tell it.

    "I want to complain" is no answer to "what went wrong?"; "she never rings" is. One word that
    is not known here is enough.
    """
    said = re.findall(r"[a-z]+", words.casefold().replace("'", "").replace("’", ""))
    return any(word not in ASKING and word not in asking for word in said)


#: Words that ask to tell something, whatever it is.
ASKING = frozenset(
    [
        "a",
        "about",
        "an",
        "and",
        "at",
        "can",
        "could",
        "do",
        "for",
        "get",
        "give",
        "go",
        "got",
        "have",
        "hello",
        "help",
        "here",
        "heres",
        "hey",
        "hi",
        "i",
        "id",
        "im",
        "in",
        "is",
        "it",
        "its",
        "ive",
        "like",
        "make",
        "me",
        "my",
        "need",
        "of",
        "ok",
        "on",
        "or",
        "please",
        "right",
        "s",
        "say",
        "send",
        "share",
        "so",
        "some",
        "somebody",
        "someone",
        "something",
        "start",
        "stuff",
        "talk",
        "tell",
        "that",
        "the",
        "them",
        "there",
        "thing",
        "things",
        "this",
        "to",
        "us",
        "wanna",
        "want",
        "wants",
        "wish",
        "with",
        "would",
        "write",
        "you",
        "your",
    ]
)
