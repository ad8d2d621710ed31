"""What Telegram puts up with: about 30 messages a second in all, about one a second in a chat.

The exact figures are not published (safety.md 1.4). A second's worth may come at once; after
that a bot that goes on is told to wait, as Telegram does.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Allowance:
    """What may still be sent: it comes back with time, up to a most."""

    per_second: float
    most: float
    left: float
    at: float

    def take(self, now: float) -> bool:
        """Take one if there is one."""
        self.left = min(self.most, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass
class Limits:
    """The limits of one bot, and how often it had to be refused."""

    per_second: float = 30
    chat_per_second: float = 1
    chat_burst: float = 30
    retry_after: int = 3
    refused: int = 0
    clock: Callable[[], float] = time.monotonic
    _all: Allowance | None = None
    _chats: dict[int, Allowance] = field(default_factory=dict)
    _waits: dict[int, float] = field(default_factory=lambda: defaultdict(float))

    def refusal(self, chat_id: int) -> int | None:
        """Return how many seconds a call must wait, or None when it may go through."""
        now = self.clock()
        if self._all is None:
            self._all = Allowance(self.per_second, self.per_second, self.per_second, now)
        chat = self._chats.setdefault(
            chat_id, Allowance(self.chat_per_second, self.chat_burst, self.chat_burst, now)
        )
        # Whoever writes while told to wait is refused again.
        if now >= self._waits[chat_id] and chat.take(now):
            if self._all.take(now):
                return None
        else:
            self._waits[chat_id] = max(self._waits[chat_id], now + self.retry_after)
        self.refused += 1
        return self.retry_after
