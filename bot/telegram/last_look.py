"""The last look before bulk goes: whether what was due a while ago is still right to send now.

Minutes may lie between writing a message and its turn. In them somebody may have stopped, blocked
us, said that they are in danger, or gone into hospital.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from checkins import holds, sending
from checkins.holds import Reason, Standing
from checkins.standing import standing
from storage import due, plans
from storage.tables import Chat, Plan, Send
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
    plan = plans.of(session, chat.person_id) if chat.person_id else None
    reason = holds.why_held(_stands(session, plan, chat, now), ANYTHING, now)
    if reason is None:
        return False
    send.state, send.failure = SendState.DROPPED, reason
    _settle(session, send, plan, reason, now)
    return True


def _stands(session: Session, plan: Plan | None, chat: Chat, now: datetime) -> Standing:
    if plan is not None:
        return standing(session, plan, chat, now)
    return Standing(
        levels_open=plans.levels_open(session, chat),
        stopped=chat.stopped_at is not None,
        paused_until=chat.paused_until,
        unreachable=chat.unreachable_at is not None,
    )


def _settle(session: Session, send: Send, plan: Plan | None, reason: Reason, now: datetime) -> None:
    one = due.of_send(session, send.id)
    if one is not None and plan is not None:
        sending.skip(session, one, plan, reason, now)
