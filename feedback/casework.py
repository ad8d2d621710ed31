"""Working on a statement, from the commands and from the pages alike: reading it, and each step.

What a member of staff may not read does not exist for them. The caller commits.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from content.library import Library
from feedback import hearing, keeping
from feedback.drafts import answer_text, feelings
from feedback.hearing import Step
from people import sight
from storage import hearing_back
from storage.tables import Staff, Statement
from storage.tables.statements import StatementState


@dataclass(frozen=True)
class Told:
    """One answer as it is read back; `consent` is there when its words could be quoted."""

    label: str
    text: str
    consent: str = ""


def find(session: Session, reference: str, member: Staff) -> Statement | None:
    """Return a statement that a member of staff may read, held until the caller commits."""
    found = hearing_back.with_staff(session, reference)
    return found if found is not None and sight.may_read(found, member) else None


def read(
    session: Session, library: Library, statement: Statement, member: Staff, now: datetime
) -> None:
    """Write down that a member of staff reads a statement; the first to do so has seen it.

    Its author is told that it was seen, once.
    """
    hearing_back.note_look(
        session,
        member,
        "statement",
        statement.reference,
        now,
        chat_id=statement.chat_id,
        person_id=statement.person_id,
    )
    if statement.state == StatementState.SENT:
        take(session, library, statement, member, Step(StatementState.OPENED), now)


def take(
    session: Session,
    library: Library,
    statement: Statement,
    member: Staff,
    step: Step,
    now: datetime,
) -> bool:
    """Take a step, tell its author, and ask them once whether they want to hear of changes.

    Return whether they are told. Raises HearingError when the step cannot be taken.
    """
    told = hearing.take(session, library, statement, member, step, now)
    if told and statement.chat is not None and statement.person_id is not None:
        hearing.ask_about_hearing(session, library, statement.chat, now)
    return told


def read_back(session: Session, library: Library, statement: Statement) -> list[Told]:
    """Return every answer under its question's label, as its author saw it before sending."""
    draft, scale = keeping.told(session, statement).draft, feelings(library.labels)
    quotes = {question.id for question, _ in draft.quotes()}
    return [
        Told(
            question.label if question else library.label("extra"),
            answer_text(question, given, scale),
            given.consent if question and question.id in quotes else "",
        )
        for question, given in draft.told()
    ]
