"""How contact stands with one person, as the rules read it from what we keep. Nothing is written."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import intouch, ledger, plans
from checkins.intouch import Entry, Said
from checkins.ledger import Account, Seen
from content.library import Library
from people.records import age_on
from storage import contacts
from storage.tables import Person


def account(
    session: Session, library: Library, person: Person, zone: ZoneInfo, now: datetime
) -> Account:
    """Return how contact stands by the standard for their age and council."""
    return account_from(_seen(session, person), library, person, zone, now)


def account_from(
    seen: Sequence[Seen], library: Library, person: Person, zone: ZoneInfo, now: datetime
) -> Account:
    """Return the same from contacts that were looked up before: the last of each kind is enough."""
    age = age_on(date.fromisoformat(person.born_on), plans.local_day(now, zone))
    standard = library.keeping.standard(age, person.council)
    return ledger.account(seen, standard, since=person.added_at, now=now, zone=zone)


def entries(
    session: Session, library: Library, person: Person, zone: ZoneInfo, now: datetime
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
    yield from entries_from(_seen(session, person), said, library, person, zone, now)


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


def _seen(session: Session, person: Person) -> list[Seen]:
    return [Seen(one.kind, one.at, one.two_way) for one in contacts.of(session, person.id)]
