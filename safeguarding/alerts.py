"""Telling staff: an alert is due until a channel has accepted it. Holds nothing personal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.library import Library
from people import cover
from people.hours import say_date, say_time
from safeguarding import letters
from storage.tables import Alert, Flag, Request, Staff, Statement, Task

#: Tried again this long after a failure: soon at first, then every five minutes, for ever.
RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(seconds=60),
    timedelta(minutes=5),
)


class AlertError(Exception):
    """A channel did not accept an alert; always worth trying again."""


@dataclass(frozen=True)
class Notification:
    """What is said to one member of staff, without a name or a word of a young person's."""

    to: str | None
    subject: str
    text: str


#: Sends a notification and returns the channel's name; raises AlertError when not accepted.
Notify = Callable[[Notification], str]


def send_next(
    session: Session,
    notify: Notify,
    library: Library,
    *,
    address: str,
    duty_email: str | None,
    now: datetime,
) -> bool:
    """Send the alert that has waited longest; return False when none is due.

    At least once: it stays due until a channel accepted it. Commits by itself, because the
    row is locked while the channel is asked, so that two senders never both ask.
    """
    alert = session.scalar(
        select(Alert)
        .where(Alert.accepted_at.is_(None), Alert.due_at <= now)
        .order_by(Alert.urgent.desc(), Alert.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if alert is None:
        session.rollback()
        return False
    try:
        alert.channel = notify(_notification(session, alert, library, address, duty_email, now))
        alert.accepted_at = now
        alert.failure = None
    except AlertError as error:
        alert.failure = type(error.__cause__ or error).__name__
        alert.due_at = now + RETRY_AFTER[min(alert.tries, len(RETRY_AFTER) - 1)]
    alert.tries += 1
    session.commit()
    return True


def _notification(
    session: Session,
    alert: Alert,
    library: Library,
    address: str,
    duty_email: str | None,
    now: datetime,
) -> Notification:
    if alert.kind is not None:
        return Notification(*letters.letter(session, alert, library, address, duty_email))
    to = _to(session, alert, duty_email, now)
    if alert.flag_id is not None:
        flag = session.get_one(Flag, alert.flag_id)
        level = library.say(f"alert.level_{flag.level}")
        values = {
            "level": level,
            "reference": flag.reference,
            "raised": say_time(flag.raised_at, now),
            "due": say_time(flag.due_at, now),
            "address": address,
        }
        return Notification(
            to,
            library.say("alert.flag_subject", **values),
            library.say("alert.flag", **values),
        )
    if alert.statement_id is not None:
        statement = session.get_one(Statement, alert.statement_id)
        return _about_statement(statement, library, to, address, now)
    if alert.task_id is not None:
        return _about_task(session.get_one(Task, alert.task_id), to, library, address, now)
    request = session.get_one(Request, alert.request_id)
    values = {
        "kind": request.kind.replace("_", " "),
        "reference": request.reference,
        "raised": say_time(request.asked_at, now),
        "due": say_time(request.due_at, now),
        "address": address,
    }
    return Notification(
        to,
        library.say("alert.request_subject", **values),
        library.say("alert.request", **values),
    )


def _to(session: Session, alert: Alert, duty_email: str | None, now: datetime) -> str | None:
    """Return whom to write to: whoever does that work today, never somebody it is about."""
    asked = session.get(Staff, alert.staff_id) if alert.staff_id else None
    if asked is None:
        return duty_email
    hidden_from = (
        select(table.hidden_from_id).where(table.id == subject_id)
        for table, subject_id in (
            (Flag, alert.flag_id),
            (Request, alert.request_id),
            (Statement, alert.statement_id),
        )
        if subject_id is not None
    )
    but = next((session.scalar(one) for one in hidden_from), None)
    there = cover.day_at(session, now).stand_in(asked, but=but)
    return there.email if there else duty_email


def _about_statement(
    statement: Statement, library: Library, to: str | None, address: str, now: datetime
) -> Notification:
    """Say that somebody told us something: what kind, and by when, without a word of it."""
    values = {
        "kind": statement.scenario.replace("_", " "),
        "reference": statement.reference,
        "raised": say_time(statement.sent_at or statement.touched_at, now),
        "due": say_time(statement.due_at or now, now),
        "answer_by": say_date(statement.answer_by) if statement.answer_by else "",
        "address": address,
    }
    which = "complaint" if statement.complaint else "statement"
    text = library.say(f"alert.{which}", **values)
    if statement.route == "pass_on":
        text = f"{text}\n{library.say('alert.pass_on')}"
    return Notification(to, library.say(f"alert.{which}_subject", **values), text)


def _about_task(
    task: Task, to: str | None, library: Library, address: str, now: datetime
) -> Notification:
    values = {
        "kind": library.say(f"alert.task_{task.kind}"),
        "reference": task.reference,
        "due": say_time(task.due_at, now),
        "address": address,
    }
    return Notification(
        to, library.say("alert.task_subject", **values), library.say("alert.task", **values)
    )
