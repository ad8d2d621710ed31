"""Switching Kith off and on from the command line."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.common import fail, out, started
from commands.cover import found
from wiring import base


def off(
    by: Annotated[str, typer.Option(help="Your e-mail: a manager's or an administrator's.")],
    reason: Annotated[str, typer.Option(help="Why. Every colleague sees it.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Switch Kith off: it says so, answers danger all the same, and what goes to many waits."""
    from dashboard.words import words
    from people import switch

    settings = started()
    if not yes:
        for question in ("Switch Kith off for every young person?", "Are you sure?"):
            if not typer.confirm(question):
                raise typer.Exit(1)
    with base.opened(settings) as database, database.transaction() as session:
        member, request_id = found(session, by), switch.by_command()
        try:
            switch.turn_off(
                session, member, reason, datetime.now(UTC), request_id=request_id, address=None
            )
        except switch.SwitchError as error:
            raise fail(words("problems", str(error))) from error
    out.print("Kith is off. Danger is still answered. Switch it on with: kith on --by …")


def on(by: Annotated[str, typer.Option(help="Your e-mail.")]) -> None:
    """Switch Kith on again. What waited is sent, unless its hour has passed."""
    from dashboard.words import words
    from people import switch

    settings = started()
    with base.opened(settings) as database, database.transaction() as session:
        member, request_id = found(session, by), switch.by_command()
        try:
            switch.turn_on(session, member, datetime.now(UTC), request_id=request_id, address=None)
        except switch.SwitchError as error:
            raise fail(words("problems", str(error))) from error
    out.print("Kith is on.")
