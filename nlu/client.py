"""The only module that talks to Rasa: a message in, what it means out, or an NluError.

It keeps three promises whatever Rasa does: an answer or an error within the deadline, nothing
believed that is not of the right shape, and no token or words in any log.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from datetime import timedelta

import httpx

from nlu.breaker import Breaker
from nlu.entities import Entity, Kind
from nlu.understanding import NOT_UNDERSTOOD, NluError, Ranked, Understanding, read

__all__ = [
    "NOT_UNDERSTOOD",
    "Client",
    "Entity",
    "Kind",
    "NluError",
    "Ranked",
    "Understanding",
]

# A real reply with every intent ranked is 30 kB.
_LARGEST_REPLY = 512 * 1024


class Client:
    """Talks to one Rasa server, and stops for a while when it keeps failing.

    Share one between tasks and threads. Close it with `await aclose()` when it was used async.
    """

    def __init__(
        self,
        url: str,
        token: str,
        timeout: timedelta,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Remember where Rasa is. Nothing is sent yet."""
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._clock = clock
        self._breaker = Breaker()
        self._tls = _tls(url)
        self._http: tuple[asyncio.AbstractEventLoop, httpx.AsyncClient] | None = None
        # At INFO these two print URLs, and Rasa takes its token nowhere but in the URL.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)

    @property
    def timeout(self) -> timedelta:
        """How long a message may take, its parts included."""
        return self._timeout

    async def parse(self, text: str) -> Understanding:
        """Return what the text means, within the timeout. Raise NluError otherwise.

        The deadline is for the whole exchange, so a server that drips bytes is cut off too.
        While the breaker is open this fails at once, without a call.
        """
        return await self._guarded(self._shared(), text)

    def parse_now(self, text: str) -> Understanding:
        """Do the same as `parse` from code with no event loop, over a connection of its own."""

        async def alone() -> Understanding:
            async with self._new() as http:
                return await self._guarded(http, text)

        return asyncio.run(alone())

    async def ready(self) -> bool:
        """Say whether Rasa is up with a model loaded. Never raises, and ignores the breaker."""
        try:
            async with (
                asyncio.timeout(self._timeout.total_seconds()),
                self._new() as http,
            ):
                status, body = await self._fetch(http, "GET", "/status", None)
        except (TimeoutError, httpx.HTTPError, NluError):
            return False
        return status == httpx.codes.OK and b'"model_file"' in body

    async def aclose(self) -> None:
        """Close the shared connections."""
        if self._http is not None:
            await self._http[1].aclose()
            self._http = None

    async def _guarded(self, http: httpx.AsyncClient, text: str) -> Understanding:
        if not self._breaker.may_call(self._clock()):
            raise NluError("Rasa keeps failing; leaving it alone for a moment")
        try:
            understanding = await self._ask(http, text)
        except asyncio.CancelledError:
            # Danger does not wait for Rasa: its question is dropped while Rasa is well. Counted as
            # failures, five people in danger at once would leave everybody else not understood.
            self._breaker.let_go()
            raise
        except BaseException:
            self._breaker.failed(self._clock())
            raise
        self._breaker.worked()
        return understanding

    async def _ask(self, http: httpx.AsyncClient, text: str) -> Understanding:
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                status, body = await self._fetch(http, "POST", "/model/parse", {"text": text})
        except TimeoutError as error:
            raise NluError("Rasa did not answer in time") from error
        except httpx.HTTPError as error:
            # The kind of failure, not its message, which may hold the URL and so the token.
            raise NluError(f"Rasa cannot be reached: {type(error).__name__}") from None
        if status != httpx.codes.OK:
            raise NluError(f"Rasa answered with status {status}")
        return read(body)

    async def _fetch(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        json: dict[str, str] | None,
    ) -> tuple[int, bytes]:
        params = {"token": self._token}
        body = bytearray()
        async with http.stream(method, self._url + path, params=params, json=json) as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _LARGEST_REPLY:
                    raise NluError("Rasa's reply is far too long")
            return response.status_code, bytes(body)

    def _shared(self) -> httpx.AsyncClient:
        # Kept-alive connections belong to the event loop that opened them.
        loop = asyncio.get_running_loop()
        if self._http is None or self._http[0] is not loop:
            self._http = (loop, self._new())
        return self._http[1]

    def _new(self) -> httpx.AsyncClient:
        # No proxy from the environment: what people write goes to Rasa and nowhere else.
        headers = {"Accept-Encoding": "identity"}
        return httpx.AsyncClient(
            timeout=self._timeout.total_seconds(),
            verify=self._tls,
            trust_env=False,
            headers=headers,
        )


def _tls(url: str) -> ssl.SSLContext:
    # Reading the machine's certificates takes a third of a second; next door needs none. An
    # empty context trusts nobody, so this can never loosen anything.
    if url.startswith("https:"):
        return ssl.create_default_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
