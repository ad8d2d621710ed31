"""What staff note about one person: contacts, and times in which they are left alone.

For the commands and the pages alike; who may note it is decided before. The caller commits.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import plans
from checkins.holds import CircumstanceKind
from storage import contacts
from storage import plans as stored
from storage.tables import Circumstance, Person, Staff
from storage.tables.keeping_in_touch import ContactKind

#: What staff log. What comes through Kith is noted by itself.
KINDS = tuple(one for one in ContactKind if one is not ContactKind.BOT)


class NotingError(Exception):
    """What was to be noted cannot be so; the sentence says why, `problem` is what the pages call it."""

    def __init__(self, sentence: str, problem: str) -> None:
        """Say why, and what the pages call it."""
        super().__init__(sentence)
        self.problem = problem


def log_contact(
    session: Session,
    person: Person,
    member: Staff,
    kind: str,
    at: datetime,
    *,
    two_way: bool,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Note a call, a visit or a message that staff had. Raises NotingError.

    Contact both ways ends what was asked of staff because of silence.
    """
    if kind not in KINDS:
        message = f"The kind is one of {', '.join(KINDS)}."
        raise NotingError(message, "no_contact_kind")
    if at > now:
        raise NotingError("A contact cannot be in the future.", "contact_to_come")
    day = plans.local_day(at, zone)
    if day < date.fromisoformat(person.born_on):
        raise NotingError("That is before they were born.", "contact_too_long_ago")
    contacts.log(
        session,
        person,
        member,
        kind=ContactKind(kind),
        at=at,
        day=day,
        two_way=two_way,
        now=now,
    )
    if two_way:
        contacts.close_tasks_of_silence(session, person.id, now)


def note_circumstance(
    session: Session,
    person: Person,
    member: Staff | None,
    kind: str,
    until: datetime | None,
    now: datetime,
) -> None:
    """Note that somebody is in hospital, in custody, bereaved or left alone. Raises NotingError."""
    if kind not in set(CircumstanceKind):
        message = f"The kind is one of {', '.join(CircumstanceKind)}."
        raise NotingError(message, "no_hold_kind")
    if until is not None and until <= now:
        raise NotingError("It cannot have ended already.", "hold_is_over")
    session.add(
        Circumstance(
            person_id=person.id,
            kind=kind,
            since=now,
            until=until,
            noted_by_id=member.id if member else None,
            noted_at=now,
        )
    )
    session.flush()


def end_circumstances(session: Session, person: Person, now: datetime, kind: str = "") -> int:
    """Note that it is over, of one kind or of all, and return how many were."""
    found = [one for one in stored.circumstances(session, person.id, now) if kind in {"", one.kind}]
    for one in found:
        one.until = now
    session.flush()
    return len(found)
