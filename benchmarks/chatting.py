"""Talks to the bot as many young people at once, through a Telegram played by us."""

import time
from collections.abc import Sequence

from benchmarks.figures import Exchange, Load, Message
from tests.fakes.bot_api import SentMessage
from tests.fakes.telegram import FakeTelegram

_LOOK_EVERY = 0.2
#: A reply may be two messages: let the second land before the next load looks for its firsts.
_SETTLES = 0.5


def converse(
    telegram: FakeTelegram, load: Load, messages: Sequence[Message], *, patience: float
) -> list[Exchange]:
    """Send a load at its pace and return every exchange, waiting so long for the last replies.

    Every chat writes once in a load, so that its first new message is the reply.
    """
    before = len(telegram.sent())
    asked = _push(telegram, load, messages)
    late = time.monotonic() + patience
    while len(found := _firsts(telegram.sent()[before:])) < len(asked):
        if time.monotonic() > late:
            break
        time.sleep(_LOOK_EVERY)
    time.sleep(_SETTLES)
    return [_exchange(one, asked[one.chat_id], found.get(one.chat_id)) for one in messages]


def _push(telegram: FakeTelegram, load: Load, messages: Sequence[Message]) -> dict[int, float]:
    """Push each message when it is due, and return when each chat's was pushed."""
    asked: dict[int, float] = {}
    start, number = time.monotonic(), 0
    while number < len(messages):
        elapsed = time.monotonic() - start
        due = number
        while due < len(messages) and load.due(due) <= elapsed:
            due += 1
        if due == number:
            time.sleep(load.due(number) - elapsed)
            continue
        batch, number = messages[number:due], due
        updates = [telegram.message(one.chat_id, text=one.text) for one in batch]
        # The fake stamps what it receives with the same wall clock, in another process.
        asked |= dict.fromkeys((one.chat_id for one in batch), time.time())
        telegram.push(*updates)
    return asked


def _firsts(sent: Sequence[SentMessage]) -> dict[int, SentMessage]:
    found: dict[int, SentMessage] = {}
    for one in sent:
        found.setdefault(one.chat_id, one)
    return found


def _exchange(message: Message, asked: float, reply: SentMessage | None) -> Exchange:
    # Only an article's reply has a link among its buttons.
    article = reply is not None and any("url" in key for row in reply.rows for key in row)
    return Exchange(message, asked, reply.at if reply else None, article=article)
