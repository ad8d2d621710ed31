"""Open work moves: to the chat of a new phone, or to another adviser. What is closed stays where it was."""

import uuid

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from storage.hearing_back import WITH_STAFF
from storage.rows import change
from storage.tables import Chat, Flag, FlagMessage, Message, Person, Request, Send, Statement, Task
from storage.tables.outbox import Lane, SendState

RELINKED = "relinked"


def to_chat(session: Session, old: Chat, new: Chat) -> None:
    """Bring what is open to the chat that somebody now writes from, so that answers reach them there.

    With an open flag go the messages it is about; nothing else that was said. The caller commits.
    """
    session.execute(
        update(Request)
        .where(Request.chat_id == old.id, Request.closed_at.is_(None))
        .values(chat_id=new.id)
    )
    session.execute(
        update(Statement)
        .where(
            Statement.chat_id == old.id,
            Statement.state.in_(WITH_STAFF),
            Statement.closed_at.is_(None),
        )
        .values(chat_id=new.id)
    )
    for flag in session.scalars(
        select(Flag).where(Flag.chat_id == old.id, Flag.closed_at.is_(None))
    ).all():
        _flag_to(session, flag, new)
    session.flush()


def _flag_to(session: Session, flag: Flag, new: Chat) -> None:
    """Bring one flag, unless the new chat has one of its kind already: the owner keeps both."""
    same = exists().where(
        Flag.chat_id == new.id, Flag.closed_at.is_(None), Flag.about_staff == flag.about_staff
    )
    if session.scalar(select(same)):
        return
    about = select(FlagMessage.message_id).where(FlagMessage.flag_id == flag.id)
    session.execute(update(Message).where(Message.id.in_(about)).values(chat_id=new.id))
    flag.chat_id = new.id


def stop_sending(session: Session, chat: Chat) -> int:
    """Let be what waits to be sent to a chat, and return how many that is. The caller commits.

    What is about danger still goes: whoever holds the phone may be the one in danger.
    """
    return change(
        session,
        update(Send)
        .where(
            Send.chat_id == chat.id,
            Send.state == SendState.WAITING,
            Send.lane != Lane.SAFETY,
        )
        .values(state=SendState.DROPPED, failure=RELINKED),
    )


def to_adviser(session: Session, person: Person, old: uuid.UUID | None, new: uuid.UUID) -> None:
    """Give a new adviser what the one before had open about somebody. The caller commits.

    Never what is about the new one.
    """
    chats = select(Chat.id).where(Chat.person_id == person.id)
    whose_task = Task.staff_id == old if old else Task.staff_id.is_(None)
    session.execute(
        update(Task)
        .where(
            Task.person_id == person.id,
            Task.closed_at.is_(None),
            or_(whose_task, Task.staff_id.is_(None)),
        )
        .values(staff_id=new)
    )
    if old is None:
        return
    session.execute(
        update(Flag)
        .where(
            Flag.chat_id.in_(chats),
            Flag.owner_id == old,
            Flag.closed_at.is_(None),
            Flag.hidden_from_id.is_distinct_from(new),
        )
        .values(owner_id=new, version=Flag.version + 1)
    )
    session.execute(
        update(Request)
        .where(
            Request.chat_id.in_(chats),
            Request.staff_id == old,
            Request.closed_at.is_(None),
            Request.hidden_from_id.is_distinct_from(new),
        )
        .values(staff_id=new)
    )
    session.execute(
        update(Statement)
        .where(
            Statement.person_id == person.id,
            Statement.owner_id == old,
            Statement.audience == "adviser",
            Statement.closed_at.is_(None),
            Statement.hidden_from_id.is_distinct_from(new),
        )
        .values(owner_id=new)
    )
