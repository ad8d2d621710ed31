"""Notes from check-ins that may be counted: who lets us, what they are about, and how many said so."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session, joinedload

from storage.tables import (
    Chat,
    CheckInAnswer,
    CountedNote,
    NoteTheme,
    Person,
    Raised,
    Staff,
    Statement,
    StatementTheme,
)
from storage.tables.base import new_reference
from storage.tables.statements import ThemeSource

Said = tuple[CheckInAnswer, CountedNote | None]


def written(session: Session, person_id: uuid.UUID, most: int) -> list[Said]:
    """Return what a person wrote in check-ins, newest first, each with whether it is counted."""
    rows = session.execute(
        select(CheckInAnswer, CountedNote)
        .outerjoin(CountedNote, CountedNote.answer_id == CheckInAnswer.id)
        .where(
            CheckInAnswer.person_id == person_id,
            CheckInAnswer.words.is_not(None),
            CheckInAnswer.words_at.is_not(None),
        )
        .order_by(CheckInAnswer.words_at.desc(), CheckInAnswer.id.desc())
        .limit(most)
    )
    return [(answer, note) for answer, note in rows]


def count_in(session: Session, answer: CheckInAnswer, council: str, now: datetime) -> None:
    """Count a note from now on, as it stands. The caller commits."""
    note = CountedNote(answer_id=answer.id, reference=new_reference("N"), council=council, at=now)
    session.add(note)
    session.flush()


def leave_out(session: Session, answers: Iterable[int]) -> None:
    """Count these answers no more, and forget what only they raised. The caller commits."""
    notes = select(CountedNote.id).where(CountedNote.answer_id.in_(list(answers)))
    rows = session.execute(
        select(NoteTheme.theme, NoteTheme.at, Chat.id)
        .join(CountedNote, CountedNote.id == NoteTheme.note_id)
        .join(CheckInAnswer, CheckInAnswer.id == CountedNote.answer_id)
        .join(Chat, Chat.person_id == CheckInAnswer.person_id)
        .where(NoteTheme.note_id.in_(notes))
    ).all()
    session.execute(delete(CountedNote).where(CountedNote.id.in_(notes)))
    for theme, at, chat_id in rows:
        session.execute(
            delete(Raised).where(
                Raised.chat_id == chat_id,
                Raised.theme == theme,
                # Raised again since, or in a statement: then it is not only this note's.
                Raised.at == at,
                ~exists().where(
                    Statement.chat_id == chat_id,
                    StatementTheme.statement_id == Statement.id,
                    StatementTheme.theme == theme,
                ),
            )
        )


def next_unread_by_machine(session: Session) -> CountedNote | None:
    """Return a counted note whose themes were not read yet. Two schedulers never take the same."""
    return session.scalar(
        select(CountedNote)
        .where(CountedNote.tone.is_(None))
        .order_by(CountedNote.at)
        .limit(1)
        .with_for_update(skip_locked=True, of=CountedNote)
    )


def seen_by(session: Session, theirs: ColumnElement[bool]) -> list[CountedNote]:
    """Return the counted notes of the young people that somebody may see, newest first."""
    query = (
        select(CountedNote)
        .join(CheckInAnswer, CheckInAnswer.id == CountedNote.answer_id)
        .join(Person, Person.id == CheckInAnswer.person_id)
        .where(theirs)
        .options(joinedload(CountedNote.answer))
    )
    return list(session.scalars(query.order_by(CountedNote.at.desc(), CountedNote.id.desc())))


def of_person(session: Session, person_id: uuid.UUID) -> dict[int, CountedNote]:
    """Return what a person lets us count, by the answer it is."""
    rows = session.scalars(
        select(CountedNote)
        .join(CheckInAnswer, CheckInAnswer.id == CountedNote.answer_id)
        .where(CheckInAnswer.person_id == person_id)
    )
    return {one.answer_id: one for one in rows}


def themes_said(session: Session, note: CountedNote) -> list[NoteTheme]:
    """Return everything that was ever said about what a note is about, oldest first."""
    query = select(NoteTheme).where(NoteTheme.note_id == note.id)
    return list(session.scalars(query.order_by(NoteTheme.id)))


def say_theme(
    session: Session,
    note: CountedNote,
    theme: str,
    source: ThemeSource,
    now: datetime,
    *,
    by: Staff | None = None,
    confidence: float | None = None,
    refused: bool = False,
) -> None:
    """Keep what somebody says a note is about. Nothing said before is overwritten."""
    session.add(
        NoteTheme(
            note_id=note.id,
            theme=theme,
            source=source,
            refused=refused,
            confidence=confidence,
            by_id=by.id if by else None,
            at=now,
        )
    )
    session.flush()


def since(session: Session, moment: datetime, council: str | None = None) -> list[CountedNote]:
    """Return the notes, of one council or of all, that were counted since a moment and read."""
    query = select(CountedNote).where(CountedNote.at >= moment, CountedNote.tone.is_not(None))
    if council is not None:
        query = query.where(CountedNote.council == council)
    answers = joinedload(CountedNote.answer)
    return list(session.scalars(query.options(answers).order_by(CountedNote.id)))
