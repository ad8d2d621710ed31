"""What writers and reviewers type: check the words, and sign off those around danger."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.common import fail, out

content_commands = typer.Typer(no_args_is_help=True, help="Articles and replies.")


@content_commands.command("check")
def content_check(
    *,
    unconfirmed: Annotated[
        bool,
        typer.Option("--unconfirmed", help="List facts that still need a live check."),
    ] = False,
    not_youth_proofed: Annotated[
        bool,
        typer.Option(
            "--not-youth-proofed",
            help="List what young people have not read for a year, most asked and disputed first.",
        ),
    ] = False,
) -> None:
    """Check every article and reply: ids, dates, sources, words, lock screen, reading age, length."""
    from content import check

    today = datetime.now(UTC).date()
    found = check.everything(today)
    if not_youth_proofed and not found.unreadable:
        _print_review()
    for line in found.report(unconfirmed=unconfirmed):
        out.print(line, markup=False)
    if found.faults:
        raise fail(f"{len(found.faults)} faults.")


def _print_review() -> None:
    from content import library, review
    from wiring import review as from_database

    today = datetime.now(UTC).date()
    usage, why_not = from_database.usage(today)
    for line in review.lines(library.load(), today, usage):
        out.print(line, markup=False)
    if usage is None:
        out.print(f"How often each was asked or disputed is not known: {why_not}.", markup=False)


@content_commands.command("pin")
def content_pin(
    by: Annotated[str, typer.Option(help="Who signs these words off.")],
) -> None:
    """Pin the words of the danger replies, in the name of whoever signed them off."""
    from content import pins

    out.print(f"{pins.pin(by, datetime.now(UTC).date())} replies pinned.", markup=False)
