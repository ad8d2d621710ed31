"""What staff type about answers, the in-touch measure, and what waits for an adviser."""

import csv
import io
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from commands.common import errors, out
from commands.keeping import By, MaybeBy, clearly, desk

check_in_commands = typer.Typer(no_args_is_help=True, help="What young people answered.")
in_touch_commands = typer.Typer(
    invoke_without_command=True, help="The in-touch measure, a line for each birthday window."
)
task_commands = typer.Typer(invoke_without_command=True, help="What waits for an adviser.")


class Format(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    CSV = "csv"


# --- Answers ---------------------------------------------------------------------------------


@check_in_commands.command("list")
def check_ins_list(person: str, by: MaybeBy = None) -> None:
    """Show what somebody answered: the face, their words, and what is not confirmed yet."""
    with clearly():
        found = desk().answers(person, by)
    for one in found:
        said = f"{one.category_of}: {one.category} (said by them)" if one.category else ""
        confirmed = f"; confirmed as {one.confirmed_as}" if one.confirmed_as else ""
        face = f"face {one.feeling} of 5" if one.feeling else "no face"
        out.print(
            f"{one.id}  {one.at:%d %b %Y %H:%M} UTC  {one.question} v{one.question_version}  {face}  {said}{confirmed}",
            markup=False,
        )
        if one.words:
            out.print(f"    {one.words}", markup=False)
    if not found:
        errors.print("Nothing is answered yet.", markup=False)


@check_in_commands.command("confirm")
def check_ins_confirm(
    answer: Annotated[int, typer.Argument(help="The number that `list` shows.")],
    by: By,
    category: Annotated[str | None, typer.Option(help="What is so, when it is not that.")] = None,
) -> None:
    """Confirm where somebody lives or what they do, or put it right."""
    with clearly():
        term = desk().confirm(answer, category, by, datetime.now(UTC))
    out.print(f"Confirmed: {term}.", markup=False)


# --- The in-touch measure --------------------------------------------------------------------


@in_touch_commands.callback()
def in_touch(
    context: typer.Context,
    by: MaybeBy = None,
    how: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
) -> None:
    """List the birthday windows of those you look after, in the DfE's terms, with their evidence."""
    if context.invoked_subcommand is not None:
        return
    from checkins import intouch

    with clearly():
        found = desk().in_touch(by, datetime.now(UTC))
    rows = [intouch.row(str(person.id), person.name, entry) for person, entry in found]
    if how is Format.CSV:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(intouch.HEADINGS)
        writer.writerows([[intouch.formula_safe(cell) for cell in row] for row in rows])
        typer.echo(text.getvalue(), nl=False)
        return
    from rich.table import Table

    table = Table(*intouch.HEADINGS)
    for row in rows:
        table.add_row(*row)
    out.print(table)


@in_touch_commands.command("set")
def in_touch_set(
    person: str,
    birthday: Annotated[int, typer.Option(help="The age they turn: 17 to 21.")],
    status: Annotated[
        str,
        typer.Option(help="in_touch, not_in_touch, returned_home or no_longer_requires_services"),
    ],
    by: By,
    evidence: Annotated[str, typer.Option(help="A word: call, visit, letter …")] = "staff",
) -> None:
    """Set or confirm one status. Your word counts over what Kith has counted."""
    with clearly():
        desk().set_in_touch(person, birthday, status, evidence, by, datetime.now(UTC))
    out.print("Saved.", markup=False)


# --- Tasks -----------------------------------------------------------------------------------


@task_commands.callback()
def tasks(
    context: typer.Context,
    by: MaybeBy = None,
) -> None:
    """List what waits for you, with what Kith tried; a manager sees the whole council's."""
    if context.invoked_subcommand is not None:
        return
    with clearly():
        found = desk().tasks(by)
    for one in found:
        whose = one.staff.name if one.staff else "duty team"
        out.print(
            f"{one.reference}  {one.kind}  {one.person.name}  for {whose}  by {one.due_at:%d %b %H:%M} UTC",
            markup=False,
        )
        for tried in one.tried:
            out.print(
                f"    {datetime.fromisoformat(tried['at']):%d %b %H:%M} UTC  {tried['what']}: {tried['came']}",
                markup=False,
            )
    if not found:
        errors.print("Nothing waits.", markup=False)


@task_commands.command("close")
def tasks_close(
    reference: str, by: By, outcome: Annotated[str, typer.Option(help="What was done.")]
) -> None:
    """Close a task."""
    with clearly():
        desk().close_task(reference, outcome, by, datetime.now(UTC))
    out.print(f"{reference} is closed.", markup=False)
