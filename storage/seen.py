"""Who opened what a young person wrote, as they may be told: from the audit, and from who read statements."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from storage import hearing_back
from storage.tables import Chat, Flag, Request, Staff, Trace
from storage.tables.people import Role

#: What is opened by doing something, as it is said to the young person. Lists show no word of theirs.
OPENED = {
    "read_flag": "messages",
    "read_request": "messages",
    "second_read": "messages",
    "read_person": "page",
    "opened_up": "page",
    "saw_plan": "page",
    "saw_answers": "check_ins",
    "exported_person": "everything",
}


@dataclass(frozen=True)
class Seen:
    """That a member of staff opened something, when, and what. Without a name it was by a command."""

    at: datetime
    what: str
    staff_id: uuid.UUID | None = None
    name: str = ""
    role: str = ""

    def who(self, adviser_id: uuid.UUID | None, say: Callable[..., str]) -> str:
        """Return who it was, as the young person knows them.

        Advisers by name. Anybody else by role: who looks into what was said about somebody is not
        to be found out from a phone that others hold.
        """
        if self.role == Role.ADVISER:
            theirs = self.staff_id is not None and self.staff_id == adviser_id
            return say("seen_by.their_adviser" if theirs else "seen_by.adviser", name=self.name)
        return say(f"seen_by.{self.role or 'somebody'}")


def of(session: Session, chat: Chat) -> list[Seen]:
    """Return every time that something of theirs was opened, newest first."""
    looks = [
        Seen(look.at, "told", look.staff_id, name, role)
        for look, name, role in hearing_back.looks_at(session, chat)
    ]
    return sorted([*_traces(session, chat), *looks], key=lambda one: one.at, reverse=True)


def _traces(session: Session, chat: Chat) -> list[Seen]:
    references = list(
        session.scalars(
            select(Flag.reference)
            .where(Flag.chat_id == chat.id)
            .union_all(select(Request.reference).where(Request.chat_id == chat.id))
        )
    )
    theirs: list[ColumnElement[bool]] = [Trace.about.in_(references)]
    if chat.person_id is not None:
        theirs.append(Trace.person_id == chat.person_id)
    rows = session.execute(
        select(Trace.at, Trace.action, Staff.id, Staff.name, Staff.role)
        .outerjoin(Staff, Staff.id == Trace.staff_id)
        .where(or_(*theirs), Trace.action.in_(OPENED))
    )
    return [
        Seen(at, OPENED[action], staff_id, name or "", role or "")
        for at, action, staff_id, name, role in rows
    ]
