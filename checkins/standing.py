"""How things stand with one person as far as writing first goes: read from the database.

Staff may not learn from it what they may not know: that a flag about them is open, or that a
colleague talks with somebody about one.
"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import plans, quiet
from checkins.holds import SERIOUS, Reason, Standing, why_held
from people import access
from storage import plans as stored
from storage.tables import Chat, Due, Plan, Staff
from storage.tables.keeping_in_touch import DueKind

#: What staff read instead of a reason that they may not know.
HELD = "held"


def standing(session: Session, plan: Plan | None, chat: Chat | None, now: datetime) -> Standing:
    """Return how things stand with whoever has this plan and, once they have joined, this chat.

    `checkins.holds.why_held` says what follows from it. Whatever is sent to somebody of our own
    accord asks it first: check-ins, lines of the calendar, surveys, events. A stranger has no plan.
    """
    whose = plan.person_id if plan else chat.person_id if chat else None
    return Standing(
        linked=chat is not None,
        levels_open=stored.levels_open(session, chat) if chat else frozenset(),
        circumstances=frozenset(one.kind for one in stored.circumstances(session, whose, now))
        if whose
        else frozenset(),
        stopped=chat is not None and chat.stopped_at is not None,
        paused_until=chat.paused_until if chat else None,
        unreachable=chat is not None and chat.unreachable_at is not None,
        staff_talking_until=chat.held_until if chat else None,
        snoozed_until=plan.snoozed_until if plan else None,
        topics_off=frozenset(plan.topics_off if plan else ()),
        asking_stopped=plan is not None and plan.asking_stopped_at is not None,
    )


def why_chat_is_held(session: Session, chat: Chat, kind: str, now: datetime) -> Reason | None:
    """Return why this kind may not be sent to a chat now; None when it may."""
    return why_held(standing(session, _plan_of(session, chat), chat, now), kind, now)


def allowed_at(session: Session, chat: Chat, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when a chat may be written to first: now, or when its quiet hours or lessons end."""
    plan = _plan_of(session, chat)
    return (quiet.next_allowed(plans.hours_of(plan), now, zone) if plan else None) or now


def _plan_of(session: Session, chat: Chat) -> Plan | None:
    return stored.of(session, chat.person_id) if chat.person_id else None


def held_as_seen(
    session: Session, plan: Plan, chat: Chat | None, reader: Staff | None, now: datetime
) -> Reason | None:
    """Return why no check-in may be sent now, as far as a reader may know it.

    None is whoever runs commands on this machine, who can read everything anyway.
    """
    found = standing(session, plan, chat, now)
    if reader is not None and chat is not None:
        levels = stored.levels_open(session, chat, access.own_flags(reader))
        found = replace(found, levels_open=levels, staff_talking_until=None)
    return why_held(found, DueKind.CHECK_IN, now)


def reason_as_seen(session: Session, one: Due, chat: Chat | None, reader: Staff | None) -> str:
    """Return why something was not sent, as far as a reader may know it; empty when it was sent."""
    if reader is None or one.reason not in {Reason.FLAG_OPEN, Reason.STAFF_TALKING}:
        return one.reason or ""
    known: frozenset[str] = frozenset()
    if chat is not None and one.reason == Reason.FLAG_OPEN:
        known = stored.levels_open(session, chat, access.own_flags(reader), at=one.settled_at)
    return one.reason if known & SERIOUS else HELD
