"""What a second reader may be given, what was drawn, and what came of it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, and_, cast, exists, func, select, text
from sqlalchemy.orm import Session, contains_eager

from storage.tables import Chat, Draw, FlagMessage, Message, Notice, Person, SecondRead

PAGE = 50
DRAW_LOCK = 7_164_215
#: One day of one chat.
Talk = tuple[int, date]


def _day(zone: str) -> ColumnElement[date]:
    return cast(func.timezone(zone, Message.at), Date)


def talks(
    session: Session, council: str, notice: str, *, since: datetime, until: datetime, zone: str
) -> list[Talk]:
    """Return each day of each chat in which somebody wrote, was not flagged, and had agreed to be read.

    Agreed means: to these very words of the notice, before they wrote. In a fixed order.
    """
    agreed = exists().where(
        Notice.chat_id == Chat.id,
        Notice.version == notice,
        Notice.agreed_at.is_not(None),
        Notice.agreed_at <= Message.at,
    )
    day = _day(zone)
    within = and_(Message.at >= since, Message.at < until)
    wrote = (
        select(Message.chat_id, day)
        .join(Chat, Chat.id == Message.chat_id)
        .join(Person, Person.id == Chat.person_id)
        .where(
            Person.council == council,
            Message.direction == "in",
            Message.kind == "text",
            Message.text.is_not(None),
            within,
            agreed,
        )
    )
    flagged = (
        select(Message.chat_id, day)
        .join(FlagMessage, FlagMessage.message_id == Message.id)
        .where(within)
    )
    return sorted((chat, on) for chat, on in session.execute(wrote.except_(flagged)).tuples())


def hold_draws(session: Session) -> None:
    """Wait until no other scheduler draws; held until the transaction ends."""
    session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": DRAW_LOCK})


def drawn(session: Session, council: str, week_on: date) -> bool:
    """Whether a week of a council was drawn already."""
    query = select(Draw.id).where(Draw.council == council, Draw.week_on == week_on)
    return session.scalar(query) is not None


def waiting(session: Session, council: str, zone: str) -> Sequence[SecondRead]:
    """Return what waits to be read in a council and is still there, oldest first, a page at most."""
    still_there = exists().where(
        Message.chat_id == SecondRead.chat_id,
        Message.direction == "in",
        Message.text.is_not(None),
        _day(zone) == SecondRead.day,
    )
    return session.scalars(
        select(SecondRead)
        .join(Draw, Draw.id == SecondRead.draw_id)
        .where(Draw.council == council, SecondRead.finding.is_(None), still_there)
        .order_by(SecondRead.day, SecondRead.id)
        .limit(PAGE)
    ).all()


def one(session: Session, reference: str, council: str) -> SecondRead | None:
    """Return what was drawn under a reference in a council, held until the caller commits."""
    return session.scalar(
        select(SecondRead)
        .join(Draw, Draw.id == SecondRead.draw_id)
        .join(Chat, Chat.id == SecondRead.chat_id)
        .where(SecondRead.reference == reference.upper(), Draw.council == council)
        .options(contains_eager(SecondRead.draw), contains_eager(SecondRead.chat))
        .with_for_update(of=SecondRead)
    )


def said(
    session: Session, read: SecondRead, zone: str, visible: Sequence[ColumnElement[bool]]
) -> Sequence[Message]:
    """Return what was said that day, as far as the reader may see it, oldest first."""
    return session.scalars(
        select(Message)
        .where(Message.chat_id == read.chat_id, _day(zone) == read.day, *visible)
        .order_by(Message.at, Message.id)
    ).all()


def found(session: Session, council: str, since: datetime) -> tuple[int, int]:
    """Return how many were read in a council since a moment, and in how many something was missed."""
    row = session.execute(
        select(func.count(), func.count().filter(SecondRead.finding == "missed"))
        .select_from(SecondRead)
        .join(Draw, Draw.id == SecondRead.draw_id)
        .where(Draw.council == council, SecondRead.read_at >= since)
    ).one()
    return row[0], row[1]
