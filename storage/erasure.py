"""Erasing one person everywhere: record, chat, words, flags, requests (UK GDPR article 17)."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from storage.rows import change
from storage.tables import Chat, Flag, Invitation, Message, Notice, Person, Update


def erase(session: Session, person: Person, chat: Chat | None) -> int:
    """Erase a person and return how many rows went. The caller commits.

    The gap report keeps its counts: it never held who asked.
    """
    gone = 0
    if chat is not None:
        for table in (Flag, Message):
            gone += change(session, delete(table).where(table.chat_id == chat.id))
        waiting = (
            update(Update).where(Update.telegram_index == chat.telegram_index).values(raw=None)
        )
        session.execute(waiting)
        gone += int(
            change(
                session,
                delete(Update).where(
                    Update.telegram_index == chat.telegram_index,
                    Update.handled_at.is_not(None),
                ),
            )
        )
        session.execute(delete(Notice).where(Notice.person_id == person.id))
        session.execute(delete(Chat).where(Chat.id == chat.id))
        gone += 1
    gone += int(change(session, delete(Invitation).where(Invitation.person_id == person.id)))
    session.execute(delete(Person).where(Person.id == person.id))
    return gone + 1
