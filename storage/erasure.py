"""Erasing one person everywhere: record, chat, words, flags, requests (UK GDPR article 17)."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from storage.rows import change
from storage.tables import (
    Asked,
    Chat,
    CheckInAnswer,
    Circumstance,
    Contact,
    Due,
    Flag,
    Interest,
    InTouch,
    Invitation,
    Message,
    Notice,
    Person,
    Plan,
    Task,
    Update,
)

#: What hangs on the record itself, whether or not they ever joined a chat.
OF_THE_PERSON = (
    CheckInAnswer,
    Due,
    Plan,
    Circumstance,
    Contact,
    InTouch,
    Task,
    Interest,
    Invitation,
)


def erase(session: Session, person: Person, chat: Chat | None) -> int:
    """Erase a person and return how many rows went. The caller commits.

    The gap report keeps its counts: it never held who asked. Who read what is kept, without whose
    words they were.
    """
    gone = 0
    if chat is not None:
        for table in (Flag, Message, Asked):
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
    for one in OF_THE_PERSON:
        gone += change(session, delete(one).where(one.person_id == person.id))
    session.execute(delete(Person).where(Person.id == person.id))
    return gone + 1
