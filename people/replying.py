"""A named member of staff writes to a young person through the bot, which then keeps quiet."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from content.library import Library
from storage import outbox
from storage.tables import Chat, Message, Request, Staff
from storage.tables.outbox import Lane

#: safety.md FT-37: the bot keeps quiet this long after a member of staff wrote.
QUIET_FOR = timedelta(minutes=30)
#: Telegram takes 4,096 characters; names and the line round the words need some.
LONGEST = 3_000


class ReplyError(Exception):
    """A reply cannot be sent as it is; its text is the id of the sentence that says why."""


def wording(library: Library, member: Staff, text: str) -> str:
    """Return what the young person will read. Raises ReplyError when there is nothing, or too much."""
    if not text.strip():
        raise ReplyError("empty_reply")
    if len(text) > LONGEST:
        raise ReplyError("reply_too_long")
    council = library.councils.get(member.council)
    name = council.short_name if council else member.council
    return library.say("people.reply", name=member.name, council=name, words=text.strip())


def send(
    session: Session,
    library: Library,
    chat: Chat,
    member: Staff,
    text: str,
    *,
    request: Request | None,
    now: datetime,
) -> None:
    """Put a reply in the outbox, keep the bot quiet, and close the request it answers. The caller commits."""
    first = chat.held_by_id is None or chat.held_until is None or chat.held_until < now
    said = [wording(library, member, text)]
    if first:
        said.append(library.say("people.reply_held", name=member.name))
    for number, one in enumerate(said):
        outbox.put(
            session,
            chat_id=chat.id,
            lane=Lane.STAFF,
            once_key=f"s{uuid.uuid4().hex}.{number}",
            method="sendMessage",
            body={"text": one},
            now=now,
            reply_id="people.reply",
        )
        session.add(
            Message(
                chat_id=chat.id,
                direction="out",
                kind="staff" if number == 0 else "text",
                text=one,
                reply_ids="people.reply",
                at=now,
            )
        )
    chat.held_by_id, chat.held_until = member.id, now + QUIET_FOR
    if request is not None:
        request.answered_at, request.answered_by_id, request.closed_at = now, member.id, now
    session.flush()
