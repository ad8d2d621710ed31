"""How long statements are kept, by what became of them. The periods are in `docs/privacy.md`.

safety.md PRIV-20: feedback is cut off from its name after 30 days. Ours begin when it is closed:
until then somebody is owed an answer.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.rows import change
from storage.tables import Answer, Chat, Statement, StatementEvent
from storage.tables.statements import Consent, StatementState

DRAFTS = timedelta(days=30)
KEPT = timedelta(days=365)
NAMES = timedelta(days=30)
SENT = timedelta(days=730)
COMPLAINTS = timedelta(days=730)

RULES = {
    "statements": "drafts and withdrawn 30 days; kept for oneself 12 months; sent: without a name "
    "from 30 days after it is closed, gone 24 months after it was sent; complaints 24 months after "
    "they are closed",
    "answers": "as long as their statement; without a name, only words that may be used",
    "statement_events": "as long as their statement; notes go with the name",
}

_UNFINISHED = (StatementState.DRAFT, StatementState.WITHDRAWN, StatementState.DELETED)


def forget(session: Session, now: datetime) -> int:
    """Delete statements past their time and cut off names; return how many rows changed."""
    return _gone(session, now) + _cut_names(session, now)


def _gone(session: Session, now: datetime) -> int:
    past = (
        Statement.state.in_(_UNFINISHED) & (Statement.touched_at < now - DRAFTS),
        (Statement.state == StatementState.KEPT) & (Statement.touched_at < now - KEPT),
        Statement.complaint & (Statement.closed_at < now - COMPLAINTS),
        ~Statement.complaint
        & (Statement.sent_at < now - SENT)
        & (Statement.closed_at < now - NAMES),
    )
    return sum(change(session, delete(Statement).where(one)) for one in past)


def _cut_names(session: Session, now: datetime) -> int:
    """Cut statements off from whoever made them, once they were told what came of it."""
    old = list(
        session.scalars(
            select(Statement.id).where(
                Statement.closed_at < now - NAMES,
                Statement.chat_id.is_not(None) | Statement.person_id.is_not(None),
                ~Statement.complaint,
            )
        )
    )
    return cut_names(session, old)


def let_go(session: Session, chat: Chat) -> None:
    """Keep what a stranger sent without a name when their chat is forgotten: it is for the council."""
    sent = select(Statement.id).where(Statement.chat_id == chat.id, Statement.sent_at.is_not(None))
    taken_back = (StatementState.WITHDRAWN, StatementState.DELETED)
    sent = sent.where(Statement.state.not_in(taken_back))
    session.execute(
        update(Statement)
        .where(Statement.id.in_(sent))
        .values(chat_id=None, person_id=None)
        .execution_options(synchronize_session=False)
    )


def cut_names(session: Session, ids: list[int]) -> int:
    """Leave of these statements only what cannot be joined back to anybody. The caller commits."""
    if not ids:
        return 0
    session.execute(
        delete(Answer).where(
            Answer.statement_id.in_(ids),
            Answer.replaced_at.is_not(None)
            | ((Answer.consent == Consent.NO) & (Answer.kind == "words")),
        )
    )
    session.execute(update(Answer).where(Answer.statement_id.in_(ids)).values(update_id=None))
    session.execute(
        update(StatementEvent).where(StatementEvent.statement_id.in_(ids)).values(note=None)
    )
    return change(
        session,
        update(Statement).where(Statement.id.in_(ids)).values(chat_id=None, person_id=None),
    )
