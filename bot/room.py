"""What the practice page shows of a turn: plain data, so that pages need not know the bot."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.engine import Engine
from bot.practice import ParseNow, Practice, take_turn
from bot.turn import Reply
from storage.tables.outbox import Lane


@dataclass(frozen=True)
class Shown:
    """One reply to show: its words, whether it is about danger, and its buttons by number."""

    text: str
    danger: bool
    rows: tuple[tuple[tuple[str, int | None, str], ...], ...]


def turn(
    engine: Engine,
    parse: ParseNow,
    state: object,
    text: str,
    pressed: int | None,
    now: datetime,
) -> tuple[Practice, list[Shown]]:
    """Take one turn of a practice conversation; a state of None begins one."""
    practice = state if isinstance(state, Practice) else Practice()
    action = None if pressed is None else practice.pressed(pressed) or "gone"
    result = take_turn(engine, parse, practice, text, now, action=action)
    number = iter(range(len(result.practice.keys)))
    return result.practice, [_shown(reply, number) for reply in result.outcome.replies]


def _shown(reply: Reply, number: Iterator[int]) -> Shown:
    rows = tuple(
        tuple((key.label, None if key.url else next(number), key.url) for key in row)
        for row in reply.keys
        if row
    )
    return Shown(reply.text, reply.lane is Lane.SAFETY, rows)
