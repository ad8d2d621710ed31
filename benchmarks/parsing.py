"""Asks a Rasa server what messages mean (`/model/parse`), as several clients at once."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from nlu.evaluation import Case, Outcome
from nlu.understanding import NOT_UNDERSTOOD, Ranked, Understanding

#: What stock Rasa calls a message that it is not sure of.
FALLBACK = "nlu_fallback"
_OK = 200
_PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class Server:
    """Where a Rasa listens, and the token it asks for, if any."""

    url: str
    token: str = ""


@dataclass(frozen=True)
class Asked:
    """What came back to each text, the seconds each took, and how long it all took."""

    answers: tuple[dict[str, Any], ...]
    seconds: tuple[float, ...]
    lasted: float


def ask(server: Server, texts: Sequence[str], *, clients: int) -> Asked:
    """Ask about every text, so many at a time, each client as soon as it has its answer."""
    return asyncio.run(_ask(server, texts, clients))


async def _ask(server: Server, texts: Sequence[str], clients: int) -> Asked:
    answers: list[dict[str, Any]] = [{} for _ in texts]
    seconds = [0.0] * len(texts)
    turns = itertools.count()
    async with aiohttp.ClientSession(timeout=_PATIENCE) as http:

        async def client() -> None:
            while (at := next(turns)) < len(texts):
                began = time.monotonic()
                answers[at] = await _parse(http, server, texts[at])
                seconds[at] = time.monotonic() - began

        began = time.monotonic()
        await asyncio.gather(*(client() for _ in range(clients)))
    return Asked(tuple(answers), tuple(seconds), time.monotonic() - began)


async def _parse(http: aiohttp.ClientSession, server: Server, text: str) -> dict[str, Any]:
    params = {"token": server.token} if server.token else {}
    url = f"{server.url}/model/parse"
    async with http.post(url, params=params, json={"text": text}) as answer:
        if answer.status != _OK:
            raise ValueError(f"Rasa answered with status {answer.status}")
        found: dict[str, Any] = await answer.json()
        return found


def outcome(case: Case, answer: dict[str, Any]) -> Outcome:
    """Return a message with what was made of it.

    Stock Rasa puts its fallback before what it would have said: then nothing was sure, and what it
    would have said still counts as its first choice.
    """
    names = [(str(one["name"]), float(one["confidence"])) for one in answer["intent_ranking"]]
    fell_back = answer["intent"]["name"] in {None, FALLBACK}
    ranking = tuple(Ranked(name, share) for name, share in names if name != FALLBACK)
    if not ranking:
        return Outcome(case, NOT_UNDERSTOOD)
    first = ranking[0]
    sure = 0.0 if fell_back else first.confidence
    return Outcome(case, Understanding(first.intent, sure, ranking))
