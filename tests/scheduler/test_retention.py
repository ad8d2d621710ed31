"""What is kept is forgotten when its time is over, and what staff must act on is not."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from people import cover
from scheduler import retention
from storage import chats, duties, inbox, letters, outbox, switch
from storage.tables import (
    Absence,
    Alert,
    Button,
    Chat,
    Duty,
    Flag,
    FlagMessage,
    Invitation,
    Message,
    Notice,
    Question,
    Request,
    Send,
    Shown,
    SwitchedOff,
    Update,
)
from storage.tables.base import Base
from storage.tables.outbox import Lane, SendState
from tests import cast
from tests.cast import AMARA, NOW, STRANGER

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
YEARS_AGO = NOW - timedelta(days=3000)


def forget(session: Session, now: datetime = NOW) -> int:
    """Run the rules once."""
    gone = retention.forget_next(session, now)
    session.expire_all()
    return gone


def count(session: Session, table: type[Base]) -> int:
    """Return how many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def amaras(session: Session) -> Chat:
    """Return Amara's chat, which is kept as long as she is with us."""
    return cast.chat(session, AMARA, cast.person(session), now=YEARS_AGO)


def flag(session: Session, message: Message, *, closed_at: datetime | None) -> Flag:
    """Keep a flag about a message."""
    made = Flag(
        reference="F-222222",
        chat_id=message.chat_id,
        level="same_day",
        categories=["self_harm"],
        third_party=False,
        about_staff=False,
        why=[],
        rules_version="test",
        raised_at=message.at,
        last_sign_at=message.at,
        due_at=message.at,
        closed_at=closed_at,
    )
    session.add(made)
    session.flush()
    session.add(FlagMessage(flag_id=made.id, message_id=message.id))
    session.flush()
    return made


def request(
    session: Session, chat: Chat, *, asked_at: datetime, closed_at: datetime | None
) -> Request:
    """Keep a request for a person."""
    made = Request(
        reference="R-222222",
        chat_id=chat.id,
        kind="talk_to_a_person",
        route="duty",
        words="please ring me",
        asked_at=asked_at,
        due_at=asked_at,
        closed_at=closed_at,
    )
    session.add(made)
    session.flush()
    return made


def update(session: Session, who: int, *, received_at: datetime, handled: bool) -> None:
    """Keep a raw update."""
    inbox.save(
        session,
        1,
        [(chats.index_of(who), {"update_id": who, "message": {"text": "words"}})],
        received_at,
    )
    if handled:
        kept = inbox.next_for(session, chats.index_of(who))
        assert kept is not None
        kept.handled_at = received_at
        session.flush()


def send(session: Session, chat: Chat, *, made_at: datetime, state: SendState) -> None:
    """Keep something in the outbox."""
    made = outbox.put(
        session,
        chat_id=chat.id,
        lane=Lane.REPLY,
        once_key="u1",
        method="sendMessage",
        body={"text": "words"},
        now=made_at,
    )
    made.state = state
    session.flush()


def test_a_stranger_is_forgotten_24_hours_after_they_last_wrote(session: Session) -> None:
    chat = cast.chat(session, now=NOW - DAY - MINUTE)
    cast.message(session, chat, at=NOW - DAY - MINUTE)
    update(session, STRANGER, received_at=NOW - DAY - MINUTE, handled=True)
    send(session, chat, made_at=NOW - DAY - MINUTE, state=SendState.SENT)
    session.add(Notice(chat_id=chat.id, version="1", shown_at=NOW))

    assert forget(session) > 0

    assert {
        table.__tablename__: count(session, table)
        for table in (Chat, Message, Update, Send, Notice)
    } == dict.fromkeys(("chats", "messages", "inbox", "outbox", "notices"), 0)


def test_a_stranger_who_wrote_within_24_hours_is_not_forgotten(session: Session) -> None:
    chat = cast.chat(session, now=NOW - DAY + MINUTE)
    cast.message(session, chat, at=NOW - 2 * DAY)

    forget(session)

    assert (count(session, Chat), count(session, Message)) == (1, 1)


