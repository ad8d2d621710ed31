"""How long things are kept. `docs/privacy.md` has a row for each table; a test compares them.

Durations are safety.md PRIV-20's defaults; strangers' 24 hours are the issue's.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from scheduler import cover_retention, hearing_retention, statement_retention
from storage import chats, doors
from storage.rows import change
from storage.tables import (
    Button,
    CheckInAnswer,
    Circumstance,
    Due,
    Event,
    Flag,
    FlagMessage,
    Invitation,
    Message,
    Question,
    Request,
    Send,
    Shown,
    Task,
    Update,
)

STRANGERS = timedelta(hours=24)
RAW = timedelta(days=7)
SENT_BODIES = timedelta(days=7)
MESSAGES = timedelta(days=365)
FLAGGED = timedelta(days=730)
REQUESTS = timedelta(days=730)
QUESTIONS = timedelta(days=365)
INVITATIONS = timedelta(days=30)
CHECK_INS = timedelta(days=730)
CIRCUMSTANCES = timedelta(days=365)

#: Which tables hold a person's words or details, and how long. Read by the test of docs/privacy.md.
RULES: dict[str, str] = {
    "inbox": "7 days after handling; 24 hours for a stranger",
    "outbox": "7 days after sending; 24 hours for a stranger",
    "messages": "12 months; 24 months when part of a flag; 24 hours for a stranger",
    "chats": "as long as the person is with us; 24 hours for a stranger",
    "flags": "24 months after they are closed",
    "requests": "24 months after they are asked",
    "questions": "12 months, without who asked",
    "answers_shown": "12 months, without who asked",
    "people": "as long as the person is with us",
    "staff": "as long as they work here, and 6 years as a name on what they did",
    "invitations": "30 days",
    "notices": "as long as the chat",
    "buttons": "14 days",
    "alerts": "as long as their flag, request, statement or task; about the rota 24 months",
    "plans": "as long as the person is with us",
    "due_contacts": "24 months after they were due",
    "check_in_answers": "24 months",
    "counted_notes": "as long as their check-in answer, or until its author says no",
    "circumstances": "12 months after they end",
    "contacts": "as long as the person is with us",
    "in_touch": "as long as the person is with us",
    "events": "24 months after they are written",
    "interests": "as long as the person is with us",
    "trial_chats": "as long as the chat",
    "tasks": "24 months after they are closed",
    "counts": "as long as the installation",
    "releases": "as long as the installation",
    "secrets": "as long as the installation",
    "visits": "until they end: 15 minutes without a click, 10 hours at most",
    "traces": "6 years",
    "notes": "as long as their flag",
    **statement_retention.RULES,
    **hearing_retention.RULES,
    **cover_retention.RULES,
}


def forget_next(session: Session, now: datetime) -> int:
    """Delete what is past its time, and return how many rows went. The caller commits.

    Open flags and requests hold their words whatever the age (safety.md HZ-34).
    """
    return sum(
        rule(session, now)
        for rule in (
            _strangers,
            _raw,
            _bodies,
            _messages,
            _flags,
            _requests,
            _questions,
            statement_retention.forget,
            _check_ins,
            hearing_retention.forget,
            cover_retention.forget,
            _small,
        )
    )


def _strangers(session: Session, now: datetime) -> int:
    gone = 0
    for chat in chats.strangers_gone_quiet(session, now - STRANGERS):
        statement_retention.let_go(session, chat)
        if session.scalar(select(exists().where(Flag.chat_id == chat.id))):
            chats.forget_words(session, chat)
            chat.age = chat.council = chat.memory = None
        else:
            handled = (Update.telegram_index == chat.telegram_index, Update.handled_at.is_not(None))
            session.execute(delete(Update).where(*handled))
            session.delete(chat)
        gone += 1
    return gone


def _raw(session: Session, now: datetime) -> int:
    return change(
        session,
        update(Update)
        .where(Update.handled_at < now - RAW, Update.raw.is_not(None))
        .values(raw=None),
    )


def _bodies(session: Session, now: datetime) -> int:
    return change(
        session,
        update(Send)
        .where(
            Send.made_at < now - SENT_BODIES,
            Send.body.is_not(None),
            Send.state.not_in(("waiting", "sending")),
        )
        .values(body=None),
    )


def _messages(session: Session, now: datetime) -> int:
    flagged = exists().where(FlagMessage.message_id == Message.id)
    return change(session, delete(Message).where(Message.at < now - MESSAGES, ~flagged))


def _flags(session: Session, now: datetime) -> int:
    old = select(Flag.id).where(Flag.closed_at < now - FLAGGED)
    session.execute(
        delete(Message).where(
            Message.id.in_(select(FlagMessage.message_id).where(FlagMessage.flag_id.in_(old)))
        )
    )
    return change(session, delete(Flag).where(Flag.id.in_(old)))


def _requests(session: Session, now: datetime) -> int:
    old = (Request.asked_at < now - REQUESTS, Request.closed_at.is_not(None))
    return change(session, delete(Request).where(*old))


def _questions(session: Session, now: datetime) -> int:
    kept_from = (now - QUESTIONS).date().replace(day=1)
    return change(session, delete(Question).where(Question.month < kept_from)) + change(
        session, delete(Shown).where(Shown.month < kept_from)
    )


def _check_ins(session: Session, now: datetime) -> int:
    return sum(
        change(session, delete(table).where(*old))
        for table, old in (
            (Event, (Event.made_at < now - CHECK_INS,)),
            (CheckInAnswer, (CheckInAnswer.at < now - CHECK_INS,)),
            (Due, (Due.due_at < now - CHECK_INS, Due.state != "waiting")),
            (Task, (Task.closed_at < now - CHECK_INS,)),
            (Circumstance, (Circumstance.until < now - CIRCUMSTANCES,)),
        )
    )


def _small(session: Session, now: datetime) -> int:
    buttons = change(session, delete(Button).where(Button.expires_at < now))
    old = change(session, delete(Invitation).where(Invitation.expires_at < now - INVITATIONS))
    return buttons + old + doors.forget_old_visits(session, now)
