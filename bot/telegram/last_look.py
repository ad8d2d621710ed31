"""The last look before bulk goes: whether what was due a while ago is still right to send now.

Minutes may lie between writing a message and its turn. In them somebody may have stopped, blocked
us, said that they are in danger, or gone into hospital.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from checkins import sending
from checkins.holds import Reason
from checkins.standing import why_chat_is_held
from storage import due, plans
from storage.tables import Chat, Send
from storage.tables.outbox import Lane, SendState

#: What a message is about was asked when it was planned; now we ask only about the person.
ANYTHING = ""


def let_be(session: Session, send: Send, now: datetime) -> bool:
    """Drop a send of the bulk lane that must not go any more, with the reason. The caller commits.

    What was due is settled with it, so that nobody reads it as sent and unanswered.
    """
    if send.lane != Lane.BULK:
        return False
    chat = session.get_one(Chat, send.chat_id)
    reason = why_chat_is_held(session, chat, ANYTHING, now)
    if reason is None:
        return False
    send.state, send.failure = SendState.DROPPED, reason
    _settle(session, send, chat, reason, now)
    return True


def _settle(session: Session, send: Send, chat: Chat, reason: Reason, now: datetime) -> None:
    one = due.of_send(session, send.id)
    plan = plans.of(session, chat.person_id) if chat.person_id else None
    if one is not None and plan is not None:
        sending.skip(session, one, plan, reason, now)
