"""Delivery of the outbox: by lane, in order within a chat, danger replies never behind the rest."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.telegram.api import Sent
from bot.telegram.last_look import let_be
from bot.telegram.pacing import Pace
from people.hours import LONDON
from storage import outbox, switch
from storage.database import Database
from storage.tables import Send
from storage.tables.outbox import Lane, SendState

logger = structlog.get_logger()
#: Between two tries of a reply; the last value repeats. Danger replies are tried for ever.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30, 60))
SAFETY_AGAIN_AT_MOST = timedelta(seconds=30)
GIVE_UP_AFTER = 200
IDLE_SECONDS = 1.0
#: How long all bulk rests when Telegram could not be reached.
BULK_RESTS_SECONDS = 10.0
#: Called with a send that will never arrive, in its transaction.
OnLost = Callable[[Any, Send, Sent, datetime], None]


class Sends(Protocol):
    """Makes one call of the outbox and says what became of it. Never raises; `Api` is one."""

    async def send(
        self, method: str, telegram_id: str, body: dict[str, Any], keyboard: list[str], /
    ) -> Sent:
        """Make the call."""


def utc_now() -> datetime:
    """Return the time. Delivery is an edge: it reads the clock, unless it is given another."""
    return datetime.now(UTC)


class Deliverer:
    """Sends what is due in some lanes, over and over, at the pace Telegram allows."""

    def __init__(
        self,
        api: Sends,
        database: Database,
        lanes: Sequence[Lane],
        keyboard: list[str],
        on_lost: OnLost,
        pace: Pace,
        *,
        now: Callable[[], datetime] = utc_now,
        steady: Callable[[], float] = time.monotonic,
        zone: ZoneInfo = LONDON,
    ) -> None:
        """Remember the lanes; each Deliverer waits only for its own. All share one pace.

        `now` is the time of day, `steady` seconds that nobody sets, `zone` where quiet hours are counted.
        """
        self._api, self._database, self._lanes = api, database, tuple(lanes)
        self._keyboard, self._on_lost, self._pace = keyboard, on_lost, pace
        self._now, self._steady, self._zone = now, steady, zone
        self._due = asyncio.Event()

    def wake(self) -> None:
        """Look at the outbox now rather than in a second."""
        self._due.set()

    async def deliver_for_ever(self) -> None:
        """Send until stopped."""
        while True:
            # Cleared before looking: what is woken while we look makes us look once more.
            self._due.clear()
            try:
                if await self.deliver_batch():
                    continue
            except (SQLAlchemyError, OSError) as error:
                logger.warning("the outbox cannot be reached", failure=type(error).__name__)
                await asyncio.sleep(1)
            await self._rest()

    async def _rest(self) -> None:
        """Wait for room when there is none, else for something to send."""
        wait = self._pace.wait(self._lanes[0], self._steady())
        if wait > 0:
            await asyncio.sleep(min(wait, IDLE_SECONDS))
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._due.wait(), IDLE_SECONDS)

    async def deliver_batch(self) -> int:
        """Send what is due and has room, and return how many were tried."""
        room = self._pace.room(self._lanes[0], self._steady())
        if room == 0:
            return 0
        resting = self._pace.resting(self._lanes[0], self._steady())
        looked_at, claimed = await asyncio.to_thread(self._claim, room, resting)
        if claimed:
            results = await asyncio.gather(*(self._send(*one) for one in claimed))
            pairs = [(send.id, result) for (send, _), result in zip(claimed, results, strict=True)]
            await asyncio.to_thread(self._settle, pairs)
        return looked_at

    async def _send(self, send: Send, telegram_id: str) -> Sent:
        lane = Lane(send.lane)
        self._pace.sent(lane, send.chat_id, self._steady())
        result = await self._api.send(send.method, telegram_id, send.body or {}, self._keyboard)
        wait = result.wait_seconds
        if wait is None and lane is Lane.BULK and result.again:
            # Telegram is not there: trying each of thousands once a minute would bring none of them nearer.
            wait = BULK_RESTS_SECONDS
        if wait is not None:
            self._pace.told_to_wait(lane, send.chat_id, wait, self._steady())
        return result

    def _claim(self, room: int, resting: list[int]) -> tuple[int, list[tuple[Send, str]]]:
        """Return how many were looked at, and those of them to send."""
        now = self._now()
        with self._database.transaction() as session:
            if Lane.BULK in self._lanes:
                outbox.give_up_unknown(session, now)
                outbox.expire(session, now)
                if switch.is_off(session) or outbox.is_due(session, now, outbox.AT_LEAST_ONCE):
                    return 0, []
            found = outbox.claim(session, now, room, self._lanes, resting=resting)
            return len(found), [
                one for one in found if not let_be(session, one[0], now, self._zone)
            ]

    def _settle(self, pairs: list[tuple[int, Sent]]) -> None:
        now = self._now()
        with self._database.transaction() as session:
            for send_id, result in pairs:
                send = session.get(Send, send_id)
                if send is None:
                    continue  # erased while it was on its way
                settle(send, result, now)
                if send.state == SendState.FAILED:
                    self._on_lost(session, send, result, now)
                logger.info(
                    "send settled",
                    send=send.id,
                    lane=send.lane,
                    state=send.state,
                    tries=send.tries,
                )


def settle(send: Send, result: Sent, now: datetime) -> None:
    """Write down what became of a send, and when to try again if it is worth it."""
    if result.arrived:
        send.state, send.sent_at, send.telegram_message_id, send.failure = (
            SendState.SENT,
            now,
            result.message_id,
            None,
        )
        return
    send.failure = result.failure
    if send.lane == Lane.BULK and result.perhaps_arrived:
        send.state = SendState.UNKNOWN
    elif result.again and (send.tries < GIVE_UP_AFTER or send.lane == Lane.SAFETY):
        send.state, send.due_at = SendState.WAITING, now + until_next_try(send, result)
    else:
        send.state = SendState.FAILED


def until_next_try(send: Send, result: Sent) -> timedelta:
    """Return how long to wait: as long as Telegram says, but danger never longer than our own clock."""
    ours = BACKOFF[min(send.tries, len(BACKOFF)) - 1]
    if send.lane == Lane.SAFETY:
        ours = min(ours, SAFETY_AGAIN_AT_MOST)
    if result.wait_seconds is None:
        return ours
    told = timedelta(seconds=result.wait_seconds)
    return min(told, ours) if send.lane == Lane.SAFETY else told