def test_a_strangers_unanswered_update_is_never_lost(session: Session) -> None:
    cast.chat(session, now=NOW - 2 * DAY)
    update(session, STRANGER, received_at=NOW - 2 * DAY, handled=False)

    forget(session)

    [kept] = session.scalars(select(Update))
    assert kept.raw is not None


@pytest.mark.parametrize("closed_at", [None, NOW - DAY])
def test_a_flagged_strangers_flagged_words_are_held_and_the_rest_goes(
    session: Session, closed_at: datetime | None
) -> None:
    long_ago = NOW - 2 * DAY
    chat = cast.chat(session, now=long_ago)
    chat.age, chat.council, chat.memory = 17, "cheshire_east", {"article": "housing.staying_put"}
    flagged = cast.message(session, chat, "i want to die", at=long_ago)
    cast.message(session, chat, "how do i get a flat", at=long_ago)
    flag(session, flagged, closed_at=closed_at)

    forget(session)

    [left] = session.scalars(select(Message))
    assert left.text == "i want to die"
    assert chat.age is None
    assert chat.council is None
    assert chat.memory is None
    assert forget(session) == 0


def test_a_stranger_who_waits_for_a_person_is_not_forgotten(session: Session) -> None:
    chat = cast.chat(session, now=NOW - 9 * DAY)
    request(session, chat, asked_at=NOW - 9 * DAY, closed_at=None)

    forget(session)

    assert (count(session, Chat), count(session, Request)) == (1, 1)


def test_a_persons_messages_are_kept_for_a_year(session: Session) -> None:
    chat = amaras(session)
    cast.message(session, chat, "old", at=NOW - 365 * DAY - MINUTE)
    cast.message(session, chat, "not so old", at=NOW - 365 * DAY + MINUTE)

    assert forget(session) == 1

    assert session.scalars(select(Message.text)).all() == ["not so old"]


def test_a_person_stays_however_long_they_were_quiet(session: Session) -> None:
    amaras(session)

    assert forget(session) == 0
    assert count(session, Chat) == 1


def test_an_open_flag_holds_its_words_whatever_their_age(session: Session) -> None:
    flag(session, cast.message(session, amaras(session), at=YEARS_AGO), closed_at=None)

    assert forget(session) == 0
    assert (count(session, Message), count(session, Flag)) == (1, 1)


def test_a_closed_flag_and_its_words_go_24_months_after_it_was_closed(session: Session) -> None:
    flagged = cast.message(session, amaras(session), at=YEARS_AGO)
    raised = flag(session, flagged, closed_at=NOW - 730 * DAY + MINUTE)
    session.add(Alert(flag_id=raised.id, urgent=True, made_at=NOW, due_at=NOW))
    session.flush()

    assert forget(session) == 0
    assert forget(session, NOW + 2 * MINUTE) > 0

    assert {
        table.__tablename__: count(session, table) for table in (Flag, FlagMessage, Message, Alert)
    } == dict.fromkeys(("flags", "flag_messages", "messages", "alerts"), 0)


def test_an_open_request_is_held_whatever_its_age(session: Session) -> None:
    request(session, amaras(session), asked_at=YEARS_AGO, closed_at=None)

    assert forget(session) == 0
    assert session.scalars(select(Request.words)).all() == ["please ring me"]


@pytest.mark.parametrize(("age", "left"), [(730 * DAY - MINUTE, 1), (730 * DAY + MINUTE, 0)])
def test_a_closed_request_goes_24_months_after_it_was_made(
    session: Session, age: timedelta, left: int
) -> None:
    request(session, amaras(session), asked_at=NOW - age, closed_at=NOW)

    forget(session)

    assert count(session, Request) == left


@pytest.mark.parametrize(("age", "kept"), [(7 * DAY - MINUTE, True), (7 * DAY + MINUTE, False)])
def test_what_telegram_sent_is_emptied_7_days_after_handling(
    session: Session, age: timedelta, *, kept: bool
) -> None:
    amaras(session)
    update(session, AMARA, received_at=NOW - age, handled=True)

    forget(session)

    # The row stays, so that an update which Telegram repeats is still known.
    [row] = session.scalars(select(Update))
    assert (row.raw is not None) is kept


