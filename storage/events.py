"""Announcements, who asked for them, and what became of each."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.rows import change
from storage.tables import Chat, Due, Event, Interest, Person, Send
from storage.tables.events import EventState
from storage.tables.keeping_in_touch import DueKind, DueState
from storage.tables.outbox import SendState

ANNOUNCE, REMIND = "announce:", "remind:"
CANCELLED = "cancelled"
COMING, NOT_COMING = "coming", "not_coming"


def by_reference(session: Session, reference: str, council: str) -> Event | None:
    """Return an announcement of a council, held until the caller commits."""
    return session.scalar(
        select(Event)
        .where(Event.reference == reference.upper(), Event.council == council)
        .with_for_update()
    )


def of(session: Session, reference: str) -> Event | None:
    """Return an announcement."""
    return session.scalar(select(Event).where(Event.reference == reference))


def listed(session: Session, council: str) -> list[Event]:
    """Return the announcements of a council, newest first."""
    query = select(Event).where(Event.council == council).order_by(Event.id.desc())
    return list(session.scalars(query))


def page(session: Session, council: str, before: int | None, most: int) -> list[Event]:
    """Return so many announcements of a council, newest first, those older than one when it is given."""
    query = select(Event).where(Event.council == council).order_by(Event.id.desc()).limit(most)
    return list(session.scalars(query if before is None else query.where(Event.id < before)))


def interests(session: Session, person_id: uuid.UUID) -> frozenset[str]:
    """Return what somebody asked for news about."""
    query = select(Interest.name).where(Interest.person_id == person_id)
    return frozenset(session.scalars(query))


def ask_for(session: Session, person_id: uuid.UUID, names: Iterable[str], now: datetime) -> None:
    """Keep what somebody wants news about, and nothing else. The caller commits."""
    wanted = set(names)
    session.execute(
        delete(Interest).where(Interest.person_id == person_id, Interest.name.not_in(wanted))
    )
    for name in sorted(wanted):
        row = insert(Interest).values(person_id=person_id, name=name, since=now)
        session.execute(row.on_conflict_do_nothing())


def who_asked(session: Session, interest: str, council: str) -> list[tuple[Person, frozenset[str]]]:
    """Return the people of a council who asked for news of a kind and can be written to at all."""
    people = session.scalars(
        select(Person)
        .join(Interest, Interest.person_id == Person.id)
        .join(Chat, Chat.person_id == Person.id)
        .where(Interest.name == interest, Person.council == council)
        .order_by(Person.id)
    )
    found = list(people)
    rows = session.execute(
        select(Interest.person_id, func.array_agg(Interest.name))
        .where(Interest.person_id.in_([one.id for one in found]))
        .group_by(Interest.person_id)
    )
    asked = {person_id: frozenset(names) for person_id, names in rows}
    return [(one, asked[one.id]) for one in found]


def invited(session: Session, reference: str) -> list[tuple[Due, Send | None]]:
    """Return everybody an announcement is for, with what became of the message."""
    rows = session.execute(
        select(Due, Send)
        .outerjoin(Send, Send.id == Due.send_id)
        .where(Due.kind == DueKind.EVENT, Due.what == f"{ANNOUNCE}{reference}")
        .order_by(Due.due_at, Due.id)
    )
    return [(due, send) for due, send in rows]


def call_off(session: Session, reference: str, now: datetime) -> int:
    """Let be what is not sent yet of an announcement, and return how many that is. The caller commits."""
    mine = (
        Due.kind == DueKind.EVENT,
        Due.what.in_((f"{ANNOUNCE}{reference}", f"{REMIND}{reference}")),
    )
    waiting = change(
        session,
        update(Due)
        .where(*mine, Due.state == DueState.WAITING)
        .values(state=DueState.SKIPPED, reason=CANCELLED, settled_at=now),
    )
    in_the_outbox = change(
        session,
        update(Send)
        .where(
            Send.id.in_(select(Due.send_id).where(*mine)),
            Send.state == SendState.WAITING,
        )
        .values(state=SendState.DROPPED, failure=CANCELLED),
    )
    return waiting + in_the_outbox


def invitation(session: Session, person_id: uuid.UUID, reference: str) -> Due | None:
    """Return the announcement as it was sent to one person."""
    return session.scalar(
        select(Due)
        .where(
            Due.person_id == person_id,
            Due.kind == DueKind.EVENT,
            Due.what == f"{ANNOUNCE}{reference}",
        )
        .with_for_update()
    )


def reminder_waits(session: Session, person_id: uuid.UUID, reference: str) -> bool:
    """Whether a reminder of an announcement is planned for somebody."""
    query = select(Due.id).where(
        Due.person_id == person_id,
        Due.what == f"{REMIND}{reference}",
        Due.state == DueState.WAITING,
    )
    return session.scalar(query) is not None


def forget_reminder(session: Session, person_id: uuid.UUID, reference: str, now: datetime) -> None:
    """Take back a reminder that is not sent yet. The caller commits."""
    session.execute(
        update(Due)
        .where(
            Due.person_id == person_id,
            Due.what == f"{REMIND}{reference}",
            Due.state == DueState.WAITING,
        )
        .values(state=DueState.SKIPPED, reason=NOT_COMING, settled_at=now)
    )


def is_over(event: Event, now: datetime) -> bool:
    """Whether it makes no sense any more to answer an announcement."""
    ended = event.happens_at is not None and event.happens_at <= now
    return ended or event.state == EventState.CANCELLED
