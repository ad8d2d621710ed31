"""The standing cast of the tests: who is who, and small factories for their rows."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from storage import chats
from storage.tables import Chat, Flag, Message, Person, Request, Staff
from storage.tables.base import new_reference
from storage.tables.people import Role

#: A Tuesday morning in term time, when everybody is at work.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
COUNCIL, OTHER_COUNCIL = "cheshire_east", "cambridgeshire"
AMARA, BEN, STRANGER = 7001, 7002, 7003


def staff(
    session: Session,
    name: str,
    role: Role = Role.ADVISER,
    *,
    council: str = COUNCIL,
    specialist_in: str | None = None,
) -> Staff:
    """Add a member of staff, whose e-mail is their name."""
    member = Staff(
        email=f"{name.casefold()}@example.org",
        name=name,
        role=role,
        council=council,
        topics=[specialist_in] if specialist_in else [],
        added_at=NOW,
    )
    session.add(member)
    session.flush()
    return member


def wren(session: Session) -> Staff:
    """Wren is Amara's adviser."""
    return staff(session, "Wren")


def lee(session: Session) -> Staff:
    """Lee manages, and leads safeguarding."""
    return staff(session, "Lee", Role.MANAGER)


def sam(session: Session) -> Staff:
    """Sam works for another council and must never see Amara."""
    return staff(session, "Sam", Role.MANAGER, council=OTHER_COUNCIL)


def person(
    session: Session,
    adviser: Staff | None = None,
    *,
    name: str = "Amara",
    born_on: date = date(2008, 5, 1),
) -> Person:
    """Add a young person's record."""
    made = Person(
        name=name,
        born_on=born_on.isoformat(),
        council=COUNCIL,
        adviser_id=adviser.id if adviser else None,
        added_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def chat(
    session: Session,
    telegram_id: int = STRANGER,
    whose: Person | None = None,
    *,
    now: datetime = NOW,
) -> Chat:
    """Meet somebody on Telegram; without a person they are a stranger."""
    made = chats.meet(session, telegram_id, now)
    made.person_id = whose.id if whose else None
    session.flush()
    session.refresh(made)
    return made


def message(session: Session, where: Chat, text: str = "hello", *, at: datetime = NOW) -> Message:
    """Keep something that was written in a chat."""
    made = Message(chat_id=where.id, direction="in", kind="text", text=text, at=at)
    session.add(made)
    session.flush()
    return made


def flag(
    session: Session,
    where: Chat,
    level: str = "same_day",
    *,
    hidden_from: Staff | None = None,
    at: datetime = NOW,
) -> Flag:
    """Let a flag be open in a chat; one that is about a member of staff is hidden from them."""
    made = Flag(
        reference=new_reference("F"),
        chat_id=where.id,
        level=level,
        categories=["allegation_about_staff" if hidden_from else "self_harm"],
        third_party=False,
        about_staff=hidden_from is not None,
        hidden_from_id=hidden_from.id if hidden_from else None,
        why=[],
        rules_version="test",
        raised_at=at,
        last_sign_at=at,
        due_at=at,
    )
    session.add(made)
    session.flush()
    return made


def complaint(
    session: Session, where: Chat, about: Staff, handler: Staff, *, at: datetime = NOW
) -> Request:
    """Let a complaint about a member of staff be open: it is hidden from them."""
    made = Request(
        reference=new_reference("R"),
        chat_id=where.id,
        kind="make_complaint",
        route="manager",
        staff_id=handler.id,
        hidden_from_id=about.id,
        asked_at=at,
        due_at=at,
    )
    session.add(made)
    session.flush()
    return made
