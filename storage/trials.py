"""The chat in which a member of staff gets test messages: joined by a code, never a young person's."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.encryption import blind_index
from storage.tables import Chat, Staff, TrialChat

CODE_BYTES, CODE_LASTS = 16, timedelta(hours=1)
CODE_COLUMN = "trial_chats.code"


def new_code(session: Session, member: Staff, now: datetime) -> str:
    """Return a fresh one-time code for a member of staff; only what proves it is kept. The caller commits."""
    code = secrets.token_urlsafe(CODE_BYTES)
    values = {
        "code_index": blind_index(code, column=CODE_COLUMN),
        "code_until": now + CODE_LASTS,
    }
    row = insert(TrialChat).values(staff_id=member.id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["staff_id"], set_=values))
    return code


def join(session: Session, chat: Chat, code: str, now: datetime) -> Staff | None:
    """Join a chat to the member of staff a code was made for; None when it is no such code.

    A young person's chat is never joined. The caller commits.
    """
    trial = session.scalar(
        select(TrialChat)
        .where(TrialChat.code_index == blind_index(code, column=CODE_COLUMN))
        .with_for_update()
    )
    if trial is None or trial.code_until is None or trial.code_until <= now:
        return None
    if chat.person_id is not None:
        return None
    for other in session.scalars(select(TrialChat).where(TrialChat.chat_id == chat.id)):
        other.chat_id = None
    session.flush()
    trial.code_index, trial.code_until, trial.chat_id = None, None, chat.id
    return session.get(Staff, trial.staff_id)


def chat_of(session: Session, member: Staff) -> Chat | None:
    """Return the chat of a member of staff; None when there is none or it became a young person's."""
    return session.scalar(
        select(Chat)
        .join(TrialChat, TrialChat.chat_id == Chat.id)
        .where(TrialChat.staff_id == member.id, Chat.person_id.is_(None))
    )
