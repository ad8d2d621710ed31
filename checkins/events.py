"""What staff do with an announcement: write it, look at it, have it approved, send it, call it off."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import announcing
from checkins.announcing import Someone, Wanted
from content.library import Library
from storage import due, events, trials
from storage.events import ANNOUNCE, COMING, NOT_COMING
from storage.sending import Key, Reply, send_reply
from storage.tables import Event, Person, Staff
from storage.tables.base import new_reference
from storage.tables.events import EventState
from storage.tables.keeping_in_touch import DueKind, DueState
from storage.tables.outbox import Lane, SendState

YOUNGEST, OLDEST = 16, 25


class EventError(Exception):
    """An announcement cannot be as asked; the sentences say why, all at once."""


@dataclass(frozen=True)
class Draft:
    """What staff write."""

    interest: str
    title: str
    words: str
    happens_at: datetime | None = None
    place: str | None = None
    ages: tuple[int, int] = (YOUNGEST, OLDEST)


@dataclass(frozen=True)
class Sending:
    """How announcements go out in this installation."""

    library: Library
    zone: ZoneInfo
    per_hour: int
    approve_above: int


def draft(
    session: Session,
    library: Library,
    member: Staff,
    written: Draft,
    now: datetime,
    *,
    reference: str | None = None,
) -> Event:
    """Write an announcement, or change one that is not sent. A change undoes its approval.

    The caller commits. Raise EventError with everything that is wrong with it.
    """
    wrong = [*_form_faults(library, member, written, now)]
    wrong += announcing.faults(library, written.title, written.words)
    if wrong:
        raise EventError(" ".join(wrong))
    event = find(session, reference, member) if reference else None
    if event is not None and event.state != EventState.DRAFT:
        raise EventError("It is sent or called off already: write a new one.")
    if event is None:
        event = Event(reference=new_reference("E"), council=member.council, made_at=now)
        session.add(event)
    event.made_by_id, event.approved_by_id, event.approved_at = member.id, None, None
    event.interest, event.place, event.happens_at = (
        written.interest,
        written.place,
        written.happens_at,
    )
    event.title, event.words = written.title.strip(), written.words.strip()
    event.youngest, event.oldest = written.ages
    session.flush()
    return event


def _form_faults(library: Library, member: Staff, written: Draft, now: datetime) -> list[str]:
    council = library.councils.get(member.council)
    places = council.places if council else ()
    wrong = []
    if written.interest not in library.events.interests:
        wrong.append(f"The interest must be one of {', '.join(library.events.interests)}.")
    if written.place is not None and written.place not in places:
        wrong.append(f"{written.place} is not a place of your council in content/councils.")
    if not YOUNGEST <= written.ages[0] <= written.ages[1] <= OLDEST:
        wrong.append(f"Ages go from {YOUNGEST} to {OLDEST}, the lower one first.")
    if written.happens_at is not None and written.happens_at <= now:
        wrong.append("It would be over already.")
    return wrong


def find(session: Session, reference: str, member: Staff) -> Event:
    """Return an announcement of this member of staff's council. Raise EventError without one."""
    event = events.by_reference(session, reference, member.council)
    if event is None:
        message = f"There is no announcement {reference} in your council."
        raise EventError(message)
    return event


def message(library: Library, event: Event, *, lane: Lane = Lane.BULK) -> Reply:
    """Return exactly what is sent, with its buttons."""
    text = announcing.text_of(library, event.title, event.words)
    rows: tuple[tuple[Key, ...], ...] = ()
    if event.happens_at is not None:
        rows = (
            (Key(library.label("coming"), f"coming:{event.reference}"),),
            (Key(library.label("not_coming"), f"not_coming:{event.reference}"),),
        )
    return Reply("events.announce", text, rows, lane)


def audience(session: Session, event: Event, today: date) -> list[Person]:
    """Return everybody an announcement is for. Who is held or asleep is looked at one by one, later."""
    wanted = Wanted(event.interest, event.council, event.place, (event.youngest, event.oldest))
    return [
        person
        for person, asked_for in events.who_asked(session, event.interest, event.council)
        if announcing.is_for(
            wanted,
            Someone(person.council, date.fromisoformat(person.born_on), asked_for),
            today,
        )
    ]


