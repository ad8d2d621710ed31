"""A message to a young person and its buttons, put in the outbox bound to one chat and message.

The bot answers with these, and what happens by the clock says something first with the same.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage import chats, outbox
from storage.tables import Button, Chat, Message, Send
from storage.tables.outbox import Lane


@dataclass(frozen=True)
class Key:
    """A button: the words on it, and what it does."""

    label: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True)
class Reply:
    """One message to the young person, with its buttons in rows."""

    id: str
    text: str
    keys: tuple[tuple[Key, ...], ...] = ()
    lane: Lane = Lane.REPLY
    help_keyboard: bool = False


def send_reply(
    session: Session,
    chat: Chat,
    reply: Reply,
    *,
    once_key: str,
    now: datetime,
    update_id: int | None = None,
    not_after: datetime | None = None,
) -> Send:
    """Put a reply in the outbox, with its buttons bound to this chat and message."""
    rows = [[_button(key, chats.new_token()) for key in row] for row in reply.keys if row]
    body: dict[str, Any] = {"text": reply.text}
    if rows:
        body["rows"] = rows
    if reply.help_keyboard:
        body["help_keyboard"] = True
    send = outbox.put(
        session,
        chat_id=chat.id,
        lane=reply.lane,
        once_key=once_key,
        method="sendMessage",
        body=body,
        now=now,
        update_id=update_id,
        reply_id=reply.id,
        not_after=not_after,
    )
    for keys, row in zip([row for row in reply.keys if row], rows, strict=True):
        for key, button in zip(keys, row, strict=True):
            if "data" in button and key.action != "help_now":
                session.add(
                    Button(
                        token=button["data"],
                        chat_id=chat.id,
                        send_id=send.id,
                        action=key.action,
                        expires_at=now + chats.BUTTON_LASTS,
                    )
                )
    session.add(
        Message(
            chat_id=chat.id,
            update_id=update_id,
            direction="out",
            kind="text",
            text=reply.text,
            reply_ids=reply.id,
            at=now,
        )
    )
    return send


def _button(key: Key, token: str) -> dict[str, str]:
    if key.url:
        return {"text": key.label, "url": key.url}
    # Help needs no lookup: it works when the database does not.
    return {
        "text": key.label,
        "data": "help_now" if key.action == "help_now" else token,
    }
