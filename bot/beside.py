"""What stood beside danger in a message: offered in a transaction of its own, after the card."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.engine import Engine
from bot.steps import needs
from nlu.understanding import Understanding
from people import records
from storage import chats, switch
from storage.sending import send_reply


def offer(
    session: Session,
    engine: Engine,
    index: bytes,
    message_id: int | None,
    understanding: Understanding,
    now: datetime,
) -> None:
    """Offer the practical need of a message whose danger was answered; the caller commits.

    At most once, and only while that message is the last they wrote: later it would be out of
    place. Not to somebody who said STOP, nor while a colleague talks with them or Kith is off.
    """
    chat = chats.find(session, index)
    if chat is None or chat.stopped_at is not None or switch.is_off(session):
        return
    held = chat.held_until is not None and chat.held_until > now
    last = chats.last_heard(session, chat)
    if held or last is None or last.telegram_message_id != message_id:
        return
    reply = needs.beside_danger(engine.library, records.council_of(chat), understanding)
    if reply is not None:
        once_key = f"m{last.id}.beside"
        send_reply(session, chat, reply, once_key=once_key, now=now, update_id=last.update_id)
