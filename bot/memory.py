"""What the bot remembers of a chat between turns: where the talk stands, and nothing more."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

#: After this an article is no longer what "how much is it" is about (issue journey 5).
CONTEXT_LASTS = timedelta(minutes=30)
#: How long words are kept soft after danger (safety.md HZ-08), and cards count as repeats.
SOFT_FOR = timedelta(hours=24)
#: How long what they write is still meant for whoever we asked it for.
WORDS_OPEN_FOR = timedelta(hours=24)
#: How long replies stay paused without saying so again, once somebody was asked to slow down.
SLOWED_FOR = timedelta(minutes=1)


class Waiting(StrEnum):
    """What the bot has asked and is waiting for."""

    NOTHING = ""
    AGE = "age"
    COUNCIL = "council"
    CONFIRM_DELETE = "confirm_delete"
    WORDS = "words"
    CHECK_IN = "check_in"
    LATER_WORDS = "later_words"
    COUNCIL_QUESTION = "council_question"
    QUESTION_CHECK = "question_check"
    RHYTHM = "rhythm"


#: Whatever they write next is kept for somebody to read, in their own words.
FOR_WORDS = frozenset({Waiting.WORDS, Waiting.LATER_WORDS, Waiting.COUNCIL_QUESTION})


@dataclass(frozen=True)
class Memory:
    """The state of one conversation. Times are ISO text, so that it can be kept as JSON."""

    waiting: Waiting = Waiting.NOTHING
    waiting_for: str = ""
    waiting_at: str = ""
    notice: str = ""
    article: str = ""
    asked_at: str = ""
    offered: tuple[str, ...] = ()
    missed: int = 0
    missed_at: str = ""
    danger_at: str = ""
    danger_level: str = ""
    danger_category: str = ""
    cards: tuple[str, ...] = ()
    turns_since_card: int = 0
    again: int = 0
    agains: tuple[str, ...] = ()
    soft_check_at: str = ""
    slowed_at: str = ""
    #: The articles shown while this talk lasts, oldest first, and what of the last one was told further.
    trail: tuple[str, ...] = ()
    told: str = ""
    #: Who the article was asked for, when not for themselves, and how old that person is if they said.
    asked_for: str = ""
    their_age: int = 0
    #: The language they wrote in when it was not English, so that a request can say it.
    language: str = ""
    language_at: str = ""
    #: The check-in that was asked last: its question, the row behind it, and when.
    check_in: str = ""
    check_in_due: int = 0
    check_in_at: str = ""

    @classmethod
    def from_json(cls, raw: dict[str, Any] | None) -> Self:
        """Return the memory kept as JSON; what an older version left and we do not know is dropped."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in (raw or {}).items() if name in known}
        for name in ("offered", "cards", "agains", "trail"):
            values[name] = tuple(values.get(name, ()))
        values["waiting"] = Waiting(values.get("waiting", ""))
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Return what to keep: only what differs from a fresh memory."""
        fresh = asdict(Memory())
        return {name: value for name, value in asdict(self).items() if value != fresh[name]}

    def context(self, now: datetime) -> str:
        """Return the article we are talking about, or nothing when that was too long ago."""
        return self.article if self.article and within(self.asked_at, CONTEXT_LASTS, now) else ""

    def words_are_over(self, now: datetime) -> bool:
        """Whether words that we asked for once are no longer what they write about."""
        if self.waiting not in FOR_WORDS or not self.waiting_at:
            return False
        asked_since = bool(self.check_in_at) and datetime.fromisoformat(
            self.check_in_at
        ) > datetime.fromisoformat(self.waiting_at)
        return asked_since or not within(self.waiting_at, WORDS_OPEN_FOR, now)

    def soft(self, now: datetime) -> bool:
        """Whether something serious was said in the last day."""
        return within(self.danger_at, SOFT_FOR, now)


def within(moment: str, span: timedelta, now: datetime) -> bool:
    """Whether an ISO moment lies within a span before now."""
    return bool(moment) and timedelta(0) <= now - datetime.fromisoformat(moment) <= span
