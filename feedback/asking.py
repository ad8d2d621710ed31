"""Asking the council: a question without a name, read first by the participation team, answered for all."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from content.library import Library
from people.hours import Rota
from storage import asked, saying
from storage.saying import Saying
from storage.tables import Asked, Chat, Staff
from storage.tables.base import new_reference
from storage.tables.hearing_back import AskedState
from storage.tables.outbox import Lane
from storage.tables.people import Role

LONGEST_QUESTION, LONGEST_ANSWER = 500, 1_500
MOST_A_DAY = 5
A_DAY = timedelta(days=1)
#: The participation team says yes or no within two working days of eight hours.
DECIDE_WITHIN = timedelta(hours=16)


class AskingError(Exception):
    """Something cannot be done with a question; the sentence says why."""


def may_ask(session: Session, chat: Chat, now: datetime) -> bool:
    """Whether somebody may ask another question today."""
    return asked.asked_since(session, chat, now - A_DAY) < MOST_A_DAY


def ask(
    session: Session,
    chat: Chat,
    reference: str,
    words: str,
    *,
    council: str,
    rota: Rota,
    now: datetime,
) -> Asked:
    """Keep a question for the participation team. The caller commits."""
    question = Asked(
        reference=reference,
        chat_id=chat.id,
        council=council,
        state=AskedState.WAITING,
        words=words,
        asked_at=now,
        due_at=rota.after(now, DECIDE_WITHIN),
    )
    session.add(question)
    session.flush()
    return question


def fresh_reference() -> str:
    """Return a reference for a question."""
    return new_reference("Q")


def moderates(member: Staff, council: str) -> bool:
    """Whether somebody reads the questions of a council before they are passed on."""
    return member.role == Role.PARTICIPATION and member.council == council


def approve(
    session: Session, library: Library, question: Asked, member: Staff, put: str, now: datetime
) -> bool:
    """Pass a question on, in its own words or others that give nobody away; return who is told."""
    _from(question, AskedState.WAITING)
    _decided(question, member, AskedState.APPROVED, now)
    question.put = put.strip() or question.words
    return _tell(session, library, question, "approved", now)


def reject(
    session: Session, library: Library, question: Asked, member: Staff, why: str, now: datetime
) -> bool:
    """Do not pass a question on, and say why; return whether they are told. Raises AskingError."""
    _from(question, AskedState.WAITING)
    if not why.strip():
        raise AskingError("Say why it is not passed on: --why. They read it.")
    _decided(question, member, AskedState.REJECTED, now)
    question.why = why.strip()
    return _tell(session, library, question, "rejected", now, why=question.why)


def answer(
    session: Session,
    library: Library,
    question: Asked,
    member: Staff,
    *,
    by: str,
    text: str,
    now: datetime,
) -> bool:
    """Keep the answer, for everybody to read, and tell whoever asked. Raises AskingError."""
    _from(question, AskedState.APPROVED)
    if not by.strip() or not 0 < len(text.strip()) <= LONGEST_ANSWER:
        message = f"Say who answers (--by), in at most {LONGEST_ANSWER} characters (--text)."
        raise AskingError(message)
    question.state, question.answer, question.answered_by = (
        AskedState.ANSWERED,
        text.strip(),
        by.strip()[:80],
    )
    question.answered_at, question.kept_by_id = now, member.id
    values = {"words": question.put or "", "by": question.answered_by, "answer": question.answer}
    return _tell(session, library, question, "answered", now, **values)


def _from(question: Asked, state: AskedState) -> None:
    if question.state != state:
        message = f"{question.reference} is {question.state}, not {state}."
        raise AskingError(message)


def _decided(question: Asked, member: Staff, state: AskedState, now: datetime) -> None:
    question.state, question.moderated_at, question.moderated_by_id = state, now, member.id


def _tell(
    session: Session, library: Library, question: Asked, what: str, now: datetime, **values: str
) -> bool:
    chat = question.chat
    if chat is None or chat.stopped_at is not None or chat.unreachable_at is not None:
        return False
    text = library.say(f"ask_council.{what}", reference=question.reference, **values)
    said = Saying(f"ask_council.{what}", text)
    key = f"asked{question.id}.{what}"
    return saying.say(session, chat, said, lane=Lane.STAFF, once_key=key, now=now)
