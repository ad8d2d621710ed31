"""What staff type about feedback until the dashboard is there: statements, themes, actions, questions, surveys."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.common import fail, failing_clearly, out, started

statements_commands = typer.Typer(
    invoke_without_command=True, help="What young people told us, and what came of it."
)
themes_commands = typer.Typer(no_args_is_help=True, help="What statements are about.")
actions_commands = typer.Typer(no_args_is_help=True, help="You said, we did.")
questions_commands = typer.Typer(no_args_is_help=True, help="Questions to the council.")
survey_commands = typer.Typer(no_args_is_help=True, help="Scenarios sent to a group.")

By = Annotated[str, typer.Option("--as", help="Your e-mail.")]
Why = Annotated[str, typer.Option("--why", help="What the young person reads about it.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@statements_commands.callback()
def statements(context: typer.Context) -> None:
    """List what waits for staff: ids and states only."""
    from wiring import desk

    if context.invoked_subcommand is None:
        desk.statement_desk(started(), out).list(None)


@statements_commands.command("list")
def statements_list(
    by: Annotated[str | None, typer.Option("--as", help="Only what this member may read.")] = None,
) -> None:
    """List what waits for staff: ids and states, no name and no word."""
    from wiring import desk

    with failing_clearly():
        desk.statement_desk(started(), out).list(by)


@statements_commands.command("show")
def statements_show(reference: str, by: By) -> None:
    """Read a statement. That you did is written down, and its author is told that it was read."""
    from wiring import desk

    with failing_clearly():
        desk.statement_desk(started(), out).show(reference, by)


def _step(reference: str, by: str, state: str, why: str) -> None:
    from storage.tables.statements import StatementState
    from wiring import desk

    with failing_clearly():
        desk.statement_desk(started(), out).step(reference, by, StatementState(state), why)


@statements_commands.command("seen")
def statements_seen(reference: str, by: By, why: Why = "") -> None:
    """Say that it was read."""
    _step(reference, by, "opened", why)


@statements_commands.command("in-hand")
def statements_in_hand(reference: str, by: By, why: Why = "") -> None:
    """Say that it is being worked on."""
    _step(reference, by, "in_hand", why)


@statements_commands.command("done")
def statements_done(reference: str, by: By, why: Why = "") -> None:
    """Say that it is done; they are asked whether it was sorted."""
    _step(reference, by, "done", why)


@statements_commands.command("cannot")
def statements_cannot(reference: str, by: By, why: Why = "") -> None:
    """Say that it cannot be done, and why."""
    _step(reference, by, "cannot", why)


@statements_commands.command("theme")
def statements_theme(
    reference: str,
    by: By,
    add: Annotated[list[str] | None, typer.Option(help="A theme it is about.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A theme it is not about.")] = None,
) -> None:
    """Put right what a statement is about. You win over the machine."""
    from wiring import desk

    with failing_clearly():
        desk.statement_desk(started(), out).set_themes(reference, by, add or (), remove or ())


@themes_commands.command("list")
def themes_list() -> None:
    """List every theme."""
    from wiring import desk

    with failing_clearly():
        desk.sharing_desk(started(), out).list_themes()


@themes_commands.command("test")
def themes_test() -> None:
    """Measure the reader of themes on statements it never saw; fail below its bars."""
    from feedback.themes import measure

    with failing_clearly():
        measured = measure.measure()
    for line in measured.report():
        out.print(line, markup=False)
    if below := measured.below():
        raise fail(f"Below the bars in feedback/themes/bars.yml: {', '.join(below)}.")


@themes_commands.command("emerging")
def themes_emerging(
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")],
) -> None:
    """List what no theme covers, for a person to look at."""
    from wiring import desk

    with failing_clearly():
        desk.sharing_desk(started(), out).emerging(since.date())


@themes_commands.command("notes")
def themes_notes(by: By) -> None:
    """Read what your young people wrote in check-ins and let us count, and what it is about."""
    from wiring import desk

    with failing_clearly():
        desk.notes_desk(started(), out).list(by, datetime.now(UTC))


@themes_commands.command("note")
def themes_note(
    reference: str,
    by: By,
    add: Annotated[list[str] | None, typer.Option(help="A theme it is about.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A theme it is not about.")] = None,
) -> None:
    """Put right what a note from a check-in is about. You win over the machine."""
    from wiring import desk

    with failing_clearly():
        notes = desk.notes_desk(started(), out)
        notes.correct(reference, by, add or (), remove or (), datetime.now(UTC))


@themes_commands.command("counts")
def themes_counts(
    by: By,
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")],
) -> None:
    """Count who raised each theme in your council, in statements and in check-ins."""
    from wiring import desk

    with failing_clearly():
        desk.notes_desk(started(), out).counts(by, since.date())


@actions_commands.command("add")
def actions_add(
    theme: Annotated[str, typer.Option(help="The theme it answers; see `kith themes list`.")],
    title: Annotated[str, typer.Option(help="What it is, in a few plain words.")],
    by: By,
    did: Annotated[str | None, typer.Option(help="What was done, for young people.")] = None,
    owner: Annotated[str | None, typer.Option(help="E-mail of who sees to it.")] = None,
    minute: Annotated[str | None, typer.Option(help="The minute number.")] = None,
    due: Day = None,
    status: str | None = None,
) -> None:
    """Keep what the council means to do about a theme."""
    from feedback.actions import Change
    from wiring import desk

    change = Change(did=did, status=status, minute=minute, due_on=due.date() if due else None)
    with failing_clearly():
        desk.sharing_desk(started(), out).add_action(by, theme, title, change, owner)


@actions_commands.command("update")
def actions_update(
    reference: str,
    by: By,
    title: str | None = None,
    did: str | None = None,
    owner: str | None = None,
    minute: str | None = None,
    due: Day = None,
    done: Day = None,
    status: Annotated[str | None, typer.Option(help="planned, in_hand, done or cannot")] = None,
) -> None:
    """Change an action."""
    from feedback.actions import Change
    from wiring import desk

    change = Change(
        title=title,
        did=did,
        status=status,
        minute=minute,
        due_on=due.date() if due else None,
        done_on=done.date() if done else None,
    )
    with failing_clearly():
        desk.sharing_desk(started(), out).update_action(reference, by, change, owner)


@actions_commands.command("list")
def actions_list(council: str | None = None) -> None:
    """List actions in the columns of a committee's action log."""
    from wiring import desk

    with failing_clearly():
        desk.sharing_desk(started(), out).list_actions(council)


