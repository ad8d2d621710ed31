"""Talks to the peer as many young people at once, by its REST channel."""

import asyncio
import time
from collections.abc import Sequence

import aiohttp

from benchmarks.figures import Exchange, Load, Message

_OK = 200


def converse(
    url: str, load: Load, messages: Sequence[Message], *, patience: float
) -> list[Exchange]:
    """Post a load at its pace and return every exchange, waiting so long for the last replies."""
    return asyncio.run(_converse(url, load, messages, patience))


async def _converse(
    url: str, load: Load, messages: Sequence[Message], patience: float
) -> list[Exchange]:
    start = time.monotonic()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def one(number: int, message: Message) -> Exchange:
            await asyncio.sleep(max(0.0, start + load.due(number) - time.monotonic()))
            asked = time.monotonic()
            return Exchange(message, asked, await _post(http, url, message, patience))

        exchanges = await asyncio.gather(*(one(*item) for item in enumerate(messages)))
    return list(exchanges)


async def _post(
    http: aiohttp.ClientSession, url: str, message: Message, patience: float
) -> float | None:
    """Post one message and return when its reply was whole, or None if there was none."""
    body = {"sender": str(message.chat_id), "message": message.text}
    try:
        limit = aiohttp.ClientTimeout(total=patience)
        async with http.post(url, json=body, timeout=limit) as answer:
            replies = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
    return time.monotonic() if answer.status == _OK and replies else None
