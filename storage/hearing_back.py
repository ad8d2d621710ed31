"""Statements as staff meet them: finding, states with who and when, what they are about, who looked."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, func, literal, select, tuple_, update
from sqlalchemy.orm import Session, joinedload

from storage import statements
from storage.tables import (
    Answer,
    Asked,
    Chat,
    HearBack,
    Look,
    Raised,
    Staff,
    Statement,
    StatementEvent,
    StatementTheme,
)
from storage.tables.hearing_back import AskedState
from storage.tables.statements import Consent, StatementState, ThemeSource

#: What staff can do something about: sent, and not taken back.
WITH_STAFF = (
    StatementState.SENT,
    StatementState.OPENED,
    StatementState.IN_HAND,
    StatementState.DONE,
    StatementState.CANNOT,
)
#: Whose they are, looked up with them: a list asks the database once.
WITH_WHOSE = (
    joinedload(Statement.owner),
    joinedload(Statement.person),
    joinedload(Statement.copy),
)
#: Stands for a day that is not set.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
CLOSING = (StatementState.DONE, StatementState.CANNOT)


def with_staff(session: Session, reference: str) -> Statement | None:
    """Return a statement that was sent, held until the caller commits."""
    return session.scalar(
        select(Statement)
        .where(Statement.reference == reference.upper(), Statement.state.in_(WITH_STAFF))
        .with_for_update(of=Statement)
    )


def open_ones(session: Session, visible: ColumnElement[bool]) -> list[Statement]:
    """Return every statement that somebody may read and that waits for staff, soonest due first."""
    query = select(Statement).where(
        Statement.state.in_(WITH_STAFF), Statement.closed_at.is_(None), visible
    )
    return list(
        session.scalars(query.options(*WITH_WHOSE).order_by(Statement.due_at, Statement.id))
    )


def open_page(
    session: Session,
    visible: ColumnElement[bool],
    *,
    complaints: bool,
    most: int,
    after: tuple[datetime, int] | None = None,
) -> list[Statement]:
    """Return so many that wait for staff, soonest due first, from where the page before ended."""
    key = due_key(complaints=complaints)
    query = select(Statement).where(
        Statement.state.in_(WITH_STAFF),
        Statement.closed_at.is_(None),
        Statement.complaint.is_(complaints),
        visible,
    )
    if after is not None:
        query = query.where(tuple_(key, Statement.id) > tuple_(*map(literal, after)))
    ordered = query.options(*WITH_WHOSE).order_by(key, Statement.id).limit(most)
    return list(session.scalars(ordered))


def due_key(*, complaints: bool) -> ColumnElement[datetime]:
    """Return by what statements are put in order: what has no day comes last."""
    by = Statement.answer_by if complaints else Statement.due_at
    return func.coalesce(by, NEVER)


def late(
    session: Session, visible: ColumnElement[bool], now: datetime, most: int
) -> list[Statement]:
    """Return so many that somebody may read and that wait longer than they should, the latest first."""
    query = select(Statement).where(*_late(visible, now)).options(*WITH_WHOSE)
    return list(session.scalars(query.order_by(Statement.due_at, Statement.id).limit(most)))


def count_late(session: Session, visible: ColumnElement[bool], now: datetime) -> int:
    """Return how many there are of these."""
    query = select(func.count()).select_from(Statement).where(*_late(visible, now))
    return session.scalar(query) or 0


def _late(visible: ColumnElement[bool], now: datetime) -> tuple[ColumnElement[bool], ...]:
    open_now = (Statement.state.in_(WITH_STAFF), Statement.closed_at.is_(None))
    return (*open_now, Statement.due_at < now, visible)


def closed_since(
    session: Session, visible: ColumnElement[bool], since: datetime, most: int
) -> list[Statement]:
    """Return so much that somebody may read and was finished since a moment, newest first."""
    query = select(Statement).where(
        Statement.state.in_(WITH_STAFF), Statement.closed_at >= since, visible
    )
    ordered = query.options(*WITH_WHOSE).order_by(Statement.closed_at.desc()).limit(most)
    return list(session.scalars(ordered))


def sent_to(session: Session, visible: ColumnElement[bool]) -> list[Statement]:
    """Return everything somebody may read, finished or not, newest first."""
    query = select(Statement).where(Statement.state.in_(WITH_STAFF), visible)
    return list(session.scalars(query.options(*WITH_WHOSE).order_by(Statement.sent_at.desc())))


def version(session: Session, statement: Statement) -> str:
    """Return what changes whenever a statement does: by a step of staff, or by more words."""
    event = select(func.max(StatementEvent.id)).where(StatementEvent.statement_id == statement.id)
    answer = select(func.max(Answer.id)).where(Answer.statement_id == statement.id)
    return f"{session.scalar(event) or 0}.{session.scalar(answer) or 0}"


def count_overdue(session: Session, now: datetime) -> int:
    """Return how many statements wait longer than they should."""
    query = (
        select(func.count())
        .select_from(Statement)
        .where(
            Statement.state.in_(WITH_STAFF),
            Statement.closed_at.is_(None),
            Statement.due_at < now,
        )
    )
    return session.scalar(query) or 0


def into_state(
    session: Session,
    statement: Statement,
    state: StatementState,
    now: datetime,
    *,
    by: Staff | None = None,
    note: str = "",
) -> StatementEvent:
    """Bring a statement into a state, with who did it and what they said. The caller commits."""
    event = StatementEvent(
        statement_id=statement.id,
        state=state,
        at=now,
        by_id=by.id if by else None,
        note=note or None,
    )
    statement.state = state
    session.add(event)
    session.flush()
    return event


def times_reopened(session: Session, statement: Statement) -> int:
    """Return how often the young person said that it was not sorted."""
    query = (
        select(func.count())
        .select_from(StatementEvent)
        .where(
            StatementEvent.statement_id == statement.id,
            StatementEvent.state == StatementState.IN_HAND,
            StatementEvent.by_id.is_(None),
        )
    )
    return session.scalar(query) or 0


def words_of(session: Session, statement: Statement) -> list[tuple[str, str]]:
    """Return each answer that counts, as its question's id and what was written."""
    return [
        (one.question, str(one.value["words"]))
        for one in statements.answers(session, statement)
        if one.value.get("words")
    ]


