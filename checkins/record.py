"""How contact stands with one person, as far as the reader may know it. Nothing is written.

The reader is a member of staff, or None for whoever runs commands on this machine.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from checkins import intouch, ledger, plans
from checkins.intouch import Entry, Said
from checkins.ledger import Account, Seen
from content.library import Library
from people import sight
from people.records import age_on
from people.replying import QUIET_FOR
from storage import contacts
from storage.tables import Contact, Person, Staff


def account(
    session: Session,
    library: Library,
    person: Person,
    zone: ZoneInfo,
    now: datetime,
    *,
    reader: Staff | None,
) -> Account:
    """Return how contact stands by the standard for their age and council."""
    return account_from(_seen(session, person, reader), library, person, zone, now)


def account_from(
    seen: Sequence[Seen], library: Library, person: Person, zone: ZoneInfo, now: datetime
) -> Account:
    """Return the same from contacts that were looked up before: the last of each kind is enough."""
    age = age_on(date.fromisoformat(person.born_on), plans.local_day(now, zone))
    standard = library.keeping.standard(age, person.council)
    return ledger.account(seen, standard, since=person.added_at, now=now, zone=zone)


def entries(
    session: Session,
    library: Library,
    person: Person,
    zone: ZoneInfo,
    now: datetime,
    *,
    reader: Staff | None,
) -> Iterator[Entry]:
    """Return each birthday window that has opened since we met, oldest first."""
    said = [
        Said(
            one.birthday,
            one.status,
            one.evidence,
            one.evidence_at,
            member.name if member else "",
        )
        for one, member in contacts.statuses(session, person.id)
    ]
    yield from entries_from(_seen(session, person, reader), said, library, person, zone, now)


def entries_from(
    seen: Sequence[Seen],
    said: Iterable[Said],
    library: Library,
    person: Person,
    zone: ZoneInfo,
    now: datetime,
) -> Iterator[Entry]:
    """Return the same from what was looked up before.

    For a window that is open the last contact of each kind is enough.
    """
    yield from intouch.entries(
        date.fromisoformat(person.born_on),
        seen,
        said,
        window=library.keeping.window,
        counts=library.keeping.counts_as_contact,
        today=plans.local_day(now, zone),
        zone=zone,
        since=plans.local_day(person.added_at, zone),
    )


def log(
    session: Session, person: Person, most: int, *, reader: Staff | None
) -> list[tuple[Contact, str | None]]:
    """Return the newest contacts, newest first, each with the name of who noted it."""
    return contacts.newest(session, person.id, visible(reader), most)


def _seen(session: Session, person: Person, reader: Staff | None) -> list[Seen]:
    found = contacts.of(session, person.id, visible(reader))
    return [Seen(one.kind, one.at, one.two_way) for one in found]


def visible(reader: Staff | None) -> ColumnElement[bool]:
    """Return what must be true of a contact that the reader may see."""
    return true() if reader is None else sight.contacts_seen(reader, after=QUIET_FOR)
