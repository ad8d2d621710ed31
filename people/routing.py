"""Whose business it is: the adviser, a specialist, a manager, or duty. Never the one it is about."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from people import cover
from people.hours import Rota
from storage import staff
from storage.tables import Chat, Staff
from storage.tables.people import Role

#: A request is answered within one working day; the council may set its own standard.
ANSWER_WITHIN = timedelta(hours=8)
#: Requests about a topic that councils name specialists for (design of journey 12).
TOPICS = ("housing", "eet", "local_offer")
TOPIC_OF_KIND = {"join_in": "local_offer", "my_education_or_work": "eet"}


@dataclass(frozen=True)
class Route:
    """Where a request goes. Without a member of staff it is the duty team's."""

    name: str
    staff: Staff | None
    hidden_from: uuid.UUID | None = None
    #: Has it as well, because of its topic.
    also: Staff | None = None


def at_work(session: Session, council: str | None) -> list[Staff]:
    """Return the staff of a council who have not left."""
    return staff.at_work(session, council)


def route(
    session: Session,
    chat: Chat,
    kind: str,
    topic: str,
    *,
    about_adviser: bool,
    council: str | None,
    now: datetime,
) -> Route:
    """Return whose a request is: their adviser's, whether away or not, and a specialist's as well.

    Without an adviser it is a specialist's, else whoever's is there: on duty, or a manager.
    """
    adviser = chat.person.adviser if chat.person else None
    day = cover.day_at(session, now)
    if about_adviser:
        hidden = adviser.id if adviser else None
        fit = fitting(day, Role.MANAGER, council, but=hidden)
        return Route("manager" if fit else "duty", fit, hidden)
    special = specialist(day, TOPIC_OF_KIND.get(kind, topic), council)
    if adviser is not None and adviser.left_at is None:
        also = special if special is not None and special.id != adviser.id else None
        return Route("adviser", adviser, also=also)
    if special is not None:
        return Route("specialist", special)
    there = day.instead(council) or fitting(day, Role.MANAGER, council, but=None)
    return Route("duty", there)


def specialist(day: cover.Day, topic: str, council: str | None) -> Staff | None:
    """Return the specialist for a topic who is there today; whoever came first, of several."""
    return next(
        (
            one
            for one in day.team
            if topic in one.topics and one.id not in day.away and council in {None, one.council}
        ),
        None,
    )


def fitting(
    day: cover.Day, role: Role, council: str | None, *, but: uuid.UUID | None
) -> Staff | None:
    """Return somebody with a role whom it is not about: one who is there, else one who is away."""
    found = [
        one
        for one in day.team
        if one.role == role and one.id != but and council in {None, one.council}
    ]
    return next((one for one in found if one.id not in day.away), found[0] if found else None)


def statement_route(
    session: Session,
    chat: Chat,
    audience: str,
    *,
    hidden: bool,
    council: str | None,
    now: datetime,
) -> Route:
    """Return who a statement goes to. What is hidden never reaches the adviser it is about.

    A reviewing officer has no account here: a manager is asked to pass it on. Without a member of
    staff it is the duty team's.
    """
    adviser = chat.person.adviser if chat.person else None
    gone = adviser is None or adviser.left_at is not None
    if audience == "adviser" and not hidden and not gone:
        return Route("adviser", adviser)
    hidden_from = adviser.id if adviser and hidden else None
    wanted = Role.PARTICIPATION if audience == "participation_anonymous" else Role.MANAGER
    fit = fitting(cover.day_at(session, now), wanted, council, but=hidden_from)
    if fit is None:
        return Route("duty", None, hidden_from)
    names = {"participation_anonymous": "participation", "reviewing_officer": "pass_on"}
    return Route(names.get(audience, "manager"), fit, hidden_from)


def due(rota: Rota, now: datetime) -> datetime:
    """Return by when a request is to be answered, in working time."""
    return rota.after(now, ANSWER_WITHIN)
