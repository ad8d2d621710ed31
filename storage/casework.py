"""Flags and requests as the people who work on them look them up: most urgent first, a page at a time."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, select, tuple_
from sqlalchemy.orm import Session, joinedload

from storage.tables import Alert, Chat, Flag, FlagMessage, Message, Note, Person, Request, Send

#: How many rows a list shows at most; the rest is said to be there.
PAGE = 50
#: How much of the talk round a flag is shown (issue: the few messages around).
AROUND = timedelta(minutes=10)
MOST_MESSAGES = 30
#: What we call a reply in the name of a member of staff, and how it is told that one never arrived.
STAFF_REPLY = "people.reply"
LOST = ("failed", "dropped")
URGENCY = case({"immediate": 0, "same_day": 1}, value=Flag.level, else_=2)


def open_flags(
    session: Session,
    visible: ColumnElement[bool],
    now: datetime,
    *,
    most: int = PAGE,
    after: int | None = None,
) -> Sequence[Flag]:
    """Return the open flags somebody may see: most urgent first, then by the time left.

    `after` is the number of the last flag of the page before; it may be closed by now.
    """
    query = select(Flag).where(
        Flag.closed_at.is_(None),
        visible,
        (Flag.snoozed_until.is_(None)) | (Flag.snoozed_until <= now),
    )
    if after is not None:
        last = select(URGENCY, Flag.due_at, Flag.id).where(Flag.id == after)
        if (key := session.execute(last).one_or_none()) is not None:
            query = query.where(tuple_(URGENCY, Flag.due_at, Flag.id) > tuple_(*key))
    return session.scalars(
        query.options(joinedload(Flag.chat).joinedload(Chat.person), joinedload(Flag.owner))
        .order_by(URGENCY, Flag.due_at, Flag.id)
        .limit(most)
    ).all()


def snoozed_flags(session: Session, visible: ColumnElement[bool], now: datetime) -> Sequence[Flag]:
    """Return open flags that somebody put off, soonest back first."""
    return session.scalars(
        select(Flag)
        .where(Flag.closed_at.is_(None), visible, Flag.snoozed_until > now)
        .options(joinedload(Flag.chat).joinedload(Chat.person), joinedload(Flag.owner))
        .order_by(Flag.snoozed_until)
        .limit(PAGE)
    ).all()


def count_open(session: Session, visible: ColumnElement[bool]) -> int:
    """Return how many open flags somebody may see."""
    query = select(func.count()).select_from(Flag).where(Flag.closed_at.is_(None), visible)
    return session.scalar(query) or 0


def flag(session: Session, reference: str, visible: ColumnElement[bool]) -> Flag | None:
    """Return a flag somebody may see, held until the caller commits; None when they may not."""
    return session.scalar(
        select(Flag).where(Flag.reference == reference.upper(), visible).with_for_update(of=Flag)
    )


def flagged_ids(session: Session, one: Flag) -> set[int]:
    """Return the messages a flag is about."""
    query = select(FlagMessage.message_id).where(FlagMessage.flag_id == one.id)
    return set(session.scalars(query))


def flagged_since(
    session: Session, visible: ColumnElement[bool], since: datetime, *more: ColumnElement[bool]
) -> list[Message]:
    """Return the messages since a moment that flags somebody may see are about, oldest first."""
    about = select(FlagMessage.message_id).join(Flag, Flag.id == FlagMessage.flag_id).where(visible)
    query = select(Message).where(
        Message.id.in_(about), Message.at >= since, Message.direction == "in", *more
    )
    return list(session.scalars(query.order_by(Message.at, Message.id)))


def closed_since(session: Session, visible: ColumnElement[bool], since: datetime) -> Sequence[Flag]:
    """Return the flags that somebody may see and that were closed since a moment."""
    return session.scalars(select(Flag).where(visible, Flag.closed_at >= since)).all()


def around(session: Session, one: Flag, visible: Sequence[ColumnElement[bool]]) -> list[Message]:
    """Return what was said around a flag, oldest first."""
    rows = session.scalars(
        select(Message)
        .where(
            Message.chat_id == one.chat_id,
            Message.at.between(one.raised_at - AROUND, one.last_sign_at + AROUND),
            *visible,
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(MOST_MESSAGES)
    ).all()
    return list(rows)[::-1]


def last_word(session: Session, chat_id: int) -> Message | None:
    """Return the last thing said by the young person or by a member of staff, not by the bot.

    What staff wrote and Telegram did not take was never said.
    """
    never_said = exists().where(*_sent_as(Message), Send.state.in_(LOST))
    return session.scalar(
        select(Message)
        .where(
            Message.chat_id == chat_id,
            (Message.direction == "in") | ((Message.kind == "staff") & ~never_said),
            Message.text.is_not(None),
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )


def sends_for(session: Session, messages: Sequence[Message]) -> list[Send]:
    """Return what was sent in answer to these messages, and whether it arrived."""
    updates = [one.update_id for one in messages if one.update_id is not None]
    return list(session.scalars(select(Send).where(Send.update_id.in_(updates)).order_by(Send.id)))


def _sent_as(message: type[Message]) -> tuple[ColumnElement[bool], ...]:
    """Return what joins something that staff wrote to the row that takes it to Telegram."""
    return (
        Send.chat_id == message.chat_id,
        Send.made_at == message.at,
        Send.reply_id == STAFF_REPLY,
        Send.once_key.endswith(".0"),
    )


def staff_wrote(
    session: Session, chat_id: int, since: datetime, visible: Sequence[ColumnElement[bool]]
) -> list[tuple[Message, Send | None]]:
    """Return what staff wrote in a chat since a moment, oldest first, and what became of each."""
    query = (
        select(Message, Send)
        .outerjoin(Send, and_(*_sent_as(Message)))
        .where(Message.chat_id == chat_id, Message.kind == "staff", Message.at >= since, *visible)
        .order_by(Message.id)
    )
    return [(said, sent) for said, sent in session.execute(query)]


def with_lost_replies(session: Session, found: Sequence[Flag]) -> set[int]:
    """Return which of these flags somebody answered in vain: the last reply did not arrive."""
    newest = (
        select(Send.state)
        .where(
            Send.chat_id == Flag.chat_id,
            Send.reply_id == STAFF_REPLY,
            Send.once_key.endswith(".0"),
            Send.made_at >= Flag.raised_at,
        )
        .order_by(Send.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    ids = [one.id for one in found]
    return set(session.scalars(select(Flag.id).where(Flag.id.in_(ids), newest.in_(LOST))))


def notes(session: Session, one: Flag) -> list[Note]:
    """Return what colleagues wrote down about a flag, oldest first."""
    return list(session.scalars(select(Note).where(Note.flag_id == one.id).order_by(Note.id)))


def alerts(session: Session, one: Flag) -> list[Alert]:
    """Return who was told of a flag, and when."""
    return list(session.scalars(select(Alert).where(Alert.flag_id == one.id).order_by(Alert.id)))


def open_requests(
    session: Session,
    visible: ColumnElement[bool],
    *,
    most: int = PAGE,
    after: tuple[datetime, int] | None = None,
) -> Sequence[Request]:
    """Return the open requests somebody may see, the one due first on top, a page at a time."""
    query = select(Request).where(Request.closed_at.is_(None), visible)
    if after is not None:
        query = query.where(tuple_(Request.due_at, Request.id) > tuple_(*map(literal, after)))
    return session.scalars(
        query.options(joinedload(Request.chat).joinedload(Chat.person), joinedload(Request.staff))
        .order_by(Request.due_at, Request.id)
        .limit(most)
    ).all()


def count_requests(session: Session, visible: ColumnElement[bool]) -> int:
    """Return how many open requests somebody may see."""
    query = select(func.count()).select_from(Request).where(Request.closed_at.is_(None), visible)
    return session.scalar(query) or 0


def request(session: Session, reference: str, visible: ColumnElement[bool]) -> Request | None:
    """Return a request somebody may see, held until the caller commits."""
    return session.scalar(
        select(Request)
        .where(Request.reference == reference.upper(), visible)
        .with_for_update(of=Request)
    )


def people(session: Session, visible: ColumnElement[bool]) -> Sequence[Person]:
    """Return the young people whose record somebody may see. Names are sealed: the caller sorts."""
    return session.scalars(select(Person).where(visible).options(joinedload(Person.adviser))).all()


def person(session: Session, person_id: uuid.UUID, visible: ColumnElement[bool]) -> Person | None:
    """Return a young person whose record somebody may see; None when they may not."""
    return session.scalar(
        select(Person).where(Person.id == person_id, visible).options(joinedload(Person.adviser))
    )


def chats_of(session: Session, people_ids: Sequence[object]) -> dict[object, Chat]:
    """Return the chats of people, by person."""
    rows = session.scalars(select(Chat).where(Chat.person_id.in_(people_ids)))
    return {one.person_id: one for one in rows}


def open_flag_counts(
    session: Session, chat_ids: Sequence[int], visible: ColumnElement[bool]
) -> dict[int, int]:
    """Return how many open flags each chat has that somebody may see."""
    rows = session.execute(
        select(Flag.chat_id, func.count())
        .where(Flag.chat_id.in_(chat_ids), Flag.closed_at.is_(None), visible)
        .group_by(Flag.chat_id)
    )
    return {chat_id: count for chat_id, count in rows}  # noqa: C416 (rows are not tuples to mypy)
