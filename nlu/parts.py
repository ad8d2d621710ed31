"""Understands a message as a whole, and its parts when it may hold two needs. Knows no HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from nlu import clauses
from nlu.clauses import Clauses
from nlu.understanding import NluError, Part, Understanding


async def hear(
    parse: Callable[[str], Awaitable[Understanding]], text: str, within: timedelta
) -> Understanding:
    """Return what a message means, with its parts. Raise NluError when the whole is not understood.

    The parts are asked about together, in what the whole left of the time; those that come too
    late, or fail, are as if they had not been written apart.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within.total_seconds()
    whole = await parse(text)
    found = _worth_asking(text, whole)
    if found is None:
        return whole
    try:
        async with asyncio.timeout_at(deadline):
            meanings = await asyncio.gather(*(parse(part) for part in found.parts))
    except (TimeoutError, NluError):
        return whole
    return _with_parts(whole, found, meanings)


def hear_now(parse: Callable[[str], Understanding], text: str) -> Understanding:
    """Do the same as `hear` where nobody waits: in practice, one part after the other."""
    whole = parse(text)
    found = _worth_asking(text, whole)
    if found is None:
        return whole
    try:
        meanings = [parse(part) for part in found.parts]
    except NluError:
        return whole
    return _with_parts(whole, found, meanings)


def _worth_asking(text: str, whole: Understanding) -> Clauses | None:
    """Return the parts of a message that is long and doubtful enough to hold two needs."""
    found = clauses.split(text)
    return found if found and whole.confidence < found.joint.doubt else None


def _with_parts(
    whole: Understanding, found: Clauses, meanings: list[Understanding]
) -> Understanding:
    parts = (
        Part(text, meaning, found.joint.sure)
        for text, meaning in zip(found.parts, meanings, strict=True)
    )
    return replace(whole, parts=tuple(parts))
