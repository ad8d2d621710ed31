"""Statements as they are counted, and the counts and releases that are kept."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from storage.hearing_back import WITH_STAFF
from storage.tables import (
    Chat,
    Count,
    Message,
    Person,
    Release,
    Statement,
    StatementTheme,
)

#: One release at a time: each is held against those before it.
RELEASE_LOCK = 7_164_214
BATCH = 2_000


def hold_releases(session: Session) -> None:
    """Wait until nobody else is making a release; held until the transaction ends."""
    session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": RELEASE_LOCK})


@dataclass(frozen=True)
class Sent:
    """What is counted of one statement, with all that was said about its themes."""

    voice: uuid.UUID
    new_voice: bool
    age_band: str | None
    scenario: str
    origin: str
    easy: bool
    tone: str | None
    feelings: list[str]
    themes: list[StatementTheme]


def sent_between(session: Session, council: str, begin: datetime, end: datetime) -> Iterator[Sent]:
    """Yield the statements sent in a time whose themes were read, in the order they were begun.

    They are read a batch at a time: memory does not grow with their number.
    """
    query = (
        select(
            Statement.id,
            Statement.voice,
            Statement.new_voice,
            Statement.age_band,
            Statement.scenario,
            Statement.origin,
            Statement.easy,
            Statement.tone,
            Statement.feelings,
            StatementTheme.theme,
            StatementTheme.source,
            StatementTheme.refused,
            StatementTheme.confidence,
        )
        .outerjoin(StatementTheme, StatementTheme.statement_id == Statement.id)
        .where(
            Statement.council == council,
            Statement.state.in_(WITH_STAFF),
            Statement.tone.is_not(None),
            Statement.sent_at >= begin,
            Statement.sent_at < end,
        )
        .order_by(Statement.id, StatementTheme.id)
        .execution_options(yield_per=BATCH)
    )
    for _, rows in groupby(session.execute(query), key=lambda row: row.id):
        yield _sent(list(rows))


def _sent(rows: Sequence[Row[Any]]) -> Sent:
    first = rows[0]
    return Sent(
        voice=first.voice,
        new_voice=first.new_voice,
        age_band=first.age_band,
        scenario=first.scenario,
        origin=first.origin,
        easy=first.easy,
        tone=first.tone,
        feelings=list(first.feelings),
        themes=[
            StatementTheme(
                theme=row.theme,
                source=row.source,
                refused=row.refused,
                confidence=row.confidence,
            )
            for row in rows
            if row.theme is not None
        ],
    )


def count_unread(session: Session, council: str, begin: datetime, end: datetime) -> int:
    """Return how many statements of a time no machine has read yet: they are in no count."""
    query = (
        select(func.count())
        .select_from(Statement)
        .where(
            Statement.council == council,
            Statement.state.in_(WITH_STAFF),
            Statement.tone.is_(None),
            Statement.sent_at >= begin,
            Statement.sent_at < end,
        )
    )
    return session.scalar(query) or 0


def stages(session: Session, council: str, begin: datetime, end: datetime) -> dict[str, int]:
    """Return how many people have a record and have joined now, and how many wrote or told us in a time."""
    people = select(func.count(Person.id.distinct())).where(Person.council == council)
    linked = people.join(Chat, Chat.person_id == Person.id)
    active = linked.join(Message, Message.chat_id == Chat.id).where(
        Message.direction == "in", Message.at >= begin, Message.at < end
    )
    told = people.join(Statement, Statement.person_id == Person.id).where(
        Statement.sent_at >= begin, Statement.sent_at < end
    )
    return {
        "invited": session.scalar(people) or 0,
        "linked": session.scalar(linked) or 0,
        "active": session.scalar(active) or 0,
        "told_us": session.scalar(told) or 0,
    }


def newest_count(
    session: Session, council: str, what: str, first: date, last: date
) -> Count | None:
    """Return the last count of these months, if there is one."""
    query = select(Count).where(
        Count.council == council,
        Count.what == what,
        Count.first_month == first,
        Count.last_month == last,
    )
    return session.scalar(query.order_by(Count.id.desc()).limit(1))


def counts_by_id(session: Session, ids: Sequence[int]) -> list[Count]:
    """Return these counts."""
    return list(session.scalars(select(Count).where(Count.id.in_(ids)).order_by(Count.id)))


def releases_of(session: Session, council: str) -> list[Release]:
    """Return every release about a council, oldest first."""
    query = select(Release).where(Release.council == council).order_by(Release.id)
    return list(session.scalars(query))