def approve(event: Event, member: Staff, now: datetime) -> None:
    """Approve an announcement as a second person. The caller commits. Raise EventError."""
    if event.state != EventState.DRAFT:
        raise EventError("It is sent or called off already.")
    if event.made_by_id == member.id:
        raise EventError("Somebody else must approve it, not the one who wrote it.")
    event.approved_by_id, event.approved_at = member.id, now


def send(
    session: Session, sending: Sending, event: Event, member: Staff, now: datetime
) -> list[datetime]:
    """Plan a message to everybody it is for, spread over time, and return when each goes.

    The caller commits. Raise EventError when it may not go, with the reason.
    """
    library, zone = sending.library, sending.zone
    if event.state != EventState.DRAFT:
        raise EventError("It is sent or called off already.")
    people = audience(session, event, now.astimezone(zone).date())
    if not people:
        raise EventError("Nobody asked for news like this: there is nobody to send it to.")
    if announcing.needs_second_person(len(people), sending.approve_above) and not event.approved_at:
        message = f"It goes to more than {sending.approve_above} people: a second person must approve it first."
        raise EventError(message)
    last_at = announcing.last_moment(event.happens_at, now, library.events)
    at = announcing.slots(len(people), now, sending.per_hour, library.events, zone)
    if at[-1] >= last_at:
        message = f"At {sending.per_hour} an hour it is over before everybody has heard. Send it sooner, or to fewer people."
        raise EventError(message)
    for person, due_at in zip(people, at, strict=True):
        due.add(
            session,
            person_id=person.id,
            kind=DueKind.EVENT,
            what=f"{ANNOUNCE}{event.reference}",
            due_at=due_at,
            expires_at=last_at,
            once_key=f"{ANNOUNCE}{event.reference}:{person.id}",
            now=now,
        )
    event.state, event.sent_at, event.sent_by_id = EventState.SENDING, now, member.id
    event.last_at = last_at
    return at


def try_out(session: Session, library: Library, event: Event, member: Staff, now: datetime) -> None:
    """Send it to the member of staff alone: the same words and buttons, to their own chat.

    The caller commits. Raise EventError when that chat is not joined.
    """
    chat = trials.chat_of(session, member)
    if chat is None:
        raise EventError("Your Telegram is not joined yet: kith events link.")
    reply = message(library, event, lane=Lane.STAFF)
    send_reply(session, chat, reply, once_key=f"try{uuid.uuid4().hex}", now=now)


def cancel(session: Session, event: Event, member: Staff, now: datetime) -> tuple[int, int]:
    """Call an announcement off. The caller commits.

    Return how many will not get it now, and how many had said that they are coming.
    """
    if event.state == EventState.CANCELLED:
        raise EventError("It is called off already.")
    stopped = events.call_off(session, event.reference, now)
    event.state, event.cancelled_at, event.cancelled_by_id = EventState.CANCELLED, now, member.id
    coming = [one for one, _ in events.invited(session, event.reference) if one.answer == COMING]
    return stopped, len(coming)


def results(session: Session, event: Event) -> list[tuple[str, int]]:
    """Return what became of an announcement, as counts; each not sent has a reason."""
    rows = events.invited(session, event.reference)
    states = Counter[str]()
    reasons: list[str] = []
    for one, sent in rows:
        if one.state == DueState.WAITING or (sent and sent.state in {"waiting", "sending"}):
            states["not sent yet"] += 1
        elif sent is not None and sent.state == SendState.SENT:
            states["sent"] += 1
        elif sent is not None and sent.state == SendState.UNKNOWN:
            states["perhaps sent"] += 1
        elif one.state == DueState.SENT and sent is None:
            states["sent"] += 1
        else:
            reasons.append((sent.failure if sent else one.reason) or "not known")
    answers = Counter(one.answer for one, _ in rows)
    return [
        ("for", len(rows)),
        *sorted(states.items()),
        *(
            (f"not sent: {why}", count)
            for why, count in sorted(announcing.grouped(reasons).items())
        ),
        ("coming", answers[COMING]),
        ("not coming", answers[NOT_COMING]),
    ]
