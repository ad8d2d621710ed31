"""A second reader on the pages: reads what was drawn, says what was missed, and sees how much may be."""

import pytest
from sqlalchemy import select

from content.library import Library
from people.hours import LONDON
from safeguarding import second_reading
from scheduler import retention
from storage.tables import (
    Alert,
    Answer,
    Chat,
    Flag,
    FlagMessage,
    Message,
    Notice,
    SecondRead,
    Staff,
    Trace,
    Update,
)
from tests import cast
from tests.dashboard.staffed import Office, member, send
from tests.feedback.test_hearing import statement
from tests.safeguarding.test_second_reading import NOTICE, WEDNESDAY

WORDS = "he keeps turning up outside college \u202e<b>"
MISSED = {"finding": "missed", "level": "same_day", "category": "domestic_abuse"}


@pytest.fixture
def lee(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Lee", "manager")


@pytest.fixture
def read(office: Office, lee: Staff) -> SecondRead:
    """Amara wrote to Kith last Wednesday, and that was drawn."""
    with office.database.transaction() as session:
        wren = member(session, "Wren")
        chat = cast.chat(session, cast.AMARA, cast.person(session, wren))
        session.add(
            Notice(
                chat_id=chat.id,
                person_id=chat.person_id,
                version=NOTICE,
                shown_at=WEDNESDAY,
                agreed_at=WEDNESDAY,
            )
        )
        cast.message(session, chat, WORDS, at=WEDNESDAY)
        session.flush()
        second_reading.draw_next(
            session, [lee.council], notice=NOTICE, seed=1, zone=LONDON, now=office.now
        )
        return session.scalars(select(SecondRead)).one()


def judge(office: Office, who: Staff, read: SecondRead, **form: str) -> int:
    page = f"/second-reads/{read.reference}"
    with office.database.transaction() as session:
        message = session.scalars(select(Message.id).order_by(Message.id)).first()
    return send(
        office.sign_in(who), page, {"message": str(message), **form}, "/confirm"
    ).status_code


def now_is(office: Office, read: SecondRead) -> SecondRead:
    with office.database.transaction() as session:
        return session.get_one(SecondRead, read.id)


def test_the_reader_sees_the_words_as_text_and_no_name_in_lists(
    office: Office, lee: Staff, read: SecondRead
) -> None:
    browser = office.sign_in(lee)
    listed = browser.get("/second-reads").text
    shown = browser.get(f"/second-reads/{read.reference}").text

    assert read.reference in listed
    assert "Amara" not in listed + shown
    assert "he keeps turning up outside college [U+202E]&lt;b&gt;" in shown
    with office.database.transaction() as session:
        trace = session.scalars(select(Trace).where(Trace.action == "second_read")).one()
        assert (trace.staff_id, trace.about) == (lee.id, read.reference)
        assert trace.person_id == session.scalars(select(Chat.person_id)).one()


def test_only_managers_of_that_council_read(office: Office, read: SecondRead) -> None:
    with office.database.transaction() as session:
        others = [
            member(session, "Sam", "manager", council=cast.OTHER_COUNCIL),
            member(session, "Robin"),
            member(session, "Pat", "participation"),
        ]

    for one in others:
        browser = office.sign_in(one)
        assert browser.get(f"/second-reads/{read.reference}").status_code == 404
        assert read.reference not in browser.get("/second-reads").text


def test_what_was_missed_becomes_a_flag_that_staff_hear_of(
    office: Office, lee: Staff, read: SecondRead
) -> None:
    assert judge(office, lee, read, **MISSED) == 303

    with office.database.transaction() as session:
        flag = session.scalars(select(Flag)).one()
        assert (flag.level, flag.categories) == ("same_day", ["domestic_abuse"])
        assert session.scalars(select(Alert)).all() != []
        assert len(session.scalars(select(FlagMessage)).all()) == 1
    found = now_is(office, read)
    assert (found.finding, found.level, found.flag_id) == ("missed", "same_day", flag.id)
    card = office.sign_in(lee).get(f"/flags/{flag.reference}").text
    assert "Second reader: domestic abuse" in card


def test_a_missed_worry_about_staff_is_hidden_from_the_adviser(
    office: Office, lee: Staff, read: SecondRead
) -> None:
    judge(office, lee, read, **{**MISSED, "category": "allegation_about_staff"})

    with office.database.transaction() as session:
        flag = session.scalars(select(Flag)).one()
        wren = session.scalars(select(Staff).where(Staff.name == "Wren")).one()
    assert (flag.about_staff, flag.hidden_from_id) == (True, wren.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"finding": "perhaps"},
        {**MISSED, "level": "none"},
        {**MISSED, "category": "weather"},
        {**MISSED, "message": "999999"},
    ],
)
def test_what_is_half_said_is_not_kept(
    office: Office, lee: Staff, read: SecondRead, wrong: dict[str, str]
) -> None:
    assert judge(office, lee, read, **wrong) == 409

    assert now_is(office, read).finding is None
    with office.database.transaction() as session:
        assert session.scalars(select(Flag)).all() == []


def test_of_two_readers_the_first_counts(office: Office, lee: Staff, read: SecondRead) -> None:
    with office.database.transaction() as session:
        kim = member(session, "Kim", "manager")

    assert judge(office, lee, read, finding="nothing") == 303
    assert judge(office, kim, read, **MISSED) == 409

    assert now_is(office, read).reader_id == lee.id
    assert read.reference not in office.sign_in(lee).get("/second-reads").text


def test_managers_read_in_words_how_much_may_be_missed(
    office: Office, lee: Staff, read: SecondRead
) -> None:
    assert "nothing can be said" in office.sign_in(lee).get("/second-reads").text

    judge(office, lee, read, finding="nothing")

    shown = office.sign_in(lee).get("/second-reads").text
    assert "Of 1 conversations read in the last 12 months, 0 held danger" in shown
    assert "between 0 and 975 in 1,000" in shown


def test_words_of_a_statement_that_was_not_sent_to_the_reader_are_left_out(
    office: Office, lee: Staff, read: SecondRead, library: Library
) -> None:
    with office.database.transaction() as session:
        chat = session.scalars(select(Chat)).one()
        update = Update(
            bot_id=1,
            update_id=5,
            telegram_index=chat.telegram_index,
            raw="{}",
            received_at=WEDNESDAY,
        )
        session.add(update)
        session.flush()
        private = cast.message(session, chat, "only for the participation team", at=WEDNESDAY)
        private.update_id = update.id
        told = statement(session, library, chat, audience="participation_anonymous")
        answer = session.scalars(select(Answer).where(Answer.statement_id == told.id)).first()
        assert answer is not None
        answer.update_id = update.id

    shown = office.sign_in(lee).get(f"/second-reads/{read.reference}").text

    assert "he keeps turning up" in shown
    assert "only for the participation team" not in shown


def test_what_was_drawn_is_forgotten_after_a_year(office: Office, read: SecondRead) -> None:
    later = office.now + retention.SECOND_READS

    with office.database.transaction() as session:
        retention.forget_next(session, later)
        assert session.get(SecondRead, read.id) is not None
        retention.forget_next(session, later.replace(microsecond=1))

    with office.database.transaction() as session:
        assert session.get(SecondRead, read.id) is None
