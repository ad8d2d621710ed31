"""Delivery of the outbox: by lane, in order within a chat, danger replies never behind the rest."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.telegram.api import Api, Sent
from storage import outbox
from storage.database import Database
from storage.tables import Send
from storage.tables.outbox import Lane, SendState

logger = structlog.get_logger()
BATCH = 32
#: Between two tries of a reply; the last value repeats. Danger replies are tried for ever.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30, 60))
GIVE_UP_AFTER = 200
IDLE_SECONDS = 1.0
#: Called with a send that will never arrive, in its transaction.
OnLost = Callable[[Any, Send, Sent, datetime], None]


class Deliverer:
    """Sends what is due in some lanes, over and over."""

    def __init__(
        self,
        api: Api,
        database: Database,
        lanes: Sequence[Lane],
        keyboard: list[str],
        on_lost: OnLost,
    ) -> None:
        """Remember the lanes; each Deliverer waits only for its own."""
        self._api, self._database, self._lanes = api, database, tuple(lanes)
        self._keyboard, self._on_lost = keyboard, on_lost
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
            try:
                await asyncio.wait_for(self._due.wait(), IDLE_SECONDS)
            except TimeoutError:
                continue

    async def deliver_batch(self) -> int:
        """Send what is due once, and return how many were tried."""
        claimed = await asyncio.to_thread(self._claim)
        if claimed:
            results = await asyncio.gather(
                *(
                    self._api.send(send.method, telegram_id, send.body or {}, self._keyboard)
                    for send, telegram_id in claimed
                )
            )
            pairs = [(send.id, result) for (send, _), result in zip(claimed, results, strict=True)]
            await asyncio.to_thread(self._settle, pairs)
        return len(claimed)

    def _claim(self) -> list[tuple[Send, str]]:
        with self._database.transaction() as session:
            outbox.give_up_unknown(session, datetime.now(UTC))
            outbox.expire(session, datetime.now(UTC))
            return outbox.claim(session, datetime.now(UTC), BATCH, self._lanes)

    def _settle(self, pairs: list[tuple[int, Sent]]) -> None:
        now = datetime.now(UTC)
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
    at_most_once = send.lane == Lane.BULK and result.perhaps_arrived
    if at_most_once:
        send.state = SendState.UNKNOWN
    elif result.again and (send.tries < GIVE_UP_AFTER or send.lane == Lane.SAFETY):
        wait = (
            timedelta(seconds=result.wait_seconds)
            if result.wait_seconds is not None
            else BACKOFF[min(send.tries, len(BACKOFF)) - 1]
        )
        if send.lane == Lane.SAFETY:
            wait = min(wait, timedelta(seconds=30))
        send.state, send.due_at = SendState.WAITING, now + wait
    else:
        send.state = SendState.FAILED
