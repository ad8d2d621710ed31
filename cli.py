"""The program `kith`: the composition root. Wires the parts; decides nothing."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.common import errors, fail, failing_clearly, out, started
from commands.content import content_commands
from commands.cover import staff_away, staff_duty
from commands.desk import (
    flags_commands,
    gaps,
    person_commands,
    release,
    reply,
    requests,
    staff_commands,
)
from commands.events import events_commands
from commands.export import export_commands
from commands.feedback import (
    actions_commands,
    questions_commands,
    statements_commands,
    survey_commands,
    themes_commands,
)
from commands.in_touch import check_in_commands, in_touch_commands, task_commands
from commands.keeping import contact_commands, plan_commands
from commands.sending import sends
from commands.switch import off, on
from wiring import base

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Kith keeps a council in touch with its care leavers.",
)
nlu_commands = typer.Typer(
    no_args_is_help=True, help="The understanding: train it, measure it, serve it."
)
db_commands = typer.Typer(no_args_is_help=True, help="The database.")
keys_commands = typer.Typer(no_args_is_help=True, help="The secret keys.")
for name, commands in {
    "nlu": nlu_commands,
    "content": content_commands,
    "staff": staff_commands,
    "person": person_commands,
    "db": db_commands,
    "keys": keys_commands,
    "flags": flags_commands,
    "plan": plan_commands,
    "contact": contact_commands,
    "check-ins": check_in_commands,
    "intouch": in_touch_commands,
    "tasks": task_commands,
    "statements": statements_commands,
    "export": export_commands,
    "themes": themes_commands,
    "actions": actions_commands,
    "questions": questions_commands,
    "survey": survey_commands,
    "events": events_commands,
}.items():
    app.add_typer(commands, name=name)
staff_commands.command("away")(staff_away)
staff_commands.command("duty")(staff_duty)
for command in (requests, reply, release, gaps, sends, off, on):
    app.command()(command)


# --- Running ---------------------------------------------------------------------------------


@app.command()
def up(
    *,
    demo: Annotated[bool, typer.Option(help="With made-up council numbers and people.")] = False,
) -> None:
    """Run everything under one supervisor: Rasa, bot, scheduler, dashboard."""
    import supervisor

    settings = started()
    if refusal := base.refusal_to_start(settings, demo=demo):
        raise fail(refusal)
    supervisor.run(settings, demo=demo, say=lambda line: out.print(line, markup=False))


@app.command(hidden=True)
def load_demo() -> None:
    """Fill an empty database with made-up people and their fortnight; `kith up --demo` does."""
    from demo.loading import load
    from wiring import conversation

    settings = started()
    if not settings.demo:
        raise fail("Made-up people are for a demonstration only: `kith up --demo`.")
    out.print("Made-up people for an empty database, and their fortnight (some seconds) …")
    with base.opened(settings) as database:
        parts, key = conversation.engine(settings), settings.keys()[0]
        lines = load(database, parts, key, datetime.now(UTC))
    for line in lines if settings.telegram_token else ():
        out.print(f"  {line}", markup=False)


@app.command()
def bot() -> None:
    """Run the Telegram bot."""
    from wiring import running

    settings = started()
    if settings.telegram_token is None:
        raise fail(
            "KITH_TELEGRAM_TOKEN is not set. Ask @BotFather for one, or practise with `kith chat`."
        )
    if refusal := base.refusal_to_start(settings):
        raise fail(refusal)
    for line in base.warnings(settings):
        errors.print(line, markup=False)
    with base.opened(settings) as database, failing_clearly():
        asyncio.run(running.run_bot(settings, database))


@app.command()
def scheduler() -> None:
    """Run the clock: check-ins, silence, alerts that were not accepted, and what is past its time."""
    from wiring import running

    settings = started()
    with base.opened(settings) as database, failing_clearly():
        running.run_scheduler(settings, database)


@app.command()
def dashboard() -> None:
    """Serve the pages, on this machine only: a proxy brings TLS."""
    from wiring import running

    settings = started()
    with failing_clearly():
        running.serve_dashboard(settings)


@app.command()
def tick(
    at: Annotated[datetime | None, typer.Option(help="As if at this time (ISO).")] = None,
) -> None:
    """Run every due job until nothing is due, and exit."""
    from scheduler.ticks import run_once
    from wiring import running

    settings = started()
    now = (at if at.tzinfo else at.replace(tzinfo=UTC)) if at else datetime.now(UTC)
    with base.opened(settings) as database:
        run_once(database, running.ticks(settings, database), now)


# --- Talking ---------------------------------------------------------------------------------


@app.command()
def ask(*, no_nlu: Annotated[bool, typer.Option("--no-nlu", help="Without Rasa.")] = False) -> None:
    """Answer JSON lines on stdin with JSON lines on stdout. Stores nothing."""
    from bot import asking
    from wiring import conversation

    settings = started()
    with (
        failing_clearly(),
        conversation.understanding(settings, without=no_nlu) as parse,
    ):
        engine = conversation.engine(settings)
        for line in sys.stdin:
            if line.strip():
                sys.stdout.write(
                    json.dumps(
                        asking.answer_line(engine, parse, line, datetime.now(UTC)),
                        ensure_ascii=False,
                    )
                    + "\n"
                )
                sys.stdout.flush()


@app.command()
def chat(*, age: int | None = None, council: str | None = None) -> None:
    """Chat in the terminal: the same conversation, stored nowhere. Press a button by its number."""
    from bot import asking
    from wiring import conversation

    settings = started()
    with failing_clearly(), conversation.understanding(settings) as parse:
        asking.chat_in_terminal(conversation.engine(settings), parse, out, age=age, council=council)


# --- People ----------------------------------------------------------------------------------


@app.command()
def invite(
    adviser: Annotated[str | None, typer.Option(help="E-mail of the personal adviser.")] = None,
    name: Annotated[
        str | None, typer.Option(help="What the young person likes to be called.")
    ] = None,
    born: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of birth.")
    ] = None,
    council: Annotated[str | None, typer.Option(help="The council's id.")] = None,
    person: Annotated[
        str | None, typer.Option(help="The id of a record: a new code for a new phone.")
    ] = None,
) -> None:
    """Make a young person's record, or a new code for one, and print the one-time link."""
    from people import records
    from wiring import desk

    settings = started()
    where = council or settings.council
    councils = base.load_library(settings).councils
    if where not in councils:
        raise fail(f"No council has the id {where}. There are: {', '.join(sorted(councils))}.")
    if person is None and (adviser is None or name is None or born is None):
        raise fail("Give --adviser, --name and --born; or --person for a record that exists.")
    now = datetime.now(UTC)
    with base.opened(settings) as database:
        try:
            with database.transaction() as session:
                if person is not None:
                    found, code = records.invite_again(session, person, now)
                else:
                    found, code = records.invite(
                        session,
                        adviser=adviser or "",
                        name=name or "",
                        born_on=born.date() if born else now.date(),
                        council=where,
                        now=now,
                    )
        except records.RecordError as error:
            raise fail(str(error)) from error
        username = asyncio.run(desk.bot_username(settings))
    out.print(f"Record: {found.id}", markup=False)
    out.print(f"Link (one use, 72 hours): https://t.me/{username}?start={code}", markup=False)
    out.print(f"Code: {code}", markup=False)


