"""What people made of flags: the mark of one, those that wait for a second look, those both agreed on."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from storage.tables import Chat, Flag, FlagMessage, Mark, Message

PAGE = 50


def of(session: Session, flag: Flag) -> Mark | None:
    """Return what was made of a flag."""
    return session.scalar(select(Mark).where(Mark.flag_id == flag.id))


def waiting(session: Session, visible: ColumnElement[bool], after: int) -> Sequence[Mark]:
    """Return a page of marks that nobody has looked at again, on flags somebody may see, oldest first."""
    return session.scalars(
        select(Mark)
        .join(Flag, Flag.id == Mark.flag_id)
        .where(Mark.agreed.is_(None), Flag.closed_at.is_not(None), visible, Mark.id > after)
        .options(
            contains_eager(Mark.flag).joinedload(Flag.chat).joinedload(Chat.person),
            contains_eager(Mark.flag).joinedload(Flag.owner),
            joinedload(Mark.by),
        )
        .order_by(Mark.id)
        .limit(PAGE)
    ).all()


def agreed(session: Session, visible: ColumnElement[bool]) -> list[tuple[Mark, list[Message]]]:
    """Return what two people agreed on, each with the messages its flag is about, oldest first."""
    rows = session.execute(
        select(Mark, Message)
        .join(Flag, Flag.id == Mark.flag_id)
        .join(FlagMessage, FlagMessage.flag_id == Flag.id)
        .join(Message, Message.id == FlagMessage.message_id)
        .where(Mark.agreed.is_(True), visible, Message.text.is_not(None))
        .options(contains_eager(Mark.flag))
        .order_by(Mark.id, Message.id)
    )
    found: dict[int, tuple[Mark, list[Message]]] = {}
    for mark, message in rows:
        found.setdefault(mark.id, (mark, []))[1].append(message)
    return list(found.values())
