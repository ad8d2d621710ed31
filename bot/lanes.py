"""One chat, one lane: messages of a chat in order, chats side by side. Knows nothing of Telegram."""

import asyncio
from collections.abc import Awaitable, Callable

#: Handles the next thing of a chat; True when there may be more.
HandleNext = Callable[[bytes], Awaitable[bool]]


class Lanes:
    """Runs a chat's work one at a time, and many chats at once."""

    def __init__(self, handle_next: HandleNext, *, side_by_side: int = 16) -> None:
        """Remember how to handle one thing, and how many chats may run together."""
        self._handle_next = handle_next
        self._room = asyncio.Semaphore(side_by_side)
        self._running: dict[bytes, asyncio.Task[None]] = {}
        self._again: set[bytes] = set()

    def wake(self, index: bytes) -> None:
        """See to a chat soon; waking one that is running makes it look once more."""
        self._again.add(index)
        if index not in self._running:
            self._running[index] = asyncio.create_task(self._run(index))

    async def _run(self, index: bytes) -> None:
        try:
            while index in self._again:
                self._again.discard(index)
                more = True
                while more:
                    async with self._room:
                        more = await self._handle_next(index)
        finally:
            del self._running[index]
            if index in self._again:
                self.wake(index)

    async def drain(self) -> None:
        """Wait until every lane is empty."""
        while self._running:
            await asyncio.gather(*list(self._running.values()), return_exceptions=True)
