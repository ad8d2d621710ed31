"""Finding and keeping chats, the notices shown in them, and the buttons sent to them."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from storage import counted
from storage.encryption import blind_index
from storage.rows import change
from storage.tables import (
    Button,
    Chat,
    CheckInAnswer,
    Flag,
    Message,
    Notice,
    Request,
    Send,
    Statement,
    Update,
)

INDEX_COLUMN = "chats.telegram_id"
BUTTON_LASTS = timedelta(days=14)
BUTTON_PREFIX = "v1."


def index_of(telegram_id: int) -> bytes:
    """Return what finds a chat by its Telegram id, without keeping the id readable."""
    return blind_index(str(telegram_id), column=INDEX_COLUMN)


def lock(session: Session, index: bytes) -> None:
    """Hold the lane of one chat until the caller commits: its messages are handled in order."""
    key = int.from_bytes(index[:8], "big", signed=True)
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": key})


def find(session: Session, index: bytes) -> Chat | None:
    """Return the chat at the other end, when we have met."""
    return session.scalar(select(Chat).where(Chat.telegram_index == index))


def meet(session: Session, telegram_id: int, now: datetime) -> Chat:
    """Return the chat, made when it is the first time. The caller holds its lane and commits."""
    index = index_of(telegram_id)
    chat = find(session, index)
    if chat is None:
        chat = Chat(
            telegram_index=index,
            telegram_id=str(telegram_id),
            began_at=now,
            heard_at=now,
        )
        session.add(chat)
        session.flush()
    chat.heard_at = now
    return chat


def new_token() -> str:
    """Return a button's payload: random, so that it says nothing and cannot be guessed."""
    return BUTTON_PREFIX + secrets.token_urlsafe(16)


def press(
    session: Session,
    chat: Chat,
    token: str,
    message_id: int | None,
    now: datetime,
    *,
    use_up: bool = True,
) -> str | None:
    """Return what a button does and use it up; None when it is forged, used, old or another's.

    The button must belong to this chat and to the very message it was sent with
    (safety.md SEC-54). The caller commits.
    """
    button = session.scalar(
        select(Button)
        .join(Send, Send.id == Button.send_id)
        .where(
            Button.token == token,
            Button.chat_id == chat.id,
            Button.used_at.is_(None),
            Button.expires_at > now,
            # A crash between sending and noting the message's id leaves it empty.
            (Send.telegram_message_id == message_id) | Send.telegram_message_id.is_(None),
        )
    )
    if button is None:
        return None
    if use_up:
        button.used_at = now
    return button.action


def newest_notice(session: Session, chat: Chat) -> Notice | None:
    """Return the notice shown last in this chat."""
    return session.scalar(
        select(Notice).where(Notice.chat_id == chat.id).order_by(Notice.id.desc()).limit(1)
    )


def recent_texts(session: Session, chat: Chat, since: datetime, most: int) -> list[str]:
    """Return what they wrote lately, oldest first, for words split over several messages."""
    rows = session.scalars(
        select(Message.text)
        .where(
            Message.chat_id == chat.id,
            Message.direction == "in",
            Message.at >= since,
            Message.text.is_not(None),
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(most)
    )
    return [row for row in rows if row][::-1]


def last_heard(session: Session, chat: Chat) -> Message | None:
    """Return the last thing they wrote or sent."""
    return session.scalar(
        select(Message)
        .where(Message.chat_id == chat.id, Message.direction == "in")
        .order_by(Message.id.desc())
        .limit(1)
    )


def heard_since(session: Session, chat: Chat, since: datetime) -> int:
    """Return how many messages they wrote since a moment."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Message)
            .where(Message.chat_id == chat.id, Message.direction == "in", Message.at >= since)
        )
        or 0
    )


def levels_since(session: Session, chat: Chat, since: datetime) -> list[str]:
    """Return the levels flagged in this chat since a moment."""
    return list(
        session.scalars(
            select(Flag.level).where(Flag.chat_id == chat.id, Flag.last_sign_at >= since)
        )
    )


def has_open_flag(session: Session, chat: Chat) -> bool:
    """Whether a flag of this chat is open."""
    return (
        session.scalar(
            select(Flag.id).where(Flag.chat_id == chat.id, Flag.closed_at.is_(None)).limit(1)
        )
        is not None
    )


def forget_words(session: Session, chat: Chat) -> int:
    """Delete what was said in a chat, except what is part of a flag. The caller commits.

    Returns how many messages went. Raw updates, buttons and sent bodies go too.
    """
    flagged = text("select message_id from flag_messages")
    gone = change(
        session,
        delete(Message).where(
            Message.chat_id == chat.id, Message.id.not_in(flagged.columns(Message.id))
        ),
    )
    session.execute(
        update(Update)
        .where(Update.telegram_index == chat.telegram_index, Update.handled_at.is_not(None))
        .values(raw=None)
    )
    session.execute(delete(Button).where(Button.chat_id == chat.id))
    session.execute(
        update(Send)
        .where(Send.chat_id == chat.id, Send.state.not_in(("waiting", "sending")))
        .values(body=None)
    )
    session.execute(
        update(Request)
        .where(Request.chat_id == chat.id, Request.closed_at.is_not(None))
        .values(words=None)
    )
    # What somebody is seeing to stays until a person has decided on it, and so does a complaint.
    under_way = Statement.state.in_(("opened", "in_hand")) | (
        Statement.complaint
        & Statement.sent_at.is_not(None)
        & Statement.state.not_in(("withdrawn", "deleted"))
    )
    gone += change(session, delete(Statement).where(Statement.chat_id == chat.id, ~under_way))
    if chat.person_id is not None:
        theirs = CheckInAnswer.person_id == chat.person_id
        counted.leave_out(session, session.scalars(select(CheckInAnswer.id).where(theirs)))
        session.execute(update(CheckInAnswer).where(theirs).values(words=None))
    return gone


def strangers_gone_quiet(session: Session, before: datetime) -> list[Chat]:
    """Return chats of strangers who have not written since a moment and still hold something.

    One with an open request or complaint waits for its answer; one with a flag keeps only what was flagged.
    """
    flagged = exists().where(Flag.chat_id == Chat.id)
    waiting = exists().where(Request.chat_id == Chat.id, Request.closed_at.is_(None))
    complained = exists().where(
        Statement.chat_id == Chat.id,
        Statement.complaint,
        Statement.sent_at.is_not(None),
        Statement.closed_at.is_(None),
    )
    return list(
        session.scalars(
            select(Chat)
            .where(
                Chat.person_id.is_(None),
                Chat.heard_at < before,
                or_(~flagged, Chat.memory.is_not(None)),
                ~waiting,
                ~complained,
            )
            .order_by(Chat.heard_at)
            .limit(200)
        )
    )
