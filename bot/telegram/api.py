"""Calls to the Bot API, and what each failure means: worth trying again, or not."""

import io
import json
import os
import warnings
from dataclasses import dataclass
from typing import Any

import httpx
import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    ReplyKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

# We ask for raw updates on purpose: what the library does not know must be kept too.
warnings.filterwarnings("ignore", message="Please use 'Bot.", category=PTBUserWarning)
# Times as the library will give them before long, and gives them today to whoever asks.
os.environ.setdefault("PTB_TIMEDELTA", "1")
logger = structlog.get_logger()
#: Everything that can carry words, and the changes that tell us who can be reached.
ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
)
POLL_SECONDS = 25


class TokenRefusedError(Exception):
    """Telegram does not accept the token. Not worth trying again: stop, loudly."""


#: Telegram was never reached, so nothing can have arrived. Everything else is not so sure.
SURELY_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
#: What the library has an error of its own for; the rest below 500 it takes for a bad network.
KNOWN_REFUSALS = frozenset({400, 401, 403, 404, 409, 429})
TOO_MANY, WAIT_WHEN_NOT_SAID = 429, 5


class Request(HTTPXRequest):
    """The library's requests, which forget the status of what they do not know."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request. A refusal is one, whatever its number; a 429 always has a time to wait."""
        code, payload = await super().do_request(*args, **kwargs)
        if code == TOO_MANY and b"retry_after" not in payload:
            raise RetryAfter(WAIT_WHEN_NOT_SAID)
        if 400 <= code < 500 and code not in KNOWN_REFUSALS:
            raise BadRequest(f"refused with {code}")
        return code, payload


@dataclass(frozen=True)
class Sent:
    """What became of a call: the message's id, or why it failed and whether to try again.

    `unreachable` says why nothing can reach this chat until they come back to us.
    """

    message_id: int | None = None
    failure: str = ""
    again: bool = False
    wait_seconds: float | None = None
    unreachable: str = ""
    perhaps_arrived: bool = False

    @property
    def arrived(self) -> bool:
        """Whether Telegram took it."""
        return not self.failure


class Api:
    """A connection to the Bot API. Open with `await start()`, close with `await stop()`."""

    def __init__(self, token: str, url: str) -> None:
        """Prepare the connections; nothing is sent yet."""
        base = f"{url.rstrip('/')}/bot"
        self._bot = Bot(
            token,
            base_url=base,
            request=Request(connection_pool_size=32, read_timeout=20, pool_timeout=10),
            get_updates_request=HTTPXRequest(
                connection_pool_size=2, read_timeout=POLL_SECONDS + 10
            ),
        )
        self.bot_id = 0
        self.username = ""

    async def start(self) -> None:
        """Ask who we are; raises TokenRefusedError when the token is not accepted."""
        try:
            await self._bot.initialize()
        except InvalidToken as error:
            raise TokenRefusedError("Telegram refused the token in KITH_TELEGRAM_TOKEN.") from error
        self.bot_id, self.username = self._bot.id, self._bot.username

    async def stop(self) -> None:
        """Give the connections back."""
        await self._bot.shutdown()

    async def updates(self, offset: int | None) -> list[dict[str, Any]]:
        """Return the next raw updates; asking with an offset confirms everything before it."""
        arguments: dict[str, Any] = {
            "timeout": POLL_SECONDS,
            "limit": 100,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        if offset is not None:
            arguments["offset"] = offset
        try:
            found = await self._bot.do_api_request(
                "getUpdates", arguments, read_timeout=POLL_SECONDS + 10
            )
        except (InvalidToken, Forbidden) as error:
            raise TokenRefusedError("Telegram refused the token while we were running.") from error
        return [
            one for one in found if isinstance(one, dict) and isinstance(one.get("update_id"), int)
        ]

    async def use_webhook(self, url: str, secret: str) -> None:
        """Tell Telegram where to push updates."""
        await self._bot.set_webhook(
            url,
            secret_token=secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=20,
        )

    async def use_polling(self) -> None:
        """Make sure that no webhook is set, without dropping what waits."""
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def answer_press(self, callback_id: str) -> None:
        """Stop the little clock on a button. Best effort: the reply itself follows by the outbox."""
        try:
            await self._bot.answer_callback_query(callback_id)
        except TelegramError:
            logger.debug("a press could not be answered")

    async def say(self, chat_id: int, text: str) -> None:
        """Say something at once, outside the outbox; for when the database is away."""
        try:
            await self._bot.send_message(chat_id, text)
        except TelegramError as error:
            logger.warning("a static reply could not be sent", failure=type(error).__name__)

    async def send(
        self, method: str, telegram_id: str, body: dict[str, Any], keyboard: list[str]
    ) -> Sent:
        """Make one call of the outbox and say what became of it. Never raises."""
        try:
            return Sent(message_id=await self._call(method, int(telegram_id), body, keyboard))
        except RetryAfter as error:
            return Sent(failure="retry_after", again=True, wait_seconds=_seconds(error))
        except InvalidToken:
            raise TokenRefusedError("Telegram refused the token while we were sending.") from None
        except Forbidden as error:
            return _unreachable(error)
        except BadRequest as error:
            # A BadRequest is a NetworkError to the library, but trying again would loop for ever.
            return _unreachable(error) if _is_gone(error) else Sent(failure="bad_request")
        except NetworkError as error:
            return _lost_on_the_way(error)
        except TelegramError as error:
            return Sent(failure=type(error).__name__, again=isinstance(error, Conflict))

    async def _call(
        self, method: str, chat_id: int, body: dict[str, Any], keyboard: list[str]
    ) -> int | None:
        if method == "sendMessage":
            return (
                await self._bot.send_message(
                    chat_id, body["text"], reply_markup=_markup(body, keyboard)
                )
            ).message_id
        if method == "sendDocument":
            file = InputFile(io.BytesIO(body["text"].encode()), filename=body["name"])
            return (
                await self._bot.send_document(chat_id, file, caption=body["caption"])
            ).message_id
        if method == "leaveChat":
            await self._bot.leave_chat(chat_id)
            return None
        message = f"We make no call named {method}."
        raise TelegramError(message)


def _is_gone(error: BadRequest) -> bool:
    return "chat not found" in error.message.lower()


def _unreachable(error: Forbidden | BadRequest) -> Sent:
    said = error.message.lower()
    if "deactivated" in said:
        why = "deactivated"
    else:
        why = "no_chat" if "chat not found" in said or "initiate" in said else "blocked"
    return Sent(failure=why, unreachable=why)


def _lost_on_the_way(error: NetworkError) -> Sent:
    """Return that it failed, and whether it may have arrived all the same."""
    if isinstance(error.__cause__, SURELY_NOT_SENT):
        return Sent(failure="not_reached", again=True)
    name = "timed_out" if isinstance(error, TimedOut) else "network"
    return Sent(failure=name, again=True, perhaps_arrived=True)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def _markup(
    body: dict[str, Any], keyboard: list[str]
) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """Return the buttons of a message; with none, the two keys that are always there."""
    if rows := body.get("rows"):
        return InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton(
                        one["text"], callback_data=one.get("data"), url=one.get("url")
                    )
                    for one in row
                ]
                for row in rows
            ]
        )
    if body.get("help_keyboard"):
        return ReplyKeyboardMarkup([keyboard], resize_keyboard=True, is_persistent=True)
    return None


def as_json(raw: bytes) -> dict[str, Any] | None:
    """Return a pushed update when it is one."""
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("update_id"), int) else None
