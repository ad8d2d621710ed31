"""Receiving: save the raw update, commit, and only then tell Telegram that we have it."""

import asyncio
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.incoming import read
from bot.telegram.api import Api, as_json
from storage import chats, inbox
from storage.database import Database

logger = structlog.get_logger()
#: safety.md SEC-51: a body over this is refused unread.
LARGEST_BODY = 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

Wake = Callable[[bytes], None]
#: Answers from memory when nothing can be saved.
Fallback = Callable[[list[dict[str, Any]]], "asyncio.Future[None] | Any"]


class Receiver:
    """Saves what Telegram sends, by polling or by webhook, and wakes the chats it came from."""

    def __init__(self, api: Api, database: Database, wake: Wake, fallback: Fallback) -> None:
        """Remember the parts; nothing is asked yet."""
        self._api, self._database, self._wake, self._fallback = (
            api,
            database,
            wake,
            fallback,
        )
        self.beat: Callable[[str], Any] = lambda _part: None

    def save(self, updates: list[dict[str, Any]]) -> list[bytes]:
        """Save updates in one commit and return the chats they came from. Raises when it cannot."""
        found = [(_index(raw), raw) for raw in sorted(updates, key=_order)]
        with self._database.transaction() as session:
            inbox.save(session, self._api.bot_id, found, datetime.now(UTC))
        return list(dict.fromkeys(index for index, _ in found))

    async def poll_for_ever(self) -> None:
        """Ask, save, and only then ask for the next, which is what confirms."""
        # Never an old offset: after a quiet week Telegram's numbers may start again lower. One is
        # asked with until nothing is left, since that confirms it; then without.
        offset: int | None = None
        failures = 0
        while True:
            try:
                updates = await self._api.updates(offset)
                offset = await self._take(updates, offset) if updates else None
                failures = 0
                await asyncio.to_thread(self.beat, "poll")
            except Conflict:
                logger.critical(
                    "another program is reading this bot's messages: is the token stolen, or Kith running twice?"
                )
                failures += 1
            except RetryAfter as error:
                logger.warning("told to wait before asking for updates")
                await asyncio.sleep(
                    float(error.retry_after if isinstance(error.retry_after, int) else 5)
                )
            except (TelegramError, SQLAlchemyError, OSError) as error:
                logger.warning("could not receive", failure=type(error).__name__)
                failures += 1
            if failures:
                await asyncio.sleep(min(0.5 * 2**failures, 15))

    async def _take(self, updates: list[dict[str, Any]], offset: int | None) -> int | None:
        """Save a batch and return the offset that confirms it; keep the old one when it cannot be saved."""
        try:
            woken = await asyncio.to_thread(self.save, updates)
        except (SQLAlchemyError, OSError) as error:
            logger.critical(
                "cannot save what arrived; Telegram keeps it",
                failure=type(error).__name__,
            )
            await self._fallback(updates)
            await asyncio.sleep(2)
            return offset
        for index in woken:
            self._wake(index)
        return int(max(raw["update_id"] for raw in updates)) + 1

    def webhook(self, secret: str) -> web.Application:
        """Return the small web application that Telegram pushes to."""

        async def push(request: web.Request) -> web.Response:
            given = request.headers.get(SECRET_HEADER, "")
            if not hmac.compare_digest(given.encode(), secret.encode()):
                return web.Response(status=403)
            raw = as_json(await request.read())
            if raw is None:
                return web.Response(status=400)
            try:
                woken = await asyncio.to_thread(self.save, [raw])
            except (SQLAlchemyError, OSError) as error:
                logger.critical(
                    "cannot save what was pushed; Telegram will push again",
                    failure=type(error).__name__,
                )
                await self._fallback([raw])
                return web.Response(status=503)
            for index in woken:
                self._wake(index)
            await asyncio.to_thread(self.beat, "poll")
            return web.Response()

        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_post("/{path:.*}", push)
        return application


def _index(raw: dict[str, Any]) -> bytes:
    incoming = read(raw)
    return chats.index_of(incoming.chat_id if incoming else 0)


def _order(raw: dict[str, Any]) -> tuple[int, int]:
    """Put messages of one batch in the order they were written, whatever their update numbers say."""
    message = raw.get("message")
    written = message.get("date") if isinstance(message, dict) else None
    number = message.get("message_id") if isinstance(message, dict) else None
    if isinstance(written, int) and isinstance(number, int):
        return written, number
    return 2**62, raw["update_id"]
