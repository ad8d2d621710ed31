"""Questions to the council: found by reference, listed for who moderates them and for everybody."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import Asked, Chat
from storage.tables.hearing_back import AskedState

OPEN = (AskedState.WAITING, AskedState.APPROVED)


def by_reference(session: Session, reference: str) -> Asked | None:
    """Return a question, held until the caller commits."""
    query = select(Asked).where(Asked.reference == reference.upper())
    return session.scalar(query.with_for_update(of=Asked))


def open_ones(session: Session, council: str) -> list[Asked]:
    """Return the questions of a council that wait for a decision or an answer, oldest first."""
    query = select(Asked).where(Asked.council == council, Asked.state.in_(OPEN))
    return list(session.scalars(query.order_by(Asked.asked_at, Asked.id)))


def count_overdue(session: Session, now: datetime) -> int:
    """Return how many questions wait longer for a yes or a no than they should."""
    query = (
        select(func.count())
        .select_from(Asked)
        .where(Asked.state == AskedState.WAITING, Asked.due_at < now)
    )
    return session.scalar(query) or 0


def answered(session: Session, council: str, most: int, skip: int = 0) -> list[Asked]:
    """Return the questions of a council that everybody may read with their answers, newest first."""
    query = (
        select(Asked)
        .where(Asked.council == council, Asked.state == AskedState.ANSWERED)
        .order_by(Asked.answered_at.desc(), Asked.id.desc())
    )
    return list(session.scalars(query.limit(most).offset(skip)))


def asked_since(session: Session, chat: Chat, since: datetime) -> int:
    """Return how many questions came from a chat since a moment."""
    query = (
        select(func.count())
        .select_from(Asked)
        .where(Asked.chat_id == chat.id, Asked.asked_at >= since)
    )
    return session.scalar(query) or 0


def all_of(session: Session, chat: Chat) -> list[Asked]:
    """Return every question of a chat, oldest first."""
    return list(session.scalars(select(Asked).where(Asked.chat_id == chat.id).order_by(Asked.id)))
