"""What staff type to announce something to those who asked for news: never to anybody else."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from commands.common import fail, out, started
from wiring import base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from checkins.events import Sending
    from storage.tables import Staff

events_commands = typer.Typer(
    no_args_is_help=True, help="Events and news, to those who asked for them."
)
By = Annotated[str, typer.Option(help="Your e-mail.")]


@contextlib.contextmanager
def _at_work(by: str) -> Iterator[tuple["Session", "Staff", "Sending"]]:
    """Give a transaction, whoever is at work, and how things are sent; turn refusals into sentences."""
    from checkins.events import EventError, Sending
    from storage import staff

    settings = started()
    sending = Sending(
        base.load_library(settings),
        ZoneInfo(settings.timezone),
        settings.events_per_hour,
        settings.events_approve_above,
    )
    try:
        with base.opened(settings) as database, database.transaction() as session:
            yield session, _member(staff.by_email(session, by), by), sending
    except EventError as error:
        raise fail(str(error)) from error


def _member(found: "Staff | None", by: str) -> "Staff":
    if found is None:
        raise fail(f"No member of staff has the e-mail {by}.")
    return found


@events_commands.command("draft")
def draft(
    by: By,
    interest: Annotated[str, typer.Option(help="A kind of news of content/events.yml.")],
    title: Annotated[str, typer.Option(help="First line; anybody may read it on a lock screen.")],
    words: Annotated[str, typer.Option(help="What it is, in plain short words.")],
    when: Annotated[
        datetime | None, typer.Option(help="When it happens, local time. None: news, no RSVP.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="Only those who chose this place.")] = None,
    ages: Annotated[str, typer.Option(help="From and to.")] = "16-25",
    reference: Annotated[str | None, typer.Option(help="Change this draft instead.")] = None,
) -> None:
    """Write an announcement, or change one. Nothing is sent yet. A change undoes its approval."""
    from checkins import events

    low, _, high = ages.partition("-")
    if not (low.isdigit() and high.isdigit()):
        raise fail("Ages are two numbers, such as 16-17.")
    with _at_work(by) as (session, member, sending):
        written = events.Draft(
            interest,
            title,
            words,
            when.replace(tzinfo=sending.zone) if when else None,
            place,
            (int(low), int(high)),
        )
        made = events.draft(
            session, sending.library, member, written, datetime.now(UTC), reference=reference
        )
        out.print(f"Kept as {made.reference}. Next: kith events preview, test, audience, send.")


@events_commands.command("list")
def list_events(by: By) -> None:
    """List your council's announcements, newest first."""
    from storage import events

    table = Table("Event", "For", "State", "Approved", "Happens", "Title")
    with _at_work(by) as (session, member, sending):
        for one in events.listed(session, member.council):
            happens = one.happens_at.astimezone(sending.zone) if one.happens_at else None
            table.add_row(
                one.reference,
                f"{one.interest}, {one.youngest}-{one.oldest}",
                one.state,
                "yes" if one.approved_at else "",
                f"{happens:%d %b %H:%M}" if happens else "",
                one.title,
            )
    out.print(table)


@events_commands.command("preview")
def preview(reference: str, by: By) -> None:
    """Show exactly what is sent, with its buttons."""
    from checkins import events

    with _at_work(by) as (session, member, sending):
        reply = events.message(sending.library, events.find(session, reference, member))
    out.print(reply.text, markup=False)
    for row in reply.keys:
        out.print("  ".join(f"[{key.label}]" for key in row), markup=False)


@events_commands.command("link")
def link(by: By) -> None:
    """Print a code that lets your own Telegram chat get test messages."""
    from storage import trials

    with _at_work(by) as (session, member, _):
        code = trials.new_code(session, member, datetime.now(UTC))
    out.print("Within an hour, write this to the bot from your own Telegram:", markup=False)
    out.print(f"/start {code}", markup=False)
    out.print("It is forgotten a day after you last wrote there.", markup=False)


@events_commands.command("test")
def test(reference: str, by: By) -> None:
    """Send it to yourself: the same words and buttons, to your own chat only."""
    from checkins import events

    with _at_work(by) as (session, member, sending):
        event = events.find(session, reference, member)
        events.try_out(session, sending.library, event, member, datetime.now(UTC))
    out.print("Sent to you when the bot is running.", markup=False)


@events_commands.command("audience")
def audience(reference: str, by: By) -> None:
    """Say how many it is for. A number under five is not shown."""
    from checkins import announcing, events

    with _at_work(by) as (session, member, sending):
        event = events.find(session, reference, member)
        people = events.audience(session, event, datetime.now(sending.zone).date())
        count = announcing.rounded(len(people))
        needs = announcing.needs_second_person(len(people), sending.approve_above)
        approved = event.approved_at is not None
    out.print(f"For {count} people who asked for news like this.", markup=False)
    if needs:
        said = "and is approved" if approved else "and is not approved yet: kith events approve"
        out.print(f"It needs a second person's approval, {said}.", markup=False)


@events_commands.command("approve")
def approve(reference: str, by: By) -> None:
    """Approve it as a second person. Look at the preview first."""
    from checkins import events

    with _at_work(by) as (session, member, _):
        events.approve(events.find(session, reference, member), member, datetime.now(UTC))
    out.print("Approved. It can be sent: kith events send.", markup=False)


@events_commands.command("send")
def send(reference: str, by: By) -> None:
    """Send it, a few at a time, by day. What waits can be called off with `cancel`."""
    from checkins import announcing, events

    with _at_work(by) as (session, member, sending):
        event = events.find(session, reference, member)
        at = events.send(session, sending, event, member, datetime.now(UTC))
    first, last = (one.astimezone(sending.zone) for one in (at[0], at[-1]))
    out.print(
        f"Goes to {announcing.rounded(len(at))} people, from {first:%d %b %H:%M} to {last:%d %b %H:%M}. "
        "Whoever is asleep, in lessons or left alone for now gets it later or not at all.",
        markup=False,
    )


@events_commands.command("cancel")
def cancel(reference: str, by: By) -> None:
    """Call it off: what is not sent is not sent."""
    from checkins import announcing, events

    with _at_work(by) as (session, member, _):
        event = events.find(session, reference, member)
        stopped, coming = events.cancel(session, event, member, datetime.now(UTC))
    out.print(
        f"Called off. Not sent to {announcing.rounded(stopped)}. "
        f"{announcing.rounded(coming).capitalize()} had said that they are coming: tell them with a new announcement.",
        markup=False,
    )


@events_commands.command("results")
def results(reference: str, by: By) -> None:
    """Count what was sent, what was not and why, and who is coming. Never who. Under five is not shown."""
    from checkins import announcing, events

    table = Table("What", "How many")
    with _at_work(by) as (session, member, _):
        for what, count in events.results(session, events.find(session, reference, member)):
            table.add_row(what, announcing.rounded(count))
    out.print(table)
