"""The last look before something goes: whether what was due a while ago is still right to send now.

Minutes may lie between writing a message to many and its turn. In them somebody may have stopped, blocked
us, said that they are in danger, or gone into hospital. What became of a statement waits for the end of
their quiet hours (docs/decisions/0015).
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import plans as agreed
from checkins import quiet, sending
from checkins.holds import Reason
from checkins.standing import why_chat_is_held
from people.hours import LONDON
from storage import due, outbox, plans
from storage.tables import Chat, Send
from storage.tables.outbox import Lane, SendState

#: What a message is about was asked when it was planned; now we ask only about the person.
ANYTHING = ""


#: What comes of something they told or asked us. A colleague who writes to them is not among it.
HEAR_BACK = ("hearing.", "ask_council.")
#: Whoever wrote to us this lately is awake, and in the middle of talking.
TALKING = timedelta(minutes=30)


def let_be(session: Session, send: Send, now: datetime, zone: ZoneInfo = LONDON) -> bool:
    """Whether a send does not go now: it is dropped with the reason, or waits. The caller commits.

    What was due is settled with it, so that nobody reads it as sent and unanswered.
    """
    if send.lane == Lane.STAFF and (send.reply_id or "").startswith(HEAR_BACK):
        return _held(session, send, now, zone)
    if send.lane != Lane.BULK:
        return False
    chat = session.get_one(Chat, send.chat_id)
    reason = why_chat_is_held(session, chat, ANYTHING, now)
    if reason is None:
        return False
    send.state, send.failure = SendState.DROPPED, reason
    _settle(session, send, chat, reason, now)
    return True


def _held(session: Session, send: Send, now: datetime, zone: ZoneInfo) -> bool:
    """Let what came of a statement wait for the morning; who said STOP meanwhile is left alone."""
    chat = session.get_one(Chat, send.chat_id)
    if chat.stopped_at is not None:
        send.state, send.failure = SendState.DROPPED, Reason.STOPPED
        return True
    talking = now - chat.heard_at < TALKING or (chat.held_until or now) > now
    plan = plans.of(session, chat.person_id) if chat.person_id else None
    hours = agreed.hours_of(plan) if plan is not None else quiet.Hours()
    later = None if talking else quiet.next_allowed(hours, now, zone)
    if later is None or later <= now:
        return False
    outbox.put_off(send, later)
    return True


def _settle(session: Session, send: Send, chat: Chat, reason: Reason, now: datetime) -> None:
    one = due.of_send(session, send.id)
    plan = plans.of(session, chat.person_id) if chat.person_id else None
    if one is not None and plan is not None:
        sending.skip(session, one, plan, reason, now)
