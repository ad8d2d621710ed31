"""Young people's records, and the one-time codes that join a record to a Telegram chat."""

import secrets
import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage import moving, saying
from storage.encryption import blind_index
from storage.saying import Saying
from storage.tables import Chat, Invitation, Person, Staff
from storage.tables.outbox import Lane

#: safety.md SEC-53: 128 bits, one use, 72 hours, five tries an hour in one chat.
CODE_BYTES = 16
CODE_LASTS = timedelta(hours=72)
MOST_TRIES = 5
TRIES_FORGOTTEN_AFTER = timedelta(hours=1)
CODE_COLUMN = "invitations.code"


class RecordError(Exception):
    """A record cannot be made as asked; the sentence says what to change."""


def invite(
    session: Session,
    *,
    adviser: str,
    name: str,
    born_on: date,
    council: str,
    now: datetime,
) -> tuple[Person, str]:
    """Make a record and return it with its one-time code. The caller commits.

    Raises RecordError when the adviser is not known or the person is not of an age we serve.
    """
    staff = session.scalar(
        select(Staff).where(Staff.email == adviser.casefold(), Staff.left_at.is_(None))
    )
    if staff is None:
        message = f"No member of staff has the e-mail {adviser}. Add them with `kith staff add`."
        raise RecordError(message)
    if not 15 <= age_on(born_on, now.date()) <= 25:
        raise RecordError("That date of birth is not of somebody aged 15 to 25. Use YYYY-MM-DD.")
    if not name.strip():
        raise RecordError("A name is needed: what the young person likes to be called.")
    person = Person(
        name=name.strip(),
        born_on=born_on.isoformat(),
        council=council,
        adviser_id=staff.id,
        added_at=now,
    )
    session.add(person)
    session.flush()
    return person, new_code(session, person, now)


def invite_again(session: Session, person_id: str, now: datetime) -> tuple[Person, str]:
    """Return a fresh code for somebody who has a new phone or lost the first one. The caller commits.

    Codes that were made before and not used open nothing any more. Raises RecordError when there is no such record.
    """
    try:
        person = session.get(Person, uuid.UUID(person_id))
    except ValueError:
        person = None
    if person is None:
        raise RecordError("There is no person with that id.")
    return person, fresh_code(session, person, now)


def fresh_code(session: Session, person: Person, now: datetime) -> str:
    """Return a code for a person, the only one that works from now on. The caller commits."""
    unused = (Invitation.person_id == person.id, Invitation.used_at.is_(None))
    session.execute(
        update(Invitation).where(*unused, Invitation.expires_at > now).values(expires_at=now)
    )
    return new_code(session, person, now)


def new_code(session: Session, person: Person, now: datetime) -> str:
    """Return a fresh one-time code for a person; only what proves it is kept."""
    code = secrets.token_urlsafe(CODE_BYTES)
    session.add(
        Invitation(
            person_id=person.id,
            code_index=blind_index(code, column=CODE_COLUMN),
            made_at=now,
            expires_at=now + CODE_LASTS,
        )
    )
    return code


def redeem(
    session: Session, chat: Chat, code: str, now: datetime, *, farewell: str = ""
) -> Person | None:
    """Join a chat to the person a code was made for; None when the code may not be used.

    A chat gets five tries an hour. A person's older chat is let go, without its history reaching
    the new one (features.md E14): only what is open comes along, and nothing more is sent there
    but `farewell`, which says nothing about anybody. The caller commits.
    """
    if not _may_try(chat, now):
        return None
    invitation = session.scalar(
        select(Invitation)
        .where(Invitation.code_index == blind_index(code, column=CODE_COLUMN))
        .with_for_update()
    )
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= now:
        return None
    if chat.person_id is not None:
        return None
    older = session.scalar(select(Chat).where(Chat.person_id == invitation.person_id))
    if older is not None:
        _let_go(session, older, chat, farewell, now)
    invitation.used_at = now
    chat.person_id = invitation.person_id
    chat.code_tries = 0
    session.flush()
    session.refresh(chat)
    return chat.person


def _let_go(session: Session, older: Chat, chat: Chat, farewell: str, now: datetime) -> None:
    """Cut off the chat of an old phone."""
    moving.to_chat(session, older, chat)
    moving.stop_sending(session, older)
    older.person_id = older.memory = older.held_until = older.held_by_id = None
    session.flush()
    if farewell:
        said = Saying("welcome.moved", farewell)
        key = f"moved{older.id}.{chat.id}"
        saying.say(session, older, said, lane=Lane.REPLY, once_key=key, now=now)


def _may_try(chat: Chat, now: datetime) -> bool:
    if chat.code_tries_since is None or now - chat.code_tries_since > TRIES_FORGOTTEN_AFTER:
        chat.code_tries, chat.code_tries_since = 0, now
    chat.code_tries += 1
    return chat.code_tries <= MOST_TRIES


def age_on(born_on: date, today: date) -> int:
    """Return an age in whole years on a day. Somebody born on 29 February ages on 1 March."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def age_of(chat: Chat, now: datetime) -> int | None:
    """Return how old whoever is in a chat is: by our record, or as they told us."""
    if chat.person is not None:
        return age_on(date.fromisoformat(chat.person.born_on), now.date())
    return chat.age


def council_of(chat: Chat) -> str | None:
    """Return the council of whoever is in a chat, when known."""
    return chat.person.council if chat.person else chat.council
