"""What a member of staff may see of a chat and of contacts: nothing that is about them (safety.md HZ-13)."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.tables import (
    AlsoFor,
    Answer,
    Chat,
    Contact,
    Flag,
    FlagMessage,
    Message,
    Request,
    Staff,
    Statement,
)
from storage.tables.people import Role


def visible(
    chat: Chat, member: Staff, flagged: Collection[int], *, after: timedelta
) -> list[ColumnElement[bool]]:
    """Return what must be true of a message that a member of staff may see with a flag of theirs.

    `flagged` are the ids of the messages of that flag. `after` is how long a talk about a member
    of staff may go on once what began it is closed.
    """
    aside = _while_something_is_hidden([chat.id], member, Message.at, Message.at, after)
    around = and_(~aside, _told_to(chat, member))
    if not _looks_after(chat, member):
        around = and_(around, ~_is_there_for_its_topic(chat, member))
    return [*_not_about(chat, member), or_(Message.id.in_(flagged), around)]


def _theirs(member: Staff) -> list[uuid.UUID]:
    """Return whose own things somebody may see: theirs, and those of whom they stand in for."""
    return [member.id, *member.covers]


def _is_kept_from(
    member: Staff, hidden_from: ColumnElement[uuid.UUID | None] | InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Return whether something is hidden from somebody: it is about them.

    Whoever stands in for a colleague sees nothing that is about any member of staff.
    """
    if member.covers and member.role != Role.MANAGER:
        return hidden_from.is_not(None)
    return hidden_from == member.id


