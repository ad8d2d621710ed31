"""The outbox: what to send, claimed one batch at a time, so that two senders never send one row twice."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, defer

from storage.rows import change
from storage.tables import Chat, Send
from storage.tables.outbox import UNSENT, Lane, SendState

#: Long enough for the slowest send; after it another sender may take the row.
CLAIM_LASTS = timedelta(seconds=60)
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
TOO_LATE = "too_late"
#: What is sent again when nobody knows whether it arrived; the rest is left as unknown.
AT_LEAST_ONCE = (Lane.SAFETY, Lane.REPLY, Lane.STAFF)


def put(
    session: Session,
    *,
    chat_id: int,
    lane: Lane,
    once_key: str,
    method: str,
    body: dict[str, Any],
    now: datetime,
    update_id: int | None = None,
    reply_id: str | None = None,
    not_after: datetime | None = None,
) -> Send:
    """Write a send with its cause. `once_key` makes a second one for the same cause impossible.

    What has a `not_after` is sent until then or not at all.
    """
    send = Send(
        chat_id=chat_id,
        lane=lane,
        once_key=once_key,
        method=method,
        body=body,
        reply_id=reply_id,
        update_id=update_id,
        state=SendState.WAITING,
        made_at=now,
        # What has its hour is sent as soon as a sender looks, also when a tick looked ahead.
        due_at=now if not_after is None else AT_ONCE,
        not_after=not_after,
    )
    session.add(send)
    session.flush()
    return send


def _due(now: datetime) -> ColumnElement[bool]:
    overdue = and_(
        Send.state == SendState.SENDING,
        Send.claimed_until < now,
        Send.lane.in_(AT_LEAST_ONCE),
    )
    in_time = or_(Send.not_after.is_(None), Send.not_after > now)
    return or_(and_(Send.state == SendState.WAITING, Send.due_at <= now, in_time), overdue)


def is_due(session: Session, now: datetime, lanes: Sequence[Lane]) -> bool:
    """Whether anything of these lanes waits to be sent now."""
    waiting = select(Send.id).where(UNSENT, _due(now), Send.lane.in_(lanes)).limit(1)
    return session.scalar(waiting) is not None


def claim(
    session: Session,
    now: datetime,
    most: int,
    lanes: Sequence[Lane] = tuple(Lane),
    *,
    resting: Sequence[int] = (),
) -> list[tuple[Send, str]]:
    """Claim due sends, most urgent lane first, each with its Telegram chat id.

    Within a chat only the oldest of a lane is given out, so that replies arrive in order. What was put
    off to its hour holds up nobody else's.
    Chats that are resting are left alone. The caller commits before sending.
    """
    claimed: list[tuple[Send, str]] = []
    for lane in sorted(lanes):
        if len(claimed) < most:
            wanted = next_in_lane(now, lane, most - len(claimed), resting)
            claimed += session.execute(wanted).tuples()
    for send, _ in claimed:
        send.state = SendState.SENDING
        send.claimed_until = now + CLAIM_LASTS
        send.tries += 1
    return claimed


def next_in_lane(
    now: datetime, lane: Lane, most: int, resting: Sequence[int] = ()
) -> Select[tuple[Send, str]]:
    """Return the query that takes what goes next in one lane.

    It walks the lane in order and stops when it has enough; for each send it looks up who is first
    in that chat. Asked as a join, PostgreSQL would compare everything that waits with everything.
    """
    line = Send.__table__.alias("line")
    first_of_chat = (
        select(func.min(line.c.id))
        .where(
            line.c.chat_id == Send.chat_id,
            line.c.lane == Send.lane,
            UNSENT,
            # What was tried and failed still goes first; what only waits for its hour does not.
            or_(line.c.due_at <= now, line.c.tries > 0),
        )
        .scalar_subquery()
    )
    telegram_id = select(Chat.telegram_id).where(Chat.id == Send.chat_id).scalar_subquery()
    return (
        select(Send, telegram_id)
        .where(UNSENT, Send.lane == lane, _due(now), Send.chat_id.not_in(resting))
        .where(Send.id == first_of_chat)
        .order_by(Send.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def put_off(send: Send, until: datetime) -> None:
    """Let a claimed send wait for its hour, as if it had not been looked at. The caller commits."""
    send.state, send.due_at, send.claimed_until, send.tries = SendState.WAITING, until, None, 0


def give_up_unknown(session: Session, now: datetime) -> int:
    """Leave as unknown the bulk sends whose sender died half-way: better none than two."""
    return change(
        session,
        update(Send)
        .where(
            UNSENT,
            Send.state == SendState.SENDING,
            Send.claimed_until < now,
            Send.lane.not_in(AT_LEAST_ONCE),
        )
        .values(state=SendState.UNKNOWN, failure="sender_died"),
    )


def expire(session: Session, now: datetime) -> int:
    """Give up what is past its hour: better not at all than at night."""
    return change(
        session,
        update(Send)
        .where(UNSENT, Send.state == SendState.WAITING, Send.not_after <= now)
        .values(state=SendState.FAILED, failure=TOO_LATE),
    )


def release_claims(session: Session) -> None:
    """Make the claims of a dead sender due at once. Only the one leader may say so, at its start."""
    session.execute(
        update(Send)
        .where(Send.state == SendState.SENDING, Send.lane.in_(AT_LEAST_ONCE))
        .values(state=SendState.WAITING)
    )


def oldest_unsent_at(session: Session, lane: Lane) -> datetime | None:
    """Return when the oldest unsent row of a lane was written."""
    return session.scalar(select(func.min(Send.made_at)).where(UNSENT, Send.lane == lane))


def lately(
    session: Session,
    *,
    chat_id: int | None = None,
    person_id: uuid.UUID | None = None,
    state: SendState | None = None,
    most: int = 50,
) -> list[Send]:
    """Return the newest sends, of one chat or person or state when asked, without their words."""
    wanted = select(Send).options(defer(Send.body)).order_by(Send.id.desc()).limit(most)
    if chat_id is not None:
        wanted = wanted.where(Send.chat_id == chat_id)
    if person_id is not None:
        wanted = wanted.join(Chat, Chat.id == Send.chat_id).where(Chat.person_id == person_id)
    if state is not None:
        wanted = wanted.where(Send.state == state)
    return list(session.scalars(wanted))


def count_by_state(session: Session) -> dict[tuple[str, str, str], int]:
    """Return how many sends of each lane are in each state, and why when they did not go."""
    why = func.coalesce(Send.failure, "")
    rows = session.execute(
        select(Send.lane, Send.state, why, func.count()).group_by(Send.lane, Send.state, why)
    )
    return {(lane, state, failure): count for lane, state, failure, count in rows}
