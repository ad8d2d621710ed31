"""Sending announcements and reminders that are due, one at a time, each at most once, and who is coming."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import announcing, events, holds, planning, plans, quiet
from checkins.holds import Afterwards, Reason
from checkins.sending import BUSY, Clock
from checkins.standing import standing
from content.events import Events
from content.library import Library
from people import cover
from storage import due
from storage import events as stored
from storage import plans as stored_plans
from storage.events import COMING, NOT_COMING, REMIND
from storage.sending import Key, Reply, send_reply
from storage.tables import Chat, Due, Event, Plan
from storage.tables.keeping_in_touch import EVENTS, DueKind, DueState
from storage.tables.outbox import Lane

#: After lessons or a night all who waited would hear at once, and answer at once.
SPREAD_MINUTES = 90
KINDS = EVENTS
#: Once in the outbox, a message that cannot go within this is let be.
CATCH_UP = timedelta(hours=2)


def send_next(session: Session, clock: Clock, now: datetime) -> bool:
    """Settle the announcement that has been due longest; return False when none is. The caller commits."""
    one = due.claim(session, now, KINDS)
    if one is None:
        return False
    chat = stored_plans.chat_of(session, one.person_id)
    if chat is not None and not due.lane_is_free(session, chat):
        one.due_at = now + BUSY
        return True
    plan = planning.ensure(session, one.person, clock.library, clock.zone, now)
    event = stored.of(session, one.what.partition(":")[2])
    reason = _why_not(session, one, plan, chat, event, now)
    if reason is not None or chat is None or event is None:
        state = DueState.EXPIRED if reason is Reason.TOO_LATE else DueState.SKIPPED
        due.settle(one, state, reason or Reason.NO_LONGER_TRUE, Afterwards.NOT_AT_ALL, now)
        return True
    later = quiet.next_allowed(plans.hours_of(plan), now, clock.zone)
    if later is None or later >= one.expires_at:
        due.settle(one, DueState.EXPIRED, Reason.TOO_LATE, Afterwards.NOT_AT_ALL, now)
    elif later > now:
        one.due_at = later + timedelta(minutes=one.id % SPREAD_MINUTES)
    else:
        _send(session, clock, one, plan, chat, event, now)
    return True


def _why_not(
    session: Session,
    one: Due,
    plan: Plan,
    chat: Chat | None,
    event: Event | None,
    now: datetime,
) -> Reason | None:
    if event is None or stored.is_over(event, now):
        return Reason.NO_LONGER_TRUE
    if now >= one.expires_at:
        return Reason.TOO_LATE
    held = holds.why_held(standing(session, plan, chat, now), one.kind, now)
    if held is not None or one.what.startswith(REMIND):
        return held
    # They may have changed their mind since it was planned.
    asked_for = stored.interests(session, one.person_id)
    return None if event.interest in asked_for else Reason.TOPIC_OFF


def _send(
    session: Session,
    clock: Clock,
    one: Due,
    plan: Plan,
    chat: Chat,
    event: Event,
    now: datetime,
) -> None:
    reply = (
        _reminder(clock, event)
        if one.what.startswith(REMIND)
        else events.message(clock.library, event)
    )
    quiet_begins = quiet.next_quiet(plans.hours_of(plan), now, clock.zone)
    not_after = min(one.expires_at, now + CATCH_UP, quiet_begins)
    away = cover.away_for(session, chat, now)
    cover.say_once(
        session, clock.library, chat, away, once_key=f"a{one.id}", not_after=not_after, now=now
    )
    send = send_reply(session, chat, reply, once_key=f"d{one.id}", now=now, not_after=not_after)
    one.state, one.send_id, one.settled_at = DueState.SENT, send.id, now


def _reminder(clock: Clock, event: Event) -> Reply:
    at = (event.happens_at or event.made_at).astimezone(clock.zone)
    text = clock.library.say("events.remind", title=event.title, time=f"{at:%H:%M}")
    key = Key(clock.library.label("not_coming"), f"not_coming:{event.reference}")
    return Reply("events.remind", text, ((key,),), Lane.BULK)


def note_answer(
    session: Session,
    person_id: uuid.UUID,
    reference: str,
    *,
    coming: bool,
    said: Events,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Keep whether somebody is coming, and plan or take back their reminder. The caller commits."""
    event, invitation = (
        stored.of(session, reference),
        stored.invitation(session, person_id, reference),
    )
    if event is None or event.happens_at is None or invitation is None:
        return
    invitation.answer, invitation.answered_at = (COMING if coming else NOT_COMING), now
    if not coming:
        stored.forget_reminder(session, person_id, reference, now)
        return
    remind_at = announcing.reminder_at(event.happens_at, said, zone)
    if remind_at > now and not stored.reminder_waits(session, person_id, reference):
        due.add(
            session,
            person_id=person_id,
            kind=DueKind.EVENT,
            what=f"{REMIND}{reference}",
            due_at=remind_at,
            expires_at=event.happens_at,
            # Somebody who changes their mind twice is reminded once.
            once_key=f"{REMIND}{reference}:{person_id}:{int(now.timestamp())}",
            now=now,
        )


def state(session: Session, library: Library, reference: str, zone: ZoneInfo, now: datetime) -> str:
    """Return whether an event can still be answered: open, soon (too late to remind), or over."""
    event = stored.of(session, reference)
    if event is None or event.happens_at is None or stored.is_over(event, now):
        return "over"
    remind_at = announcing.reminder_at(event.happens_at, library.events, zone)
    return "open" if remind_at > now else "soon"
