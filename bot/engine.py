"""What every turn needs and nobody changes: words, screening, hours, thresholds, and Rasa."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content.library import Library
from nlu.understanding import Understanding
from people import opening
from people.hours import Rota
from safeguarding.judgement import NOTHING, Screening
from safeguarding.levels import Level
from safeguarding.screening import Screener

#: Asks Rasa; raises NluError when there is no answer to be had.
Parse = Callable[[str], Awaitable[Understanding]]


@dataclass(frozen=True)
class Engine:
    """The parts of a conversation, wired once at start."""

    library: Library
    screener: Screener
    thresholds: dict[str, float]
    default_council: str
    zone: ZoneInfo
    rules_version: str = ""

    def screen(self, words: str, background: "Background") -> Screening:
        """Return what screening finds in words, given what was said lately. Never raises."""
        if not words.strip():
            return NOTHING
        return self.screener.screen(
            words,
            recent=background.recent,
            recent_level=background.recent_level,
            age=background.age,
        )

    def rota(self, council: str | None, session: Session | None = None) -> Rota:
        """Return when the people of a council are at work: as staff set it, where there is a session."""
        return opening.rota(session, self.library, council or self.default_council, self.zone)


@dataclass(frozen=True)
class Background:
    """What must be known of a chat before its words are screened."""

    recent: tuple[str, ...] = ()
    recent_level: Level = Level.NONE
    age: int | None = None


@dataclass(frozen=True)
class Heard:
    """What was made of a message before its transaction: its screening and its understanding."""

    screening: Screening
    understanding: Understanding
    nlu_away: bool = False
    #: What Rasa will still say of a message whose danger did not wait for it.
    later: Awaitable[Understanding | None] | None = None