def may_be_used(session: Session, since: datetime) -> list[tuple[Statement, Answer]]:
    """Return the words since a moment that may be used without a name, with their statements."""
    query = (
        select(Statement, Answer)
        .join(Answer, Answer.statement_id == Statement.id)
        .where(
            Statement.state.in_(WITH_STAFF),
            Statement.sent_at >= since,
            Statement.tone.is_not(None),
            Answer.kind == "words",
            Answer.replaced_at.is_(None),
            Answer.consent != Consent.NO,
        )
        .order_by(Answer.id)
    )
    return [(statement, answer) for statement, answer in session.execute(query)]


def next_unread_by_machine(session: Session) -> Statement | None:
    """Return a sent statement whose themes were not read yet. Two schedulers never take the same."""
    return session.scalar(
        select(Statement)
        .where(Statement.state.in_(WITH_STAFF), Statement.tone.is_(None))
        .order_by(Statement.sent_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=Statement)
    )


def read_since(session: Session, council: str, since: datetime) -> list[Statement]:
    """Return what was sent to a council since a moment, and not taken back, once its themes are read."""
    query = select(Statement).where(
        Statement.state.in_(WITH_STAFF),
        Statement.council == council,
        Statement.sent_at >= since,
        Statement.tone.is_not(None),
    )
    return list(session.scalars(query.order_by(Statement.id)))


def themes_said(session: Session, statement: Statement) -> list[StatementTheme]:
    """Return everything that was ever said about what a statement is about, oldest first."""
    query = select(StatementTheme).where(StatementTheme.statement_id == statement.id)
    return list(session.scalars(query.order_by(StatementTheme.id)))


def say_theme(
    session: Session,
    statement: Statement,
    theme: str,
    source: ThemeSource,
    now: datetime,
    *,
    by: Staff | None = None,
    confidence: float | None = None,
    refused: bool = False,
) -> None:
    """Keep what somebody says a statement is about. Nothing said before is overwritten."""
    session.add(
        StatementTheme(
            statement_id=statement.id,
            theme=theme,
            source=source,
            refused=refused,
            confidence=confidence,
            by_id=by.id if by else None,
            at=now,
        )
    )
    session.flush()


def note_raised(
    session: Session, chat_id: int, themes: Iterable[str], council: str, now: datetime
) -> None:
    """Remember that somebody raised these themes, so that they can be told what came of them."""
    for theme in themes:
        found = session.get(Raised, (chat_id, theme, council))
        if found is None:
            session.add(Raised(chat_id=chat_id, theme=theme, council=council, at=now))
        else:
            found.at = now
    session.flush()


def wants_to_hear(session: Session, chat_id: int) -> bool | None:
    """Return whether somebody wants to be told what changed; None when they were not asked."""
    found = session.get(HearBack, chat_id)
    return None if found is None else found.wanted


def set_hearing(session: Session, chat: Chat, now: datetime, *, wanted: bool) -> None:
    """Keep whether somebody wants to be told what changed. The caller commits."""
    found = session.get(HearBack, chat.id)
    if found is None:
        session.add(HearBack(chat_id=chat.id, wanted=wanted, at=now))
    else:
        found.wanted, found.at = wanted, now


def note_look(
    session: Session,
    member: Staff,
    what: str,
    reference: str,
    now: datetime,
    *,
    chat_id: int | None,
    person_id: uuid.UUID | None,
) -> None:
    """Write down that a member of staff read somebody's words. The caller commits."""
    session.add(
        Look(
            staff_id=member.id,
            chat_id=chat_id,
            person_id=person_id,
            what=what,
            reference=reference,
            at=now,
        )
    )


def looks_at(session: Session, chat: Chat) -> list[tuple[Look, str]]:
    """Return who read what somebody wrote, oldest first, with the name of the member of staff."""
    query = select(Look, Staff.name).join(Staff, Staff.id == Look.staff_id)
    whose = Look.chat_id == chat.id
    if chat.person_id is not None:
        whose |= Look.person_id == chat.person_id
    return list(session.execute(query.where(whose).order_by(Look.id)).tuples())


def forget(session: Session, chat: Chat) -> None:
    """Forget what somebody raised, and let go of the questions that nobody is working on.

    What was published stays without who asked. The caller commits.
    """
    over = (Asked.chat_id == chat.id, Asked.state.in_((AskedState.REJECTED, AskedState.ANSWERED)))
    session.execute(delete(Raised).where(Raised.chat_id == chat.id))
    session.execute(delete(HearBack).where(HearBack.chat_id == chat.id))
    session.execute(update(Asked).where(*over).values(chat_id=None, words=None))
