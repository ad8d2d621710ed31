"""What a member of staff may see of a chat: nothing that is about them."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from people import sight
from storage.tables import Chat, Message, Request, Staff
from tests import cast
from tests.cast import AMARA, NOW

HALF_AN_HOUR = timedelta(minutes=30)


def complaint(session: Session, chat: Chat, about: Staff, handler: Staff) -> Request:
    """Open a request that is hidden from whom it is about."""
    made = Request(
        reference="R-1",
        chat_id=chat.id,
        kind="make_complaint",
        route="manager",
        staff_id=handler.id,
        hidden_from_id=about.id,
        asked_at=NOW,
        due_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


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
    complaint(session, chat, wren, lee)
    cast.message(session, chat, "it has been months")
    flagged = cast.message(session, chat, "i want to die")

    assert seen(session, chat, wren, flagged) == ["before", "i want to die"]
    assert seen(session, chat, lee, flagged) == ["before", "it has been months", "i want to die"]


def test_once_a_complaint_was_closed_a_while_ago_everything_is_shown_again(
    session: Session,
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))
    complaint(session, chat, wren, lee).closed_at = NOW + timedelta(minutes=5)
    cast.message(session, chat, "thanks for looking into it", at=NOW + timedelta(minutes=20))
    cast.message(session, chat, "about my rent", at=NOW + timedelta(hours=1))

    assert seen(session, chat, wren) == ["about my rent"]
