"""What happened with one young person and what comes, from every table that knows, newest first.

Each source gives at most a page, so that a page costs the same however long the history is.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, null, or_, select
from sqlalchemy.orm import Session

from storage.tables import (
    CheckInAnswer,
    Circumstance,
    Contact,
    Due,
    Flag,
    InTouch,
    Invitation,
    Notice,
    Request,
    Staff,
    Statement,
    Task,
    Trace,
)
from storage.tables.keeping_in_touch import ContactKind, DueKind, DueState

#: What is coming is few, and the first are enough.
MOST_COMING = 20
#: Changes that staff made to somebody's record, as the audit calls them.
CHANGES = ("handed_person_over", "changed_plan", "made_invitation", "ended_hold")


@dataclass(frozen=True)
class Whom:
    """Whose timeline it is, and what of it the reader may see."""

    person_id: uuid.UUID
    chat_id: int | None
    flags: ColumnElement[bool]
    requests: ColumnElement[bool]
    statements: ColumnElement[bool]
    contacts: ColumnElement[bool]


@dataclass(frozen=True)
class Happening:
    """One thing: when, what, what it is about, and who did it."""

    at: datetime
    kind: str
    about: str | None
    detail: str | None
    by: str | None
    words: str | None = None


def past(session: Session, whom: Whom, before: datetime, most: int) -> list[Happening]:
    """Return what happened before a moment, newest first, at most so much."""
    found = _past(session, whom, before, most)
    return sorted(found, key=lambda one: (one.at, one.kind), reverse=True)[:most]


def coming(session: Session, whom: Whom, now: datetime) -> list[Happening]:
    """Return what comes, soonest first."""
    found = [
        Happening(at, kind, about, detail, None)
        for kind, query in _coming(whom, now)
        for at, about, detail in session.execute(query)
    ]
    return sorted(found, key=lambda one: (one.at, one.kind))[:MOST_COMING]


def _past(session: Session, whom: Whom, before: datetime, most: int) -> Iterator[Happening]:
    for kind, query in (*_of_the_person(whom), *_of_the_chat(whom)):
        at = query.selected_columns[0]
        rows = session.execute(query.where(at < before).order_by(at.desc()).limit(most))
        yield from (Happening(row[0], kind, *row[1:]) for row in rows)


def _columns(
    at: Any, about: Any = None, detail: Any = None, by: Any = None, words: Any = None
) -> Select[Any]:
    """Return the columns of a happening, with the name of whoever did it."""
    given = [null() if one is None else one for one in (about, detail)]
    said = [] if words is None else [words]
    if by is None:
        return select(at, *given, null(), *said)
    return select(at, *given, Staff.name, *said).outerjoin(Staff, Staff.id == by)


def _of_the_person(whom: Whom) -> Iterator[tuple[str, Select[Any]]]:
    def mine(table: Any, query: Select[Any], *more: ColumnElement[bool]) -> Select[Any]:
        return query.where(table.person_id == whom.person_id, *more)

    answer, hold, task = CheckInAnswer, Circumstance, Task
    yield "answer", mine(answer, _columns(answer.at, None, answer.feeling, None, answer.words))
    # What they get because they asked for news of a kind is theirs.
    yield (
        "wrote_first",
        mine(
            Due,
            _columns(Due.settled_at, None, Due.kind),
            Due.state == DueState.SENT,
            Due.kind != DueKind.EVENT,
        ),
    )
    of_staff = (Contact.kind != ContactKind.BOT) & whom.contacts
    for kind, both in (("contact", True), ("contact_tried", False)):
        columns = _columns(Contact.at, None, Contact.kind, Contact.by_id)
        yield kind, mine(Contact, columns, of_staff, Contact.two_way.is_(both), whom.contacts)
    yield "hold", mine(hold, _columns(hold.since, None, hold.kind, hold.noted_by_id))
    yield "hold_over", mine(hold, _columns(hold.until, None, hold.kind))
    yield "task", mine(task, _columns(task.made_at, None, task.kind))
    yield "task_done", mine(task, _columns(task.closed_at, None, task.kind, task.closed_by_id))
    yield (
        "in_touch",
        mine(InTouch, _columns(InTouch.set_at, None, InTouch.status, InTouch.set_by_id)),
    )
    yield "invited", mine(Invitation, _columns(Invitation.made_at))
    yield "joined", mine(Invitation, _columns(Invitation.used_at))
    sent = Statement.sent_at.is_not(None)
    yield (
        "statement",
        _columns(Statement.sent_at, Statement.reference, None).where(whom.statements, sent),
    )
    yield (
        "change",
        mine(
            Trace, _columns(Trace.at, None, Trace.action, Trace.staff_id), Trace.action.in_(CHANGES)
        ),
    )
    yield (
        "replied",
        mine(Trace, _columns(Trace.at, None, None, Trace.staff_id), *_replies_seen(whom)),
    )


def _replies_seen(whom: Whom) -> tuple[ColumnElement[bool], ...]:
    """Return the replies to what the reader may see: an answer to something hidden tells of it."""
    flags = select(Flag.reference).where(whom.flags)
    requests = select(Request.reference).where(whom.requests)
    return (Trace.action == "replied", or_(Trace.about.in_(flags), Trace.about.in_(requests)))


def _of_the_chat(whom: Whom) -> Iterator[tuple[str, Select[Any]]]:
    if whom.chat_id is None:
        return
    flags = and_(Flag.chat_id == whom.chat_id, whom.flags)
    requests = and_(Request.chat_id == whom.chat_id, whom.requests)
    yield "flag", _columns(Flag.raised_at, Flag.reference, Flag.level).where(flags)
    closed = _columns(Flag.closed_at, Flag.reference, Flag.outcome, Flag.closed_by_id)
    yield "flag_closed", closed.where(flags)
    yield "asked", _columns(Request.asked_at, Request.reference, Request.kind).where(requests)
    answered = _columns(
        Request.answered_at, Request.reference, Request.kind, Request.answered_by_id
    )
    yield "answered", answered.where(requests)
    yield "agreed", _columns(Notice.agreed_at).where(Notice.chat_id == whom.chat_id)


def _coming(whom: Whom, now: datetime) -> Iterator[tuple[str, Select[Any]]]:
    due = select(Due.due_at, null(), Due.kind).where(
        Due.person_id == whom.person_id,
        Due.state == DueState.WAITING,
        Due.kind != DueKind.EVENT,
        Due.due_at >= now,
    )
    yield "write_first", due.order_by(Due.due_at).limit(MOST_COMING)
    yield (
        "hold_ends",
        select(Circumstance.until, null(), Circumstance.kind).where(
            Circumstance.person_id == whom.person_id, Circumstance.until > now
        ),
    )
    yield (
        "task_due",
        select(Task.due_at, null(), Task.kind).where(
            Task.person_id == whom.person_id, Task.closed_at.is_(None), Task.due_at >= now
        ),
    )
    if whom.chat_id is not None:
        yield (
            "answer_due",
            select(Request.due_at, Request.reference, Request.kind).where(
                Request.chat_id == whom.chat_id,
                Request.closed_at.is_(None),
                Request.due_at >= now,
                whom.requests,
            ),
        )
