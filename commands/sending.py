"""What staff type to see what became of what was sent: ids and states, never words."""

import uuid
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from commands.common import fail, out, started
from wiring import base


def sends(
    chat: Annotated[int | None, typer.Option(help="Only of the chat with this number.")] = None,
    person: Annotated[str | None, typer.Option(help="Only to the person with this id.")] = None,
    state: Annotated[str | None, typer.Option(help="Only those in this state.")] = None,
    most: Annotated[int, typer.Option(help="How many to list, newest first.")] = 50,
    *,
    count: Annotated[bool, typer.Option("--count", help="Only how many there are.")] = False,
) -> None:
    """Show what became of each message: ids and states, never words."""
    from storage import outbox
    from storage.tables.outbox import SendState

    if state is not None and state not in set(SendState):
        raise fail(f"The state must be one of {', '.join(SendState)}.")
    whose, wanted = _person(person), SendState(state) if state else None
    with base.opened(started()) as database, database.transaction() as session:
        if count:
            out.print(_counted(outbox.count_by_state(session)))
            return
        table = Table("Send", "Chat", "Lane", "What", "State", "Why", "Tries", "Due", "Sent")
        for one in outbox.lately(session, chat_id=chat, person_id=whose, state=wanted, most=most):
            table.add_row(
                str(one.id),
                str(one.chat_id),
                _lane(one.lane),
                one.reply_id or one.method,
                one.state,
                one.failure or "",
                str(one.tries),
                "at once" if one.due_at == outbox.AT_ONCE else _at(one.due_at),
                _at(one.sent_at),
            )
    out.print(table)


def _lane(stored: str) -> str:
    return stored.split("_", maxsplit=1)[1]


def _counted(counts: dict[tuple[str, str, str], int]) -> Table:
    table = Table("Lane", "State", "Why", "How many")
    for (lane, state, why), count in sorted(counts.items()):
        table.add_row(_lane(lane), state, why, str(count))
    return table


def _person(given: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(given) if given else None
    except ValueError:
        raise fail("That is not the id of a person.") from None


def _at(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%d %b %H:%M:%S") if moment else ""