# --- Understanding ---------------------------------------------------------------------------


@nlu_commands.command("train")
def nlu_train() -> None:
    """Train the model; skipped when nothing changed."""
    from wiring import conversation

    with failing_clearly():
        out.print(
            str(conversation.train(started(), say=lambda line: out.print(line, markup=False))),
            markup=False,
        )


@nlu_commands.command("test")
def nlu_test(
    record: Annotated[
        Path | None,
        typer.Option(help="Also keep the figures in this file, as JSON, for `nlu.figures`."),
    ] = None,
) -> None:
    """Measure the model on messages it never saw; fail below the bars."""
    from wiring import conversation

    with failing_clearly():
        if not conversation.measure_understanding(started(), out, record):
            raise fail("Below the bars in tests/nlu/bars.yml or safeguarding/bars.yml.")


@nlu_commands.command("serve")
def nlu_serve() -> None:
    """Serve the model with Rasa, on this machine only."""
    from wiring import conversation

    with failing_clearly():
        conversation.serve_nlu(started())


# --- Operations ------------------------------------------------------------------------------


@db_commands.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables up to date."""
    with base.opened(started()):
        out.print("The tables are up to date.")


@db_commands.command("check")
def db_check() -> None:
    """Check that every row of the audit is linked to the one before it."""
    from storage import audit

    with base.opened(started()) as database, database.transaction() as session:
        broken = audit.first_broken(session)
        rows = audit.length(session)
    if broken is not None:
        raise fail(f"Audit: row {broken} was changed, or a row before it was taken out.")
    out.print(f"Audit: {rows} rows, each linked to the one before it.", markup=False)


@keys_commands.command("new")
def keys_new() -> None:
    """Print a fresh key for KITH_SECRET_KEYS."""
    import secrets

    out.print(secrets.token_urlsafe(48), markup=False)


@keys_commands.command("rotate")
def keys_rotate() -> None:
    """Seal every word again under the newest key, so that older ones can go."""
    from storage import rotation

    with base.opened(started()) as database, failing_clearly():
        out.print(f"{rotation.rotate(database)} values sealed again under the newest key.")


@app.command()
def doctor() -> None:
    """Say what is missing or wrong before it matters."""
    from wiring import desk

    lines = desk.diagnose(started())
    for line in lines:
        out.print(line, markup=False)
    if any(line.startswith("✗") for line in lines):
        raise typer.Exit(1)


def main() -> None:
    """Run the command that was typed."""
    app()


if __name__ == "__main__":
    main()
