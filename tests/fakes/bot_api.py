"""A fake Bot API: what Telegram's server does with a bot's calls, faults included.

Offsets are Telegram's: asking with an offset confirms everything below it; what is not
confirmed is given out again. Of two that ask at once the older is refused, so that a bot which
died while it asked does not stand in the way of the next. It keeps what the bot sent, per chat.
"""

import asyncio
import itertools
import json
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.limits import Limits

BOT_ID = 4242
USERNAME = "kith_test_bot"
LONGEST_TEXT = 4096
LONGEST_DATA = 64
#: The calls that count against Telegram's limits.
LIMITED = frozenset({"sendMessage", "sendDocument"})


@dataclass
class SentMessage:
    """One message the bot sent."""

    chat_id: int
    message_id: int
    text: str
    method: str = "sendMessage"
    rows: list[list[dict[str, Any]]] = field(default_factory=list)
    document: str = ""
    at: float = field(default_factory=time.time)

    @property
    def labels(self) -> list[str]:
        """The words on its buttons."""
        return [key["text"] for row in self.rows for key in row]

    def data(self, label: str) -> str:
        """Return the payload of the button with this label."""
        return next(
            str(key["callback_data"])
            for row in self.rows
            for key in row
            if key["text"] == label and "callback_data" in key
        )


@dataclass
class Fault:
    """Something to go wrong with the next calls of a method."""

    method: str
    times: int
    status: int = 500
    seconds: float = 0.0
    retry_after: int | None = None
    drop: bool = False
    chat_id: int | None = None
    description: str = "made to fail"


