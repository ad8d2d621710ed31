"""Something said to a young person that is no answer to what they just wrote: words, buttons, and a record.

For the rules below the conversation: what came of a statement, an action, a survey.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from storage import chats, outbox
from storage.tables import Button, Chat, Message, Send
from storage.tables.outbox import Lane


@dataclass(frozen=True)
class Press:
    """A button: the words on it, and what it does."""

    label: str
    action: str


@dataclass(frozen=True)
class Saying:
    """One message, with its buttons in rows."""

    reply_id: str
    text: str
    rows: tuple[tuple[Press, ...], ...] = ()


def say(
    session: Session, chat: Chat, saying: Saying, *, lane: Lane, once_key: str, now: datetime
) -> bool:
    """Put a message in the outbox, once for its key; return whether it is new. The caller commits."""
    if session.scalar(select(exists().where(Send.once_key == once_key))):
        return False
    tokens = [[(press, chats.new_token()) for press in row] for row in saying.rows]
    rows = [[{"text": press.label, "data": token} for press, token in row] for row in tokens]
    send = outbox.put(
        session,
        chat_id=chat.id,
        lane=lane,
        once_key=once_key,
        method="sendMessage",
        body={"text": saying.text, "rows": rows} if rows else {"text": saying.text},
        now=now,
        reply_id=saying.reply_id,
    )
    session.add_all(
        Button(
            token=token,
            chat_id=chat.id,
            send_id=send.id,
            action=press.action,
            expires_at=now + chats.BUTTON_LASTS,
        )
        for row in tokens
        for press, token in row
    )
    session.add(
        Message(
            chat_id=chat.id,
            direction="out",
            kind="text",
            text=saying.text,
            reply_ids=saying.reply_id,
            at=now,
        )
    )
    return True
