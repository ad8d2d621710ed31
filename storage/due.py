"""What is due: planned once, claimed one at a time, and never lost without a reason."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.rows import change
from storage.tables import Chat, Due, Send
from storage.tables.keeping_in_touch import DueKind, DueState, waiting

LINES = (DueKind.RIGHTS_DATE, DueKind.IN_TOUCH, DueKind.BIRTHDAY)
QUESTIONS = (DueKind.CHECK_IN, DueKind.NUDGE)


def add(
    session: Session,
    *,
    person_id: uuid.UUID,
    kind: str,
    what: str,
    due_at: datetime,
    expires_at: datetime,
    once_key: str,
    now: datetime,
    version: int | None = None,
    about_id: int | None = None,
) -> bool:
    """Plan something, unless the same was planned before. Return whether it is new. The caller commits."""
    row = (
        insert(Due)
        .values(
            person_id=person_id,
            kind=kind,
            what=what,
            due_at=due_at,
            expires_at=expires_at,
            once_key=once_key,
            made_at=now,
            version=version,
            about_id=about_id,
        )
        .on_conflict_do_nothing(index_elements=["once_key"])
        .returning(Due.id)
    )
    return session.scalar(row) is not None


def claim(session: Session, now: datetime, kinds: Collection[str]) -> Due | None:
    """Return what has been due longest, held until the caller commits; others skip it."""
    return session.scalar(first_due(now, kinds))


def first_due(now: datetime, kinds: Collection[str]) -> Select[tuple[Due]]:
    """Return the query that takes what has been due longest.

    State and kinds stand in it word for word as in the index of whoever asks, so that it reads one
    row however many wait, and whatever the database last counted.
    """
    return (
        select(Due)
        .where(waiting(kinds), Due.due_at <= now)
        .order_by(Due.due_at, Due.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def claim_a_look(session: Session, now: datetime) -> Due | None:
    """Return a sent one whose outcome is to be looked at, held until the caller commits."""
    return session.scalar(first_look(now))


def first_look(now: datetime) -> Select[tuple[Due]]:
    """Return the query that takes what has waited longest to be looked at, in the order of its index."""
    return (
        select(Due)
        .where(Due.look_again_at <= now)
        .order_by(Due.look_again_at, Due.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def of_send(session: Session, send_id: int) -> Due | None:
    """Return what a send was made for."""
    return session.scalar(select(Due).where(Due.send_id == send_id))


def lane_is_free(session: Session, chat: Chat) -> bool:
    """Take the lane of a chat until the caller commits; False when a turn is under way there.

    Never waits: a turn that holds the lane may itself wait for a row that we hold.
    """
    key = int.from_bytes(chat.telegram_index[:8], "big", signed=True)
    return bool(session.scalar(text("select pg_try_advisory_xact_lock(:key)"), {"key": key}))


def put_off(session: Session, kinds: Collection[str], wait: timedelta, now: datetime) -> None:
    """Put off what is first in the line, because it could not be handled: the next must not wait for it."""
    first = claim(session, now, kinds)
    if first is not None:
        first.due_at = now + wait


def settle(due: Due, state: DueState, reason: str, afterwards: str | None, now: datetime) -> None:
    """Write down why something was not sent, and what happens instead. The caller commits."""
    due.state, due.reason, due.afterwards, due.settled_at = state, reason, afterwards, now
    due.look_again_at = None


def supersede(
    session: Session, person_id: uuid.UUID, kinds: Sequence[str], reason: str, now: datetime
) -> int:
    """Take back what waits under an older plan, and return how many. The caller commits."""
    return change(
        session,
        update(Due)
        .where(Due.person_id == person_id, Due.state == DueState.WAITING, Due.kind.in_(kinds))
        .values(state=DueState.SUPERSEDED, reason=reason, settled_at=now),
    )


def planned_already(session: Session, person_id: uuid.UUID, what: str) -> bool:
    """Whether a line was planned or sent before, other than under a date that was wrong."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Due.person_id == person_id,
                    Due.what == what,
                    Due.state != DueState.SUPERSEDED,
                )
            )
        )
    )


def waits(session: Session, person_id: uuid.UUID, kind: str) -> datetime | None:
    """Return when the next one of a kind is due, when one waits."""
    return session.scalar(
        select(func.min(Due.due_at)).where(
            Due.person_id == person_id, Due.kind == kind, Due.state == DueState.WAITING
        )
    )


def oldest_due_at(session: Session, now: datetime) -> datetime | None:
    """Return since when something has been due and not been settled, when something is."""
    return session.scalar(
        select(func.min(Due.due_at)).where(Due.state == DueState.WAITING, Due.due_at <= now)
    )


def sent_between(session: Session, person_id: uuid.UUID, start: datetime, end: datetime) -> bool:
    """Whether we wrote first between two moments."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Due.person_id == person_id,
                    Due.state == DueState.SENT,
                    Due.settled_at >= start,
                    Due.settled_at < end,
                )
            )
        )
    )


def unanswered(session: Session, person_id: uuid.UUID) -> list[tuple[Due, Send | None]]:
    """Return the check-ins and nudges that nothing came back to, oldest first, each with its send."""
    rows = session.execute(
        select(Due, Send)
        .outerjoin(Send, Send.id == Due.send_id)
        .where(
            Due.person_id == person_id,
            Due.kind.in_(QUESTIONS),
            Due.state == DueState.SENT,
            Due.answered_at.is_(None),
        )
        .order_by(Due.due_at, Due.id)
    )
    return [(due, send) for due, send in rows]


def note_heard(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Hearing from somebody answers what we sent, and takes back what would have nudged them."""
    session.execute(
        update(Due)
        .where(
            Due.person_id == person_id,
            Due.kind.in_(QUESTIONS),
            Due.state == DueState.SENT,
            Due.answered_at.is_(None),
        )
        .values(answered_at=now, answer="wrote", look_again_at=None)
    )
    session.execute(
        update(Due)
        .where(
            Due.person_id == person_id,
            Due.kind == DueKind.NUDGE,
            Due.state == DueState.WAITING,
        )
        .values(
            state=DueState.SKIPPED,
            reason="heard_from",
            afterwards="not_sent_later",
            settled_at=now,
        )
    )


def answers(session: Session, person_id: uuid.UUID, most: int) -> list[str]:
    """Return how they answered their newest check-ins, newest first."""
    rows = session.scalars(
        select(Due.answer)
        .where(
            Due.person_id == person_id,
            Due.kind == DueKind.CHECK_IN,
            Due.answer.is_not(None),
        )
        .order_by(Due.due_at.desc(), Due.id.desc())
        .limit(most)
    )
    return [one for one in rows if one is not None]