class BotApi:
    """The state of the fake and its handlers."""

    def __init__(self, token: str, limits: Limits | None = None) -> None:
        """Start with nothing said, and Telegram's usual limits."""
        self.token = token
        self.limits = limits or Limits()
        self.waiting: dict[int, dict[str, Any]] = {}
        self.sent: list[SentMessage] = []
        self.calls: dict[str, int] = defaultdict(int)
        self.faults: list[Fault] = []
        self.numbers = itertools.count(1)
        self.update_numbers = itertools.count(1000)
        self.message_numbers: dict[int, int] = defaultdict(int)
        self.arrived = asyncio.Event()
        self.webhook: tuple[str, str] | None = None
        self.polls = 0
        self.left: list[int] = []
        self.answered_presses: list[str] = []

    def application(self) -> web.Application:
        """Return the server: the Bot API, and `/control` for tests in another process."""
        app = web.Application(client_max_size=50 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self.call)
        app.router.add_post("/control/push", self.control_push)
        app.router.add_post("/control/fault", self.control_fault)
        app.router.add_post("/control/limits", self.control_limits)
        app.router.add_get("/control/state", self.control_state)
        return app

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of the bot."""
        method = request.match_info["method"]
        self.calls[method] += 1
        if request.match_info["token"] != self.token:
            return _error(401, "Unauthorized")
        try:
            arguments = await _arguments(request)
        except ConnectionResetError:
            return web.Response()  # the bot was killed while it was asking
        fault = self._fault(method, arguments)
        if fault is not None:
            await asyncio.sleep(fault.seconds)
            if fault.drop:
                await self._run(method, arguments)
                if request.transport is not None:
                    request.transport.close()
                return web.Response()
            if fault.status != 200:
                return _error(fault.status, fault.description, retry_after=fault.retry_after)
        if method in LIMITED and (wait := self.limits.refusal(int(arguments["chat_id"]))):
            return _error(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        return await self._run(method, arguments)

    def _fault(self, method: str, arguments: dict[str, Any]) -> Fault | None:
        for fault in self.faults:
            right_chat = fault.chat_id is None or str(arguments.get("chat_id")) == str(
                fault.chat_id
            )
            if fault.method == method and fault.times > 0 and right_chat:
                fault.times -= 1
                return fault
        return None

    async def _run(self, method: str, arguments: dict[str, Any]) -> web.Response:
        known = getattr(self, f"do_{method}", None)
        if known is None:
            return _error(404, "Not Found: method not found")
        result = known(arguments)
        if asyncio.iscoroutine(result):
            result = await result
        return (
            result
            if isinstance(result, web.Response)
            else web.json_response({"ok": True, "result": result})
        )

    def do_getMe(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 (Telegram's names)
        return {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Kith",
            "username": USERNAME,
        }

    async def do_getUpdates(self, arguments: dict[str, Any]) -> Any:  # noqa: N802
        self.polls += 1
        poll = self.polls
        self.arrived.set()  # an older poll looks up, and sees that it is not the newest
        offset = arguments.get("offset")
        if offset is not None:
            for number in [number for number in self.waiting if number < int(offset)]:
                del self.waiting[number]
        deadline = time.monotonic() + float(arguments.get("timeout", 0))
        while not self.waiting and (left := deadline - time.monotonic()) > 0:
            self.arrived.clear()
            try:
                await asyncio.wait_for(self.arrived.wait(), left)
            except TimeoutError:
                break
            if poll != self.polls:
                return _error(409, "Conflict: terminated by other getUpdates request")
        return list(self.waiting.values())[: int(arguments.get("limit", 100))]

    def do_sendMessage(self, arguments: dict[str, Any]) -> Any:  # noqa: N802
        text = str(arguments.get("text", "")).strip()
        if not text or len(text) > LONGEST_TEXT:
            return _error(400, "Bad Request: message text is empty or too long")
        rows = (_json(arguments.get("reply_markup")) or {}).get("inline_keyboard", [])
        if any(
            len(key.get("callback_data", "").encode()) > LONGEST_DATA for row in rows for key in row
        ):
            return _error(400, "Bad Request: BUTTON_DATA_INVALID")
        return self._message(SentMessage(int(arguments["chat_id"]), 0, text, rows=rows))

    def do_sendDocument(self, arguments: dict[str, Any]) -> Any:  # noqa: N802
        file = arguments.get("document") or next(
            (value for key, value in arguments.items() if isinstance(value, bytes)), b""
        )
        document = file.decode("utf-8", "replace") if isinstance(file, bytes) else str(file)
        return self._message(
            SentMessage(
                int(arguments["chat_id"]),
                0,
                str(arguments.get("caption", "")),
                "sendDocument",
                document=document,
            )
        )

    def _message(self, sent: SentMessage) -> dict[str, Any]:
        self.message_numbers[sent.chat_id] += 1
        sent.message_id = self.message_numbers[sent.chat_id]
        self.sent.append(sent)
        return {
            "message_id": sent.message_id,
            "date": int(time.time()),
            "chat": {"id": sent.chat_id, "type": "private"},
            "text": sent.text,
        }

    def do_answerCallbackQuery(self, arguments: dict[str, Any]) -> bool:  # noqa: N802
        self.answered_presses.append(str(arguments.get("callback_query_id")))
        return True

    def do_leaveChat(self, arguments: dict[str, Any]) -> bool:  # noqa: N802
        self.left.append(int(arguments["chat_id"]))
        return True

    def do_setWebhook(self, arguments: dict[str, Any]) -> bool:  # noqa: N802
        self.webhook = (str(arguments["url"]), str(arguments.get("secret_token", "")))
        return True

    def do_deleteWebhook(self, _: dict[str, Any]) -> bool:  # noqa: N802
        self.webhook = None
        return True

    def do_getFile(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"file_id": "x", "file_unique_id": "x"}

    async def push(self, update: dict[str, Any]) -> int:
        """Let something happen in Telegram; return the update's number."""
        number = update.setdefault("update_id", next(self.update_numbers))
        if self.webhook is not None:
            address, secret = self.webhook
            async with aiohttp.ClientSession() as client:
                for _ in range(100):
                    async with client.post(
                        address,
                        json=update,
                        headers={"X-Telegram-Bot-Api-Secret-Token": secret},
                    ) as answer:
                        if answer.status == 200:
                            return int(number)
                    await asyncio.sleep(0.1)
        self.waiting[number] = update
        self.arrived.set()
        return int(number)

    def next_message(self, chat_id: int) -> int:
        """Return the number of the next message in a chat."""
        self.message_numbers[chat_id] += 1
        return self.message_numbers[chat_id]

    async def control_push(self, request: web.Request) -> web.Response:
        body = await request.json()
        for update in body["updates"]:
            message = update.get("message")
            if message is not None and "message_id" not in message:
                message["message_id"] = self.next_message(message["chat"]["id"])
        return web.json_response([await self.push(update) for update in body["updates"]])

    async def control_fault(self, request: web.Request) -> web.Response:
        self.faults.append(Fault(**await request.json()))
        return web.json_response({})

    async def control_limits(self, request: web.Request) -> web.Response:
        self.limits = Limits(**await request.json())
        return web.json_response({})

    async def control_state(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", 0))
        return web.json_response(
            {
                "sent": [asdict(one) for one in self.sent[since:]],
                "calls": self.calls,
                "left": self.left,
                "waiting": sorted(self.waiting),
                "webhook": self.webhook,
                "presses": self.answered_presses,
                "refused": self.limits.refused,
            }
        )


def _error(status: int, description: str, *, retry_after: int | None = None) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": status,
        "description": description,
    }
    if retry_after is not None:
        body["parameters"] = {"retry_after": retry_after}
    return web.json_response(body, status=status)


async def _arguments(request: web.Request) -> dict[str, Any]:
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return {**found, **await request.json()}
    for name, value in (await request.post()).items():
        found[name] = value.file.read() if isinstance(value, web.FileField) else value
    return found


def _json(value: object) -> dict[str, Any] | None:
    if isinstance(value, str):
        value = json.loads(value)
    return value if isinstance(value, dict) else None
