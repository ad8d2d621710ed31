"""The last look before bulk goes: whether what was due a while ago is still right to send now.

Minutes may lie between writing a message and its turn. In them somebody may have stopped, blocked
us or said that they are in danger.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from safeguarding.levels import Level
from storage import chats
from storage.tables import Chat, Send
from storage.tables.outbox import Lane, SendState


def why_not(chat: Chat, open_levels: list[str], now: datetime) -> str:
    """Return why a bulk message to a chat is not to be sent after all, or nothing."""
    if chat.stopped_at is not None:
        return "stopped"
    if chat.paused_until is not None and chat.paused_until > now:
        return "paused"
    if chat.unreachable_at is not None:
        return chat.unreachable_why or "unreachable"
    if any(Level(level).at_least(Level.SAME_DAY) for level in open_levels):
        return "held"
    return ""


def let_be(session: Session, send: Send, now: datetime) -> bool:
    """Drop a send of the bulk lane that must not go any more, with the reason. The caller commits."""
    if send.lane != Lane.BULK:
        return False
    chat = session.get_one(Chat, send.chat_id)
    why = why_not(chat, chats.open_levels(session, chat), now)
    if why:
        send.state, send.failure = SendState.DROPPED, why
    return bool(why)