@actions_commands.command("publish")
def actions_publish(reference: str, by: By) -> None:
    """Let everybody read an action, and tell once whoever raised its theme."""
    from wiring import desk

    with failing_clearly():
        desk.sharing_desk(started(), out).publish_action(reference, by)


@questions_commands.command("list")
def questions_list(by: By) -> None:
    """List the questions that wait, without whose they are. The participation team only."""
    from wiring import desk

    with failing_clearly():
        desk.sharing_desk(started(), out).list_questions(by)


@questions_commands.command("approve")
def questions_approve(
    reference: str,
    by: By,
    put: Annotated[str, typer.Option(help="In other words, where it would give them away.")] = "",
) -> None:
    """Pass a question on."""
    from wiring import desk

    with failing_clearly():
        desk.sharing_desk(started(), out).approve_question(reference, by, put)


@questions_commands.command("reject")
def questions_reject(reference: str, by: By, why: Why) -> None:
    """Do not pass a question on, and say why."""
    from wiring import desk

    with failing_clearly():
        desk.sharing_desk(started(), out).reject_question(reference, by, why)


@questions_commands.command("answer")
def questions_answer(
    reference: str,
    by: By,
    answers: Annotated[str, typer.Option("--by", help="Who answers, as young people read it.")],
    text: Annotated[str, typer.Option(help="The answer, for everybody to read.")],
) -> None:
    """Keep an answer: whoever asked is told, and everybody can read it."""
    from wiring import desk

    with failing_clearly():
        desk.sharing_desk(started(), out).answer_question(reference, by, answers, text)


@survey_commands.command("send")
def survey_send(
    scenario: str,
    by: By,
    council: Annotated[str | None, typer.Option(help="The council's id.")] = None,
    ages: Annotated[str | None, typer.Option(help="Such as 18-20.")] = None,
    had_review_since: Day = None,
) -> None:
    """Send a scenario to a group, by day, and say why the rest got none."""
    from feedback.surveys import Group
    from feedback.surveys import ages as read_ages
    from wiring import desk

    settings = started()
    with failing_clearly():
        youngest, oldest = read_ages(ages)
        since = had_review_since.date() if had_review_since else None
        group = Group(council or settings.council, youngest, oldest, since)
        desk.sharing_desk(settings, out).send_survey(scenario, by, group)
