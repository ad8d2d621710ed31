"""What staff type to take figures out of Kith."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.common import failing_clearly, out, started

export_commands = typer.Typer(
    no_args_is_help=True, help="What young people say, as numbers that give nobody away."
)


@export_commands.command("themes")
def export_themes(
    from_day: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    to_day: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")],
    kind: Annotated[str, typer.Option("--format", help="csv, xlsx, ods, json, html or pdf.")],
    file: Annotated[Path, typer.Option("-o", "--out", help="The file to write; it must be new.")],
    council: Annotated[str | None, typer.Option(help="Which council; else the one set.")] = None,
    by: Annotated[str | None, typer.Option("--as", help="Your e-mail.")] = None,
) -> None:
    """Write the report for the committee: themes, charts, actions, and no number below 5."""
    from wiring import export

    with failing_clearly():
        made = export.themes(
            started(),
            (from_day.date(), to_day.date()),
            kind,
            file,
            council=council,
            by=by,
            now=datetime.now(UTC),
        )
    out.print(f"{file}: release {made.reference}, SHA-256 {made.digest}", markup=False)
    out.print("Delete it when it has been used, in 24 hours at the latest.", markup=False)
