"""Ages, and the one-time codes that join a record to one chat."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from people import records
from people.records import MOST_TRIES, RecordError, age_on
from storage import outbox
from storage.tables import Chat, Flag, FlagMessage, Message, Request, Send
from storage.tables.outbox import Lane
from tests import cast
from tests.cast import AMARA, BEN, NOW, STRANGER


@pytest.mark.parametrize(
    ("born_on", "today", "age"),
    [
        (date(2008, 5, 1), date(2026, 4, 30), 17),
        (date(2008, 5, 1), date(2026, 5, 1), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 12, 31), date(2027, 1, 1), 18),
    ],
)
def test_an_age_is_in_whole_years(born_on: date, today: date, age: int) -> None:
    assert age_on(born_on, today) == age


def test_an_invitation_makes_a_record_and_a_code(session: Session) -> None:
    wren = cast.wren(session)

    amara, code = records.invite(
        session,
        adviser="WREN@example.org",
        name=" Amara ",
        born_on=date(2008, 5, 1),
        council="cheshire_east",
        now=NOW,
    )

    assert (amara.name, amara.adviser_id) == ("Amara", wren.id)
    assert len(code) >= 22


@pytest.mark.parametrize(
    ("adviser", "name", "born_on", "fault"),
    [
        ("nobody@example.org", "Amara", date(2008, 5, 1), "No member of staff"),
        ("wren@example.org", "Amara", date(2011, 11, 25), "aged 15 to 25"),
        ("wren@example.org", "Amara", date(2000, 11, 24), "aged 15 to 25"),
        ("wren@example.org", "  ", date(2008, 5, 1), "A name is needed"),
    ],
)
def test_an_invitation_that_cannot_be_made_says_why(
    session: Session, adviser: str, name: str, born_on: date, fault: str
) -> None:
    cast.wren(session)

    with pytest.raises(RecordError, match=fault):
        records.invite(
            session,
            adviser=adviser,
            name=name,
            born_on=born_on,
            council="cheshire_east",
            now=NOW,
        )


def test_somebody_who_left_invites_nobody(session: Session) -> None:
    cast.wren(session).left_at = NOW
    session.flush()

    with pytest.raises(RecordError, match="No member of staff"):
        records.invite(
            session,
            adviser="wren@example.org",
            name="Amara",
            born_on=date(2008, 5, 1),
            council="cheshire_east",
            now=NOW,
        )


def test_a_code_joins_a_chat_to_its_person_once(session: Session) -> None:
    amara = cast.person(session)
    code = records.new_code(session, amara, NOW)

    first = records.redeem(session, cast.chat(session, AMARA), code, NOW)
    second = records.redeem(session, cast.chat(session, STRANGER), code, NOW)

    assert first is not None
    assert first.id == amara.id
    assert second is None


def test_a_code_works_until_72_hours_are_over(session: Session) -> None:
    amara = cast.person(session)
    chat = cast.chat(session, AMARA)
    late = records.new_code(session, amara, NOW - timedelta(hours=72))
    in_time = records.new_code(session, amara, NOW - timedelta(hours=72) + timedelta(seconds=1))

    assert records.redeem(session, chat, late, NOW) is None
    assert records.redeem(session, chat, in_time, NOW) is not None


def test_after_five_tries_in_an_hour_even_the_right_code_is_refused(session: Session) -> None:
    chat = cast.chat(session)
    code = records.new_code(session, cast.person(session), NOW)
    for guess in range(MOST_TRIES):
        assert records.redeem(session, chat, f"guess-number-{guess}", NOW) is None

    refused = records.redeem(session, chat, code, NOW + timedelta(minutes=59))
    forgiven = records.redeem(session, chat, code, NOW + timedelta(minutes=61))

    assert refused is None
    assert forgiven is not None


def test_guesses_in_one_chat_do_not_lock_another(session: Session) -> None:
    code = records.new_code(session, cast.person(session), NOW)
    guesser = cast.chat(session)
    for guess in range(2 * MOST_TRIES):
        records.redeem(session, guesser, f"guess-number-{guess}", NOW)

    assert records.redeem(session, cast.chat(session, AMARA), code, NOW) is not None


def test_a_new_chat_lets_the_old_one_go_without_its_history(session: Session) -> None:
    amara = cast.person(session)
    old = cast.chat(session, AMARA, amara)
    old.memory = {"article": "housing.staying_put"}
    cast.message(session, old, "something private")
    new = cast.chat(session, BEN)

    joined = records.redeem(session, new, records.new_code(session, amara, NOW), NOW)

    assert joined is not None
    session.refresh(old)
    assert old.person_id is None
    assert old.memory is None
    assert new.memory is None
    assert (
        session.execute(
            text("select count(*) from messages where chat_id = :id"), {"id": new.id}
        ).scalar()
        == 0
    )


def test_a_chat_that_belongs_to_somebody_takes_no_other_record(session: Session) -> None:
    chat = cast.chat(session, AMARA, cast.person(session))
    ben = cast.person(session, name="Ben")
    code = records.new_code(session, ben, NOW)

    refused = records.redeem(session, chat, code, NOW)

    assert refused is None
    assert records.redeem(session, cast.chat(session, BEN), code, NOW) is not None


def test_a_code_is_not_kept_anywhere(session: Session) -> None:
    code = records.new_code(session, cast.person(session), NOW)
    session.flush()

    [kept] = session.scalars(text("select i::text from invitations i"))

    assert code not in kept
    assert code.encode().hex() not in kept


def test_a_new_code_ends_the_ones_made_before(session: Session) -> None:
    amara = cast.person(session)
    first = records.new_code(session, amara, NOW)
    _, second = records.invite_again(session, str(amara.id), NOW)

    assert records.redeem(session, cast.chat(session, BEN), first, NOW) is None
    assert records.redeem(session, cast.chat(session, AMARA), second, NOW) is not None


def test_open_work_comes_along_to_a_new_phone_and_nothing_else_goes_to_the_old(
    session: Session,
) -> None:
    wren = cast.wren(session)
    amara = cast.person(session, wren)
    old, new = cast.chat(session, AMARA, amara), cast.chat(session, BEN)
    private = cast.message(session, old, "something private")
    said = cast.message(session, old, "he said he will find me")
    flag = open_flag(session, old, said)
    asked = Request(
        reference="R-1",
        chat_id=old.id,
        kind="talk_to_adviser",
        route="adviser",
        staff_id=wren.id,
        asked_at=NOW,
        due_at=NOW,
    )
    session.add(asked)
    sends = {
        lane: outbox.put(
            session,
            chat_id=old.id,
            lane=lane,
            once_key=lane,
            method="sendMessage",
            body={"text": "hello"},
            now=NOW,
        )
        for lane in (Lane.SAFETY, Lane.STAFF, Lane.BULK)
    }

    code = records.new_code(session, amara, NOW)
    records.redeem(session, new, code, NOW, farewell="This chat is closed now.")

    for one in (flag, asked, said, private, *sends.values()):
        session.refresh(one)
    assert flag.chat_id == asked.chat_id == said.chat_id == new.id
    assert private.chat_id == old.id
    assert [sends[lane].state for lane in (Lane.SAFETY, Lane.STAFF, Lane.BULK)] == [
        "waiting",
        "dropped",
        "dropped",
    ]
    [told] = session.scalars(select(Send).where(Send.reply_id == "welcome.moved"))
    assert told.chat_id == old.id
    assert told.body == {"text": "This chat is closed now."}


def open_flag(session: Session, chat: Chat, about: Message) -> Flag:
    made = Flag(
        reference="F-1",
        chat_id=chat.id,
        level="same_day",
        categories=["domestic_abuse"],
        third_party=False,
        about_staff=False,
        why=[],
        rules_version="test",
        raised_at=NOW,
        last_sign_at=NOW,
        due_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add(FlagMessage(flag_id=made.id, message_id=about.id))
    session.flush()
    return made
