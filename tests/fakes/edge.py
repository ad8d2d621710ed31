"""Telegram at the edge of delivery, without HTTP: its limits, faults and people, on a clock that a test moves.

`tests/fakes/bot_api.py` is the whole server; this is for the volume of a week.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.telegram.api import Sent
from tests.fakes.limits import Limits


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        """Return the time of day."""
        return self.at

    def steady(self) -> float:
        """Return the same as seconds."""
        return self.at.timestamp()

    def later(self, seconds: float) -> None:
        """Move on."""
        self.at += timedelta(seconds=seconds)

    def move_to(self, moment: datetime) -> None:
        """Move on to a moment, never back."""
        self.at = max(self.at, moment)


@dataclass(frozen=True)
class Arrival:
    """One message as it arrived on somebody's phone."""

    telegram_id: int
    text: str
    at: datetime


@dataclass
class EdgeOfTelegram:
    """Takes what is sent, or refuses it as Telegram would."""

    clock: Clock
    away: Callable[[datetime], bool]
    busy: Callable[[datetime], bool]
    blocked: set[int] = field(default_factory=set)
    #: One in so many arrives although the answer to the call is lost.
    answer_lost_every: int = 400
    arrivals: list[Arrival] = field(default_factory=list)
    refused: int = 0
    calls: int = 0
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        """Keep Telegram's usual limits."""
        self.limits = Limits(clock=self.clock.steady)

    async def send(
        self, method: str, telegram_id: str, body: dict[str, Any], keyboard: list[str], /
    ) -> Sent:
        """Take one call."""
        del method, keyboard
        now, whose = self.clock.now(), int(telegram_id)
        self.calls += 1
        if self.away(now):
            return Sent(failure="not_reached", again=True)
        if self.busy(now) and self.calls % 2:
            self.refused += 1
            return Sent(failure="retry_after", again=True, wait_seconds=30)
        if (wait := self.limits.refusal(whose)) is not None:
            return Sent(failure="retry_after", again=True, wait_seconds=wait)
        if whose in self.blocked:
            return Sent(failure="blocked", unreachable="blocked")
        self.arrivals.append(Arrival(whose, str(body["text"]), now))
        if len(self.arrivals) % self.answer_lost_every == 0:
            return Sent(failure="timed_out", again=True, perhaps_arrived=True)
        return Sent(message_id=self.calls)
