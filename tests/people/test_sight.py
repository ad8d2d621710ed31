"""What a member of staff may see of a chat: nothing that is about them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from people import sight
from storage.tables import Chat, Contact, Message, Person, Staff
from tests import cast
from tests.cast import AMARA, NOW

HALF_AN_HOUR = timedelta(minutes=30)


def seen(session: Session, chat: Chat, member: Staff, *flagged: Message) -> list[str | None]:
    """Return what somebody sees of a chat with a flag of theirs."""
    may = sight.visible(chat, member, [one.id for one in flagged], after=HALF_AN_HOUR)
    return list(session.scalars(select(Message.text).where(*may).order_by(Message.id)))


def test_while_a_complaint_is_open_the_one_it_is_about_sees_only_what_was_flagged(
    session: Session,
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))
    cast.message(session, chat, "before", at=NOW - timedelta(minutes=1))
    cast.complaint(session, chat, wren, lee)
    cast.message(session, chat, "it has been months")
    flagged = cast.message(session, chat, "i want to die")

    assert seen(session, chat, wren, flagged) == ["before", "i want to die"]
    assert seen(session, chat, lee, flagged) == ["before", "it has been months", "i want to die"]


def test_once_a_complaint_was_closed_a_while_ago_everything_is_shown_again(
    session: Session,
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))
    cast.complaint(session, chat, wren, lee).closed_at = NOW + timedelta(minutes=5)
    cast.message(session, chat, "thanks for looking into it", at=NOW + timedelta(minutes=20))
    cast.message(session, chat, "about my rent", at=NOW + timedelta(hours=1))

    assert seen(session, chat, wren) == ["about my rent"]


def note(session: Session, person: Person, by: Staff, at: datetime, noted_at: datetime) -> Contact:
    """Let a member of staff note a call."""
    made = Contact(
        person_id=person.id,
        kind="call",
        at=at,
        on_day=at.date(),
        two_way=True,
        by_id=by.id,
        noted_at=noted_at,
    )
    session.add(made)
    session.flush()
    return made


@pytest.mark.parametrize(
    ("at", "noted_at", "shown"),
    [
        (timedelta(days=-9), timedelta(days=-9), True),
        (timedelta(hours=-2), timedelta(hours=3), False),
        (timedelta(hours=1), timedelta(days=5), False),
        (timedelta(days=3), timedelta(days=3), True),
    ],
)
def test_what_a_colleague_noted_while_a_complaint_was_open_is_kept_from_whom_it_is_about(
    session: Session, at: timedelta, noted_at: timedelta, *, shown: bool
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    amara = cast.person(session, wren)
    chat = cast.chat(session, AMARA, amara)
    cast.complaint(session, chat, wren, lee).closed_at = NOW + timedelta(days=1)
    theirs = note(session, amara, lee, NOW + at, NOW + noted_at)
    own = note(session, amara, wren, NOW + at, NOW + noted_at)

    def seen_by(member: Staff) -> set[int]:
        may = sight.contacts_seen(member, after=HALF_AN_HOUR)
        return set(session.scalars(select(Contact.id).where(may)))

    assert seen_by(lee) == {theirs.id, own.id}
    assert seen_by(wren) == ({theirs.id, own.id} if shown else {own.id})
