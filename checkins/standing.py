"""How things stand with one person as far as writing first goes: read from the database."""

from datetime import datetime

from sqlalchemy.orm import Session

from checkins.holds import Standing
from storage import plans as stored
from storage.tables import Chat, Plan


def standing(session: Session, plan: Plan, chat: Chat | None, now: datetime) -> Standing:
    """Return how things stand with whoever has this plan and, once they have joined, this chat.

    `checkins.holds.why_held` says what follows from it. Whatever is sent to somebody of our own
    accord asks it first: check-ins, lines of the calendar, surveys, events.
    """
    return Standing(
        linked=chat is not None,
        levels_open=stored.levels_open(session, chat) if chat else frozenset(),
        circumstances=frozenset(
            one.kind for one in stored.circumstances(session, plan.person_id, now)
        ),
        stopped=chat is not None and chat.stopped_at is not None,
        paused_until=chat.paused_until if chat else None,
        unreachable=chat is not None and chat.unreachable_at is not None,
        staff_talking_until=chat.held_until if chat else None,
        snoozed_until=plan.snoozed_until,
        topics_off=frozenset(plan.topics_off),
        asking_stopped=plan.asking_stopped_at is not None,
    )
