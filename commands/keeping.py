"""What staff type about keeping in touch: plans, times in which somebody is left alone, contacts."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import fail, out, started

if TYPE_CHECKING:
    from checkins.desk import KeepingDesk, Shown

plan_commands = typer.Typer(no_args_is_help=True, help="When Kith writes to a young person first.")
contact_commands = typer.Typer(no_args_is_help=True, help="Who was in touch, and how.")

By = Annotated[str, typer.Option(help="Your e-mail.")]
MaybeBy = Annotated[
    str | None, typer.Option("--by", help="Your e-mail: only those you look after.")
]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@contextlib.contextmanager
def clearly() -> Iterator[None]:
    """Turn what cannot be done into one sentence."""
    from checkins.desk import DeskError
    from checkins.plans import PlanError

    try:
        yield
    except (DeskError, PlanError) as error:
        raise fail(str(error)) from error


def desk() -> "KeepingDesk":
    """Return the desk of this installation."""
    from wiring import desk as wiring

    return wiring.keeping_desk(started())


# --- Plans -----------------------------------------------------------------------------------


@plan_commands.command("show")
def plan_show(person: str, by: MaybeBy = None) -> None:
    """Show what is agreed, what is due, what was not sent and why, and how contact stands."""
    with clearly():
        for line in _plan_lines(desk().show(person, by, datetime.now(UTC))):
            out.print(line, markup=False)


def _plan_lines(shown: "Shown") -> Iterator[str]:
    plan = shown.plan
    yield f"Every: {plan.every}, on {DAYS[plan.weekday]} at {plan.at:%H:%M} (version {plan.version}, set by {plan.set_by})"
    yield f"Quiet: {plan.quiet_from:%H:%M} to {plan.quiet_to:%H:%M}" + (
        f"; lessons {plan.lessons_from:%H:%M} to {plan.lessons_to:%H:%M} on {' '.join(DAYS[day] for day in plan.lesson_days)}"
        if plan.lessons_from and plan.lessons_to
        else ""
    )
    yield f"Topics off: {', '.join(plan.topics_off) or 'none'}"
    if plan.pathway_review_on:
        yield f"Plan is looked at again on: {plan.pathway_review_on:%d %B %Y}"
    if shown.held:
        yield f"Held now: {shown.held}"
    account = shown.account
    last = account.last_two_way
    yield f"Last contact both ways: {f'{last.at:%d %B %Y} ({last.kind})' if last else 'none yet'}"
    yield f"Next contact due: {account.next_due_on:%d %B %Y} ({account.light})"
    for one in shown.due:
        reason = shown.reasons[one.id]
        why = f": {reason}, then {one.afterwards or 'nothing'}" if reason else ""
        yield f"  {one.due_at:%d %b %Y %H:%M} UTC  {one.kind}  {one.what}  {one.state}{why}"


@plan_commands.command("set")
def plan_set(
    person: str,
    *,
    by: MaybeBy = None,
    every: Annotated[
        str | None,
        typer.Option(help="weekly, fortnightly, monthly, quarterly, half_yearly or yearly"),
    ] = None,
    day: Annotated[str | None, typer.Option(help="mon … sun")] = None,
    at: Annotated[str | None, typer.Option(help="Time of day, 16:30")] = None,
    quiet: Annotated[str | None, typer.Option(help="Quiet hours, 21:00-09:00")] = None,
    lessons: Annotated[
        str | None, typer.Option(help="Lessons on weekdays, 09:00-15:30, or none")
    ] = None,
    topic_off: Annotated[str, typer.Option(help="Do not write about this.")] = "",
    topic_on: Annotated[str, typer.Option(help="Write about this again.")] = "",
    snooze_days: Annotated[
        int | None,
        typer.Option(min=0, max=365, help="Ask nothing for so many days; 0 ends it."),
    ] = None,
    review_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="When the pathway plan is looked at again."),
    ] = None,
) -> None:
    """Change a plan. What was due under the old one is taken back."""
    from checkins.plans import Change

    wanted = Change(
        topic_off=_topic(topic_off),
        topic_on=_topic(topic_on),
        snooze_days=snooze_days,
        review_on=review_on.date() if review_on else None,
        **_times(every, day, at, quiet, lessons),  # type: ignore[arg-type]
    )
    if wanted == Change():
        raise fail("Say what to change: kith plan set --help.")
    with clearly():
        desk().set_plan(person, wanted, by, datetime.now(UTC))
    out.print("Saved.", markup=False)


def _topic(topic: str) -> str:
    from checkins.holds import TOPICS

    if topic and topic not in TOPICS:
        raise fail(f"The topic is one of {', '.join(TOPICS)}.")
    return topic


def _times(
    every: str | None, day: str | None, at: str | None, quiet: str | None, lessons: str | None
) -> dict[str, object]:
    """Return the parts of a change that are times; fails with a sentence when one cannot be read."""
    from storage.tables.keeping_in_touch import Every

    if every is not None and every not in set(Every):
        raise fail(f"--every is one of {', '.join(Every)}.")
    if day is not None and day not in DAYS:
        raise fail(f"--day is one of {', '.join(DAYS)}.")
    try:
        return {
            "every": Every(every) if every else None,
            "weekday": DAYS.index(day) if day else None,
            "at": time.fromisoformat(at) if at else None,
            "quiet": _span(quiet) if quiet else None,
            "lessons": ((0, 1, 2, 3, 4), *_span(lessons))
            if lessons and lessons != "none"
            else None,
            "no_lessons": lessons == "none",
        }
    except ValueError:
        raise fail("Times are written 16:30, and spans 21:00-09:00.") from None


def _span(text: str) -> tuple[time, time]:
    start, _, end = text.partition("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


@plan_commands.command("born")
def plan_born(
    person: str,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The right date of birth.")],
    by: MaybeBy = None,
) -> None:
    """Put a date of birth right. What was counted from the wrong one is planned anew."""
    with clearly():
        desk().put_birthday_right(person, on.date(), by, datetime.now(UTC))
    out.print("Saved.", markup=False)


@plan_commands.command("hold")
def plan_hold(
    person: str,
    kind: Annotated[str, typer.Option(help="hospital, custody, bereaved or paused")],
    by: MaybeBy = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
) -> None:
    """Note that somebody is to be left alone: nothing is sent until then, or until `release`."""
    end = until.replace(tzinfo=UTC) if until else None
    with clearly():
        desk().note_circumstance(person, kind, end, by, datetime.now(UTC))
    out.print("Noted. Kith writes nothing first until it is over.", markup=False)


@plan_commands.command("release")
def plan_release(person: str, by: MaybeBy = None) -> None:
    """Note that it is over."""
    with clearly():
        ended = desk().end_circumstances(person, by, datetime.now(UTC))
    out.print(f"{ended} ended." if ended else "Nothing was noted that could end.", markup=False)


# --- Contacts --------------------------------------------------------------------------------


@contact_commands.command("log")
def contact_log(
    person: str,
    kind: Annotated[str, typer.Option(help="call, visit, message or other")],
    by: By,
    at: Annotated[datetime | None, typer.Option(help="When (ISO); now when left out.")] = None,
    *,
    one_way: Annotated[bool, typer.Option("--one-way", help="They did not answer.")] = False,
) -> None:
    """Note a contact you had. What Kith itself sends and hears is noted by Kith."""
    now = datetime.now(UTC)
    when = (at if at.tzinfo else at.replace(tzinfo=UTC)) if at else now
    with clearly():
        desk().log_contact(person, kind, when, by, two_way=not one_way, now=now)
    out.print("Noted.", markup=False)


@contact_commands.command("list")
def contact_list(by: MaybeBy = None) -> None:
    """List those you look after, the most pressing first: last contact, last answer, next due."""
    from rich.table import Table

    table = Table("Person", "Name", "Last contact", "Call", "Visit", "Last answer", "Next due", "")
    with clearly():
        rows = desk().ledger(by, datetime.now(UTC))
    for row in rows:
        kinds, last = row.account.last_by_kind, row.account.last_two_way
        table.add_row(
            str(row.person.id),
            row.person.name,
            f"{last.at:%d %b %Y} ({last.kind})" if last else "never",
            f"{kinds['call']:%d %b %Y}" if "call" in kinds else "",
            f"{kinds['visit']:%d %b %Y}" if "visit" in kinds else "",
            f"{row.last_answered_at:%d %b %Y}" if row.last_answered_at else "",
            f"{row.account.next_due_on:%d %b %Y}",
            row.account.light,
        )
    out.print(table)
