"""Whose business it is: the adviser, a specialist, a manager, or duty. Never the one it is about."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.hours import Rota
from storage.tables import Chat, Staff
from storage.tables.people import Role

#: A request is answered within one working day; the council may set its own standard.
ANSWER_WITHIN = timedelta(hours=8)
#: Requests about a topic that councils name specialists for (design of journey 12).
TOPIC_OF_KIND = {"join_in": "local_offer", "my_education_or_work": "eet"}


@dataclass(frozen=True)
class Route:
    """Where a request goes. Without a member of staff it is the duty team's."""

    name: str
    staff: Staff | None
    hidden_from: uuid.UUID | None = None


def at_work(session: Session, council: str | None) -> list[Staff]:
    """Return the staff of a council who have not left."""
    query = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.added_at)
    return [one for one in session.scalars(query) if council is None or one.council == council]


def route(
    session: Session,
    chat: Chat,
    kind: str,
    topic: str,
    *,
    about_adviser: bool,
    council: str | None,
) -> Route:
    """Return whose a request is, most fitting first."""
    adviser = chat.person.adviser if chat.person else None
    everybody = at_work(session, council)
    managers = [one for one in everybody if one.role == Role.MANAGER]
    if about_adviser:
        hidden = adviser.id if adviser else None
        fit = [one for one in managers if one.id != hidden]
        return Route("manager" if fit else "duty", fit[0] if fit else None, hidden)
    wanted = TOPIC_OF_KIND.get(kind, topic)
    specialists = [one for one in everybody if one.specialist_in and one.specialist_in == wanted]
    if specialists:
        return Route("specialist", specialists[0])
    if adviser is not None and adviser.left_at is None:
        return Route("adviser", adviser)
    return Route("duty", managers[0] if managers else None)


def statement_route(
    session: Session, chat: Chat, audience: str, *, hidden: bool, council: str | None
) -> Route:
    """Return who a statement goes to. What is hidden never reaches the adviser it is about.

    A reviewing officer has no account here: a manager is asked to pass it on. Without a member of
    staff it is the duty team's.
    """
    adviser = chat.person.adviser if chat.person else None
    away = adviser is None or adviser.left_at is not None
    if audience == "adviser" and not hidden and not away:
        return Route("adviser", adviser)
    hidden_from = adviser.id if adviser and hidden else None
    wanted = Role.PARTICIPATION if audience == "participation_anonymous" else Role.MANAGER
    fit = [
        one
        for one in at_work(session, council)
        if one.role == wanted and (not hidden or adviser is None or one.id != adviser.id)
    ]
    if not fit:
        return Route("duty", None, hidden_from)
    names = {"participation_anonymous": "participation", "reviewing_officer": "pass_on"}
    return Route(names.get(audience, "manager"), fit[0], hidden_from)


def due(rota: Rota, now: datetime) -> datetime:
    """Return by when a request is to be answered, in working time."""
    return rota.after(now, ANSWER_WITHIN)
