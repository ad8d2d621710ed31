"""What staff type until the dashboard is there: accounts, flags, requests, one person's data."""

import sys
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from commands.common import desk_errors, fail, out, started
from wiring import base

staff_commands = typer.Typer(no_args_is_help=True, help="Staff accounts.")
person_commands = typer.Typer(no_args_is_help=True, help="One young person's data.")
flags_commands = typer.Typer(invoke_without_command=True, help="Flags that staff must read.")


@staff_commands.command("add")
def staff_add(
    email: str,
    role: Annotated[str, typer.Option(help="adviser, manager, participation or admin")],
    name: Annotated[str | None, typer.Option(help="The name young people see.")] = None,
    council: str | None = None,
    specialist: Annotated[
        list[str] | None,
        typer.Option(
            help="A topic this person also gets: housing, eet, local_offer. May be repeated."
        ),
    ] = None,
    *,
    password_stdin: bool = False,
    totp_secret: str | None = None,
) -> None:
    """Add a staff account."""
    from argon2 import PasswordHasher

    from people import routing
    from storage import doors, staff
    from storage.tables.people import Role

    settings = started()
    if unknown := set(specialist or ()) - set(routing.TOPICS):
        raise fail(f"No topic is called {', '.join(sorted(unknown))}.")
    if role not in set(Role):
        raise fail(f"The role must be one of {', '.join(Role)}.")
    if "@" not in email:
        raise fail("That is not an e-mail address.")
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    if password_stdin and len(password) < base.SHORTEST_PASSWORD:
        raise fail(f"The password needs at least {base.SHORTEST_PASSWORD} characters.")
    with base.opened(settings) as database, database.transaction() as session:
        if staff.by_email(session, email):
            raise fail("There is an account with that e-mail already.")
        shown = name or email.split("@", maxsplit=1)[0].replace(".", " ").title()
        made = staff.add(
            session,
            email=email,
            name=shown,
            role=role,
            council=council or settings.council,
            now=datetime.now(UTC),
        )
        made.topics = specialist or []
        made.totp_secret = totp_secret
        # OWASP's minimum: 19 MiB, two passes, one lane (safety.md SEC-02).
        made.password_hash = (
            PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1).hash(password)
            if password
            else None
        )
        ready = bool(password and totp_secret)
        secret = "" if ready else doors.new_link(session, made.id, datetime.now(UTC))
    out.print(f"Added {made.name}, {role}, {made.council}.", markup=False)
    if secret:
        out.print("Set-up link (one use, 24 hours). Give it to them yourself:", markup=False)
        out.print(f"{settings.dashboard_address()}/set-up/{secret}", markup=False)


@staff_commands.command("code")
def staff_code(email: str) -> None:
    """Print the code that a made-up member of staff's authenticator app would show now."""
    from passlib.totp import TOTP

    import demo

    settings = started()
    if email not in demo.EMAILS:
        raise fail("Only made-up staff have a code here. Yours is in your authenticator app.")
    out.print(str(TOTP(key=demo.totp_secret(settings.keys()[0], email)).generate().token))


@staff_commands.command("link")
def staff_link(email: str) -> None:
    """Print a new one-time link for somebody who lost their phone or password. Signs them out."""
    from storage import doors, staff

    settings = started()
    with base.opened(settings) as database, database.transaction() as session:
        member = staff.by_email(session, email)
        if member is None:
            raise fail(f"No member of staff has the e-mail {email}.")
        secret = doors.new_link(session, member.id, datetime.now(UTC))
        doors.new_mark(session, member.id)
    out.print("Set-up link (one use, 24 hours). Give it to them yourself:", markup=False)
    out.print(f"{settings.dashboard_address()}/set-up/{secret}", markup=False)


@staff_commands.command("leave")
def staff_leave(email: str) -> None:
    """Note that somebody has left: out at once. The last administrator cannot be removed."""
    from storage import doors, office, staff
    from storage.tables.people import Role

    settings = started()
    with base.opened(settings) as database, database.transaction() as session:
        member = staff.by_email(session, email)
        if member is None:
            raise fail(f"No member of staff has the e-mail {email}.")
        if member.role == Role.ADMIN and office.count_admins(session) <= 1:
            raise fail("This is the last administrator. Add another one first.")
        member.left_at = datetime.now(UTC)
        doors.new_mark(session, member.id)
    out.print(f"{member.name} has left and is signed out everywhere.", markup=False)


@flags_commands.callback()
def flags(context: typer.Context) -> None:
    """List open flags, most urgent first."""
    from wiring import desk

    if context.invoked_subcommand is None:
        desk.staff_desk(started(), out).list_flags()


@flags_commands.command("open")
def flags_open(reference: str, by: Annotated[str, typer.Option(help="Your e-mail.")]) -> None:
    """Read a flag: the words, why it was raised, and what was replied. Marks it as opened by you."""
    from wiring import desk

    with desk_errors():
        desk.staff_desk(started(), out).open_flag(reference, by)


@flags_commands.command("close")
def flags_close(
    reference: str,
    by: Annotated[str, typer.Option(help="Your e-mail.")],
    outcome: Annotated[str, typer.Option(help="What was done.")],
) -> None:
    """Close a flag with an outcome. Only a person can."""
    from wiring import desk

    with desk_errors():
        desk.staff_desk(started(), out).close_flag(reference, by, outcome)


def requests() -> None:
    """List open requests for a person."""
    from wiring import desk

    desk.staff_desk(started(), out).list_requests()


def reply(reference: str, text: str, by: Annotated[str, typer.Option(help="Your e-mail.")]) -> None:
    """Answer a request or a flag as yourself; the bot then keeps quiet."""
    from wiring import desk

    with desk_errors():
        desk.staff_desk(started(), out).reply(reference, text, by)


def release(reference: str) -> None:
    """Let the bot talk again before the hold runs out."""
    from wiring import desk

    with desk_errors():
        desk.staff_desk(started(), out).release(reference)


def gaps(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
) -> None:
    """Report what could not be answered or was called wrong, by topic, without who asked."""
    from wiring import desk

    desk.staff_desk(started(), out).gaps(since.date() if since else date(2000, 1, 1))


@person_commands.command("export")
def person_export(person_id: str) -> None:
    """Print everything held about a young person (subject access; read it before you pass it on)."""
    from wiring import desk

    with desk_errors():
        desk.staff_desk(started(), out).export_person(person_id)


@person_commands.command("review")
def person_review(
    person_id: str,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of the review.")],
) -> None:
    """Write down when a young person last had a review, so that they can be asked how it was."""
    from wiring import desk

    with desk_errors():
        desk.staff_desk(started(), out).note_review(person_id, on.date())


@person_commands.command("erase")
def person_erase(
    person_id: str,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a young person everywhere. Refused while a flag is open."""
    from wiring import desk

    if not yes and not typer.confirm(
        "Erase this person's record, messages, flags and requests for good?"
    ):
        raise typer.Exit(1)
    with desk_errors():
        desk.staff_desk(started(), out).erase_person(person_id)