def test_an_update_nobody_handled_is_held_whatever_its_age(session: Session) -> None:
    amaras(session)
    update(session, AMARA, received_at=YEARS_AGO, handled=False)

    assert forget(session) == 0


@pytest.mark.parametrize(
    ("state", "age", "kept"),
    [
        (SendState.SENT, 7 * DAY - MINUTE, True),
        (SendState.SENT, 7 * DAY + MINUTE, False),
        (SendState.FAILED, 7 * DAY + MINUTE, False),
        (SendState.UNKNOWN, 7 * DAY + MINUTE, False),
        (SendState.WAITING, 7 * DAY + MINUTE, True),
        (SendState.SENDING, 7 * DAY + MINUTE, True),
    ],
)
def test_what_was_sent_is_emptied_after_7_days(
    session: Session, state: SendState, age: timedelta, *, kept: bool
) -> None:
    send(session, amaras(session), made_at=NOW - age, state=state)

    forget(session)

    [row] = session.scalars(select(Send))
    assert (row.body is not None) is kept


def test_questions_are_kept_for_twelve_months(session: Session) -> None:
    for month in (date(2025, 10, 1), date(2025, 11, 1), date(2026, 11, 1)):
        session.add(Question(month=month, outcome="unanswered", offered=[]))
    session.flush()

    assert forget(session) == 1
    assert session.scalars(select(Question.month).order_by(Question.month)).all() == [
        date(2025, 11, 1),
        date(2026, 11, 1),
    ]


def test_counts_of_answers_are_kept_for_twelve_months(session: Session) -> None:
    for month in (date(2025, 10, 1), date(2025, 11, 1)):
        session.add(Shown(month=month, council="", article="money.debt", times=3))
    session.flush()

    assert forget(session) == 1
    assert session.scalars(select(Shown.month)).all() == [date(2025, 11, 1)]


def test_invitations_go_30_days_after_they_ran_out(session: Session) -> None:
    amara = cast.person(session)
    for number, expires_at in enumerate((NOW - 30 * DAY - MINUTE, NOW - 30 * DAY + MINUTE)):
        session.add(
            Invitation(
                person_id=amara.id,
                code_index=bytes([number]),
                made_at=expires_at,
                expires_at=expires_at,
            )
        )
    session.flush()

    assert forget(session) == 1
    assert count(session, Invitation) == 1


def test_buttons_go_when_they_have_run_out(session: Session) -> None:
    chat = amaras(session)
    send(session, chat, made_at=NOW, state=SendState.SENT)
    [row] = session.scalars(select(Send))
    for token, expires_at in (("old", NOW - MINUTE), ("new", NOW + MINUTE)):
        session.add(
            Button(
                token=token, chat_id=chat.id, send_id=row.id, action="menu", expires_at=expires_at
            )
        )
    session.flush()

    assert forget(session) == 1
    assert session.scalars(select(Button.token)).all() == ["new"]


def test_when_nothing_is_due_nothing_goes(session: Session) -> None:
    chat = amaras(session)
    cast.message(session, chat, at=NOW)
    update(session, AMARA, received_at=NOW, handled=True)
    send(session, chat, made_at=NOW, state=SendState.SENT)

    assert forget(session) == 0


def test_who_was_away_or_on_duty_and_letters_about_it_go_after_two_years(session: Session) -> None:
    wren = cast.wren(session)
    for day, now in ((YEARS_AGO.date(), YEARS_AGO), (NOW.date(), NOW)):
        cover.set_away(session, wren, None, (day, day), by=wren, now=now)
        duties.put(session, cast.COUNCIL, day, wren.id, by=None, now=now)
        letters.write(session, "rota_empty", f"{cast.COUNCIL} {day}", wren.id, now)
        switch.turn_off(session, wren.id, "answers are wrong", now)
        switch.turn_on(session, wren.id, now)

    forget(session)

    assert [count(session, one) for one in (Absence, Duty, Alert, SwitchedOff)] == [1, 1, 1, 1]