def not_kept_from(
    member: Staff, hidden_from: InstrumentedAttribute[Any], owner: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Return what must be true of a flag, request or statement that is not hidden from somebody.

    What is about any member of staff comes to a stand-in only when it was given to them by name.
    """
    if member.covers and member.role != Role.MANAGER:
        given = and_(hidden_from != member.id, owner == member.id)
        return or_(hidden_from.is_(None), given)
    return or_(hidden_from.is_(None), hidden_from != member.id)


def _looks_after(chat: Chat, member: Staff) -> bool:
    person = chat.person
    theirs = person is not None and person.adviser_id in _theirs(member)
    return theirs or member.role == Role.MANAGER


def _is_there_for_its_topic(chat: Chat, member: Staff) -> ColumnElement[bool]:
    """Return whether a flag came to somebody for its topic only: they see that, and nothing around it."""
    return exists(AlsoFor).where(
        AlsoFor.flag_id == Flag.id,
        AlsoFor.staff_id == member.id,
        Flag.chat_id == chat.id,
        Flag.owner_id.is_distinct_from(member.id),
    )


def _not_about(chat: Chat, member: Staff) -> list[ColumnElement[bool]]:
    """Return what keeps from a member of staff every word said about them.

    Hidden are the messages of a flag or request that is hidden from them, and whatever Kith
    said in answer to one: a reply shares its update with what caused it.
    """
    hidden = (
        select(FlagMessage.message_id)
        .join(Flag, Flag.id == FlagMessage.flag_id)
        .where(Flag.chat_id == chat.id, _is_kept_from(member, Flag.hidden_from_id))
    )
    about = select(Message.update_id).where(Message.id.in_(hidden), Message.update_id.is_not(None))
    asked = select(Request.update_id).where(
        Request.chat_id == chat.id,
        _is_kept_from(member, Request.hidden_from_id),
        Request.update_id.is_not(None),
    )
    causes = about.union(asked)
    return [
        Message.id.not_in(hidden),
        or_(Message.update_id.is_(None), Message.update_id.not_in(causes)),
    ]


def contacts_seen(member: Staff, *, after: timedelta) -> ColumnElement[bool]:
    """Return what must be true of a contact that a member of staff may see.

    A colleague who called or visited while something about them was open may have looked into it.
    A contact lasts from when it was until it was noted: of most only the day is known.
    """
    theirs = select(Chat.id).where(Chat.person_id == Contact.person_id).correlate(Contact)
    aside = _while_something_is_hidden(theirs, member, Contact.at, Contact.noted_at, after)
    return or_(Contact.by_id.is_(None), Contact.by_id == member.id, ~aside)


Moments = InstrumentedAttribute[datetime]


def _while_something_is_hidden(
    chats: Select[tuple[int]] | list[int],
    member: Staff,
    first: Moments,
    last: Moments,
    after: timedelta,
) -> ColumnElement[bool]:
    """Return whether something from `first` to `last` was while something about this member was open.

    Words added to a complaint, and the talk with whoever looks into it, are linked to nothing. So
    the one it is about sees what was flagged for them, and nothing around it.
    """
    hidden = (
        (Request, Request.asked_at, Request.closed_at, Request.hidden_from_id, Request.chat_id),
        (Flag, Flag.raised_at, Flag.closed_at, Flag.hidden_from_id, Flag.chat_id),
        (
            Statement,
            Statement.began_at,
            Statement.closed_at,
            Statement.hidden_from_id,
            Statement.chat_id,
        ),
    )
    return or_(
        *(
            exists(table).where(
                of.in_(chats),
                _is_kept_from(member, hidden_from),
                last >= began,
                or_(ended.is_(None), first <= ended + after),
            )
            for table, began, ended, hidden_from, of in hidden
        )
    )


def _told_to(chat: Chat, member: Staff) -> ColumnElement[bool]:
    """Return what keeps the words of a statement with whom they were for, and unsent ones with nobody."""
    elsewhere = (
        select(Answer.update_id)
        .join(Statement, Statement.id == Answer.statement_id)
        .where(
            Statement.chat_id == chat.id,
            ~func.coalesce(Statement.owner_id.in_(_theirs(member)), false()),
            Answer.update_id.is_not(None),
        )
    )
    read_back = Message.reply_ids.is_distinct_from(READ_BACK)
    return and_(read_back, or_(Message.update_id.is_(None), Message.update_id.not_in(elsewhere)))


#: What we call the messages in which a whole statement is read back to its author.
READ_BACK = "statement.read_back"
#: Where a statement stands when no member of staff may read it.
NOBODYS = frozenset({"draft", "kept", "withdrawn", "deleted"})
#: Who it is for when its author is not to be known.
WITHOUT_NAME = "participation_anonymous"
#: Whoever may read a statement because of their work, besides the one who has it.
READERS = {
    "adviser": Role.MANAGER,
    "manager": Role.MANAGER,
    "reviewing_officer": Role.MANAGER,
    WITHOUT_NAME: Role.PARTICIPATION,
}


def may_read(statement: Statement, member: Staff) -> bool:
    """Whether a member of staff may read a statement: only whom its author chose.

    What nobody was sent is nobody's. What is about somebody never reaches them. Managers of the
    same council read what was sent to a manager, or to an adviser of theirs.
    """
    if statement.sent_at is None or statement.state in NOBODYS:
        return False
    if statement.hidden_from_id == member.id or member.left_at is not None:
        return False
    stands_in = statement.hidden_from_id is None and statement.owner_id in member.covers
    covering = bool(member.covers) and member.role != Role.MANAGER
    if covering and statement.hidden_from_id is not None and statement.owner_id != member.id:
        return False
    works_there = statement.council is None or statement.council == member.council
    wanted = READERS.get(statement.audience or "")
    theirs = statement.owner_id == member.id or stands_in
    return theirs or (works_there and member.role == wanted)


def readable(member: Staff) -> ColumnElement[bool]:
    """Return what must be true of a statement that a member of staff may read.

    `may_read` as a question to the database, for lists and counts; a test compares the two.
    """
    works_there = or_(Statement.council.is_(None), Statement.council == member.council)
    wanted = [audience for audience, role in READERS.items() if role == member.role]
    if member.left_at is not None:
        return false()
    return and_(
        Statement.sent_at.is_not(None),
        Statement.state.not_in(NOBODYS),
        not_kept_from(member, Statement.hidden_from_id, Statement.owner_id),
        or_(
            Statement.owner_id == member.id,
            and_(Statement.owner_id.in_(member.covers), Statement.hidden_from_id.is_(None)),
            and_(works_there, Statement.audience.in_(wanted)),
        ),
    )


def named() -> ColumnElement[bool]:
    """Return what must be true of a statement whose author let their name be seen with it."""
    return Statement.audience != WITHOUT_NAME


def may_see_name(statement: Statement) -> bool:
    """Whether its author let their name be seen with it."""
    return statement.audience != WITHOUT_NAME
