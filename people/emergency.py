"""Opening the record of a young person who is not yours, in an emergency (safety.md SEC-24).

It takes a reason, lasts a few hours, and others are told: the adviser, unless something about them is
open, and the managers.
"""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from people import routing
from storage import openings
from storage.tables import Alert, Opening, Person, Staff
from storage.tables.base import new_reference
from storage.tables.people import Role

LASTS = timedelta(hours=4)
SHORTEST_WHY, LONGEST_WHY = 10, 500


class OpeningError(Exception):
    """A record cannot be opened like this; its text is the id of the sentence that says why."""


def checked(why: str) -> str:
    """Return a reason that can stand. Raises OpeningError."""
    if not SHORTEST_WHY <= len(why.strip()) <= LONGEST_WHY:
        raise OpeningError("no_why_open")
    return why.strip()


def find(session: Session, by: Staff, name: str, born_on: date | None) -> Person | None:
    """Return the one young person with this name and date of birth; None when there is not just one.

    For somebody with something open about them, whoever said it does not exist.
    """
    found = openings.called(session, name, born_on) if born_on else []
    if len(found) != 1 or by.id in openings.kept_from(session, found[0]):
        return None
    return found[0]


def open_up(session: Session, by: Staff, person: Person, why: str, now: datetime) -> Opening:
    """Let somebody see a record for a few hours, and have others told. The caller commits.

    Raises OpeningError without a reason that others can read.
    """
    reason = checked(why)
    kept_from = openings.kept_from(session, person)
    made = Opening(
        reference=new_reference("O"),
        staff_id=by.id,
        person_id=person.id,
        why=reason,
        hidden_from_id=person.adviser_id if person.adviser_id in kept_from else None,
        opened_at=now,
        until=now + LASTS,
    )
    session.add(made)
    session.flush()
    _tell(session, made, by, person, now)
    return made


def _tell(session: Session, made: Opening, by: Staff, person: Person, now: datetime) -> None:
    """Make a letter due for the adviser and each other manager; without any, for the duty address."""
    silent = openings.kept_from(session, person) | {by.id}
    adviser = person.adviser if person.adviser and person.adviser.left_at is None else None
    team = routing.at_work(session, person.council)
    managers = [one for one in team if one.role == Role.MANAGER]
    told = dict.fromkeys(
        one.id for one in [*([adviser] if adviser else []), *managers] if one.id not in silent
    )
    ids: list[uuid.UUID | None] = [*told]
    for staff_id in ids or [None]:
        session.add(
            Alert(opening_id=made.id, staff_id=staff_id, urgent=True, made_at=now, due_at=now)
        )
