"""Young people's Telegram, for tests: say something, tap a button, see what the bot sent.

The server runs in a process of its own, so that it outlives a killed bot and costs the test no
time. `python -m tests.fakes.telegram PORT` runs it by hand.
"""

import subprocess
import sys
import time
from types import TracebackType
from typing import Any, Self

import httpx
from aiohttp import web

from tests.fakes.bot_api import BotApi, SentMessage

TOKEN = "4242:" + "A" * 35


class FakeTelegram:
    """A fake Telegram with a remote control."""

    def __init__(self) -> None:
        """Start the server and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.telegram", "0"],
            stdout=subprocess.PIPE,
            text=True,
        )
        port = self.process.stdout.readline().strip() if self.process.stdout else ""
        self.url, self.token = f"http://127.0.0.1:{port}", TOKEN
        self._http = httpx.Client(base_url=self.url, timeout=30)
        self._seen: dict[int, int] = {}
        self._sent: list[SentMessage] = []
        #: Every text that anybody wrote, so that a test can look for it where it must not be.
        self.said: list[str] = []

    def __enter__(self) -> Self:
        """Be ready."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server."""
        self._http.close()
        self.process.terminate()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()

    def push(self, *updates: dict[str, Any]) -> list[int]:
        """Let updates arrive, and return their numbers."""
        return list(self._http.post("/control/push", json={"updates": list(updates)}).json())

    def message(self, chat_id: int, **carried: Any) -> dict[str, Any]:
        """Return an update with a private message that carries this."""
        sender = {"id": chat_id, "is_bot": False, "first_name": "Amara"}
        return {
            "message": {
                "date": int(time.time()),
                "chat": {"id": chat_id, "type": "private"},
                "from": sender,
                **carried,
            }
        }

    def say(self, chat_id: int, text: str) -> int:
        """Write to the bot."""
        self.said.append(text)
        return self.push(self.message(chat_id, text=text))[0]

    def send(self, chat_id: int, **carried: Any) -> int:
        """Send the bot something that is not text."""
        return self.push(self.message(chat_id, **carried))[0]

    def edit(self, chat_id: int, message_id: int, text: str) -> int:
        """Change a message that was sent before."""
        self.said.append(text)
        update = self.message(chat_id, text=text, message_id=message_id, edit_date=int(time.time()))
        return self.push({"edited_message": update["message"]})[0]

    def tap(self, chat_id: int, label: str) -> int:
        """Press the button with this label on the newest message that has it."""
        message = next(one for one in reversed(self.sent(chat_id)) if label in one.labels)
        return self.tap_data(chat_id, message.data(label), message.message_id)

    def tap_data(self, chat_id: int, data: str, message_id: int) -> int:
        """Press a button by its payload, which may be forged."""
        return self.push(
            {
                "callback_query": {
                    "id": str(time.monotonic_ns()),
                    "from": {"id": chat_id, "is_bot": False, "first_name": "Amara"},
                    "chat_instance": "1",
                    "data": data,
                    "message": {
                        "message_id": message_id,
                        "date": int(time.time()),
                        "chat": {"id": chat_id, "type": "private"},
                    },
                }
            }
        )[0]

    def fault(self, method: str, *, times: int = 1, **how: Any) -> None:
        """Make the next calls of a method go wrong."""
        self._http.post("/control/fault", json={"method": method, "times": times, **how})

    def limits(self, **how: Any) -> None:
        """Make Telegram put up with more or less than usual."""
        self._http.post("/control/limits", json=how)

    def state(self) -> dict[str, Any]:
        """Return the server's own account of things."""
        found = dict(self._http.get("/control/state", params={"since": len(self._sent)}).json())
        self._sent += [SentMessage(**one) for one in found["sent"]]
        return found

    def sent(self, chat_id: int | None = None) -> list[SentMessage]:
        """Return what the bot has sent, to one chat or to all."""
        self.state()
        return [one for one in self._sent if chat_id is None or one.chat_id == chat_id]

    def wait_for(self, chat_id: int, count: int = 1, *, seconds: float = 15) -> list[SentMessage]:
        """Wait until the bot has sent this many more messages to a chat, and return the new ones."""
        seen = self._seen.get(chat_id, 0)
        deadline = time.monotonic() + seconds
        while len(found := self.sent(chat_id)) < seen + count:
            if time.monotonic() > deadline:
                message = f"only {len(found) - seen} of {count} messages came: {[one.text for one in found[seen:]]}"
                raise AssertionError(message)
            time.sleep(0.03)
        self._seen[chat_id] = len(found)
        return found[seen:]

    def ask(self, chat_id: int, text: str, count: int = 1, *, seconds: float = 15) -> SentMessage:
        """Write to the bot and return the last of the messages that come back."""
        self.say(chat_id, text)
        return self.wait_for(chat_id, count, seconds=seconds)[-1]

    def press(self, chat_id: int, label: str, count: int = 1) -> SentMessage:
        """Press a button and return the last of the messages that come back."""
        self.tap(chat_id, label)
        return self.wait_for(chat_id, count)[-1]


async def serve(port: int) -> None:
    """Serve for ever and print the port."""
    import asyncio

    runner = web.AppRunner(BotApi(TOKEN).application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    server = site._server
    sys.stdout.write(
        f"{server.sockets[0].getsockname()[1] if isinstance(server, asyncio.Server) else port}\n"
    )
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    import asyncio

    asyncio.run(serve(int(sys.argv[1])))
