"""Everything held about whoever is in a chat, as a file they can read (UK GDPR article 15)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import Chat, Flag, Message, Notice, Request


def as_text(session: Session, chat: Chat) -> str:
    """Return a readable file of what is held here. Notes that staff make are not in the bot."""
    return (
        "\n\n".join(
            [
                _about(chat),
                _notices(session, chat),
                _messages(session, chat),
                _requests(session, chat),
                _flags(session, chat),
            ]
        )
        + "\n"
    )


def _at(moment: datetime) -> str:
    return moment.strftime("%d %B %Y %H:%M UTC")


def _about(chat: Chat) -> str:
    lines = ["What Kith keeps about you", ""]
    if chat.person is not None:
        adviser = chat.person.adviser.name if chat.person.adviser else "not known"
        lines += [
            f"Name: {chat.person.name}",
            f"Date of birth: {chat.person.born_on}",
            f"Council: {chat.person.council}",
            f"Personal adviser: {adviser}",
        ]
    else:
        lines += [
            f"Age: {chat.age or 'not given'}",
            f"Council: {chat.council or 'not given'}",
        ]
    return "\n".join(
        [
            *lines,
            f"Your Telegram number: {chat.telegram_id}",
            f"First message: {_at(chat.began_at)}",
            f"Last message: {_at(chat.heard_at)}",
        ]
    )


def _notices(session: Session, chat: Chat) -> str:
    rows = session.scalars(select(Notice).where(Notice.chat_id == chat.id).order_by(Notice.id))
    return "\n".join(
        [
            "How Kith works, shown to you",
            *(
                f"- {_at(row.shown_at)}, version {row.version}"
                + (f", you said OK {_at(row.agreed_at)}" if row.agreed_at else "")
                for row in rows
            ),
        ]
    )


def _messages(session: Session, chat: Chat) -> str:
    rows = session.scalars(
        select(Message).where(Message.chat_id == chat.id).order_by(Message.at, Message.id)
    )
    said = (
        f"- {_at(row.at)}, {'you' if row.direction == 'in' else 'Kith'} ({row.kind}): {row.text or '(no words kept)'}"
        for row in rows
    )
    return "\n".join(["Messages", *said])


def _requests(session: Session, chat: Chat) -> str:
    rows = session.scalars(select(Request).where(Request.chat_id == chat.id).order_by(Request.id))
    return "\n".join(
        [
            "When you asked for a person",
            *(
                f"- {_at(row.asked_at)}, {row.kind.replace('_', ' ')} ({row.reference}): {row.words or ''}"
                for row in rows
            ),
        ]
    )


def _flags(session: Session, chat: Chat) -> str:
    rows = session.scalars(select(Flag).where(Flag.chat_id == chat.id).order_by(Flag.id))
    lines = (
        f"- {_at(row.raised_at)}: a person was asked to read your messages ({row.reference})"
        + (f", read {_at(row.opened_at)}" if row.opened_at else "")
        for row in rows
    )
    return "\n".join(["When staff were asked to read your messages", *lines])
