"""Finding and keeping statements, their answers and what happened to them."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.tables import (
    Alert,
    Answer,
    Chat,
    Message,
    ScenarioCopy,
    Statement,
    StatementEvent,
)
from storage.tables.statements import Consent, StatementState

#: Quarters are those that people here live by.
LONDON = ZoneInfo("Europe/London")


def newest_draft(session: Session, chat: Chat) -> Statement | None:
    """Return what they are in the middle of; else what they put aside last."""
    return session.scalar(
        select(Statement)
        .where(Statement.chat_id == chat.id, Statement.state == StatementState.DRAFT)
        .order_by(Statement.rested_at.is_not(None), Statement.touched_at.desc())
        .limit(1)
    )


def all_of(session: Session, chat: Chat) -> list[Statement]:
    """Return every statement of a chat, newest first, held so that nobody opens one meanwhile."""
    query = select(Statement).where(Statement.chat_id == chat.id)
    return list(session.scalars(query.order_by(Statement.id.desc()).with_for_update(of=Statement)))


def by_reference(session: Session, chat: Chat, reference: str) -> Statement | None:
    """Return a statement of this chat; another's does not exist here."""
    return session.scalar(
        select(Statement)
        .where(Statement.chat_id == chat.id, Statement.reference == reference)
        .with_for_update(of=Statement)
    )


def answers(session: Session, statement: Statement) -> list[Answer]:
    """Return the answers that count, in the order they were first given."""
    query = select(Answer).where(Answer.statement_id == statement.id, Answer.replaced_at.is_(None))
    return list(session.scalars(query.order_by(Answer.id)))


def answers_ever(session: Session, statement: Statement) -> list[Answer]:
    """Return every answer, those that were changed included, oldest first."""
    query = select(Answer).where(Answer.statement_id == statement.id)
    return list(session.scalars(query.order_by(Answer.id)))


def former_wording(session: Session, edit: Message) -> str:
    """Return what a message said before it was edited, by the newest wording we have."""
    found = session.scalar(
        select(Message.text)
        .where(
            (Message.id == edit.edit_of_id) | (Message.edit_of_id == edit.edit_of_id),
            Message.id < edit.id,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    return found or ""


def events(session: Session, statement: Statement) -> list[StatementEvent]:
    """Return what happened to a statement, oldest first."""
    query = select(StatementEvent).where(StatementEvent.statement_id == statement.id)
    return list(session.scalars(query.order_by(StatementEvent.id)))


def keep_copy(session: Session, digest: str, body: dict[str, Any], now: datetime) -> None:
    """Keep a scenario as it is now, once."""
    if session.get(ScenarioCopy, digest) is None:
        session.add(
            ScenarioCopy(
                digest=digest,
                scenario=body["id"],
                version=body["version"],
                body=body,
                kept_at=now,
            )
        )
        session.flush()


def rest_others(session: Session, chat: Chat, reference: str, now: datetime) -> None:
    """Put aside every other statement they are in the middle of: there is one at a time."""
    session.execute(
        update(Statement)
        .where(
            Statement.chat_id == chat.id,
            Statement.state == StatementState.DRAFT,
            Statement.rested_at.is_(None),
            Statement.reference != reference,
        )
        .values(rested_at=now)
    )


def replace_answer(session: Session, former: Answer | None, fresh: Answer) -> None:
    """Put a fresh answer in the place of a former one, which keeps its words. The caller commits."""
    if former is not None:
        former.replaced_at, fresh.former_id = fresh.given_at, former.id
        session.flush()
    session.add(fresh)
    session.flush()


def voice_in(session: Session, chat: Chat, now: datetime) -> tuple[uuid.UUID, bool]:
    """Return what stands for the author of a statement this quarter, and whether they are new to us.

    It is drawn anew for each quarter, so it joins nothing over years and leads back to nobody.
    """
    earlier = session.execute(
        select(Statement.voice, Statement.new_voice, Statement.sent_at)
        .where(Statement.chat_id == chat.id, Statement.sent_at.is_not(None))
        .order_by(Statement.sent_at)
    ).all()
    quarter = _quarter(now)
    for voice, new, sent_at in earlier:
        if voice is not None and _quarter(sent_at) == quarter:
            return voice, new
    return uuid.uuid4(), not earlier


def _quarter(moment: datetime) -> tuple[int, int]:
    local = moment.astimezone(LONDON)
    return local.year, (local.month - 1) // 3


def drop_alerts(session: Session, statement: Statement) -> None:
    """Tell nobody any more about a statement that was taken back."""
    session.execute(
        delete(Alert).where(Alert.statement_id == statement.id, Alert.accepted_at.is_(None))
    )


def note(session: Session, statement: Statement, state: StatementState, now: datetime) -> None:
    """Bring a statement into a state, and write down that and when. The caller commits."""
    statement.state = state
    session.add(StatementEvent(statement_id=statement.id, state=state, at=now))


def allow(
    session: Session, statement: Statement, consent: Consent, question: str, now: datetime
) -> None:
    """Keep whether words may be used: of one answer, or of all that can be quoted."""
    for answer in answers(session, statement):
        if answer.quotable and question in {"", answer.question}:
            answer.consent, answer.consent_at = consent, now


def forget_words(session: Session, statement: Statement) -> None:
    """Delete every word of a statement, in any version. That there was one stays."""
    for answer in answers_ever(session, statement):
        session.delete(answer)
