"""The flag card when more is needed: help from managers, ways to reach them, replies that got lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from content.library import Library
from storage.tables import Alert, Chat, Flag, Note, Person, Send, Staff, Statement
from tests.dashboard.staffed import Office, member
from tests.dashboard.test_flag_card import CLOSING, do, now_is, raised
from tests.feedback.test_hearing import statement


@pytest.fixture
def wren(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Wren")


@pytest.fixture
def lee(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Lee", "manager")


def told(office: Office, flag: Flag) -> list[object]:
    with office.database.transaction() as session:
        return list(session.scalars(select(Alert.staff_id).where(Alert.flag_id == flag.id)))


def test_an_escalated_flag_waits_for_a_manager_who_is_told(
    office: Office, wren: Staff, lee: Staff
) -> None:
    flag = raised(office, wren)
    browser = office.sign_in(wren)

    do(browser, flag, "escalate", level="immediate", why_escalate="He is at her door.")
    browser.get(f"/flags/{flag.reference}")

    escalated = now_is(office, flag)
    assert (escalated.level, escalated.opened_at) == ("immediate", None)
    assert escalated.due_at <= office.now + timedelta(minutes=15)
    assert told(office, flag) == [lee.id]
    shown = office.sign_in(lee).get(f"/flags/{flag.reference}").text
    assert "He is at her door." in shown
    assert now_is(office, flag).opened_by_id == lee.id


@pytest.mark.parametrize(
    ("level", "why"), [("concern", "Too slow."), ("immediate", " "), ("", "Why"), ("none", "Why")]
)
def test_escalating_never_lowers_a_flag_and_needs_a_reason(
    office: Office, wren: Staff, level: str, why: str
) -> None:
    flag = raised(office, wren)

    answer = do(office.sign_in(wren), flag, "escalate", level=level, why_escalate=why)

    assert answer.status_code == 409
    assert now_is(office, flag).level == "same_day"
    with office.database.transaction() as session:
        assert session.scalars(select(Note)).all() == []


def test_nobody_is_told_of_a_flag_about_them_when_it_is_escalated(
    office: Office, wren: Staff, lee: Staff
) -> None:
    flag = raised(office, wren)
    with office.database.transaction() as session:
        kim = member(session, "Kim", "manager")
        session.execute(update(Flag).values(about_staff=True, hidden_from_id=lee.id))

    do(office.sign_in(kim), flag, "escalate", level="same_day", why_escalate="About a manager.")

    assert told(office, flag) == [None]


def test_whoever_a_flag_is_handed_to_is_told(office: Office, wren: Staff, lee: Staff) -> None:
    flag = raised(office, wren)

    do(office.sign_in(wren), flag, "hand-over", to=str(lee.id))

    assert told(office, flag) == [lee.id]


def test_how_to_reach_somebody_safely_is_kept_sealed_and_shown_before_a_reply(
    office: Office, wren: Staff
) -> None:
    flag = raised(office, wren)
    browser = office.sign_in(wren)

    do(browser, flag, "safely", safely="Do not ring after 5, he is home.")

    assert "Do not ring after 5, he is home." in browser.get(f"/flags/{flag.reference}").text
    preview = do(browser, flag, "reply", text="Can you talk?")
    assert "Do not ring after 5, he is home." in preview.text
    with office.database.transaction() as session:
        kept = session.connection().exec_driver_sql("select contact_safely from people").scalar()
    assert kept is not None
    assert "ring" not in kept


def test_a_note_that_is_too_long_is_not_kept(office: Office, wren: Staff) -> None:
    flag = raised(office, wren)

    assert do(office.sign_in(wren), flag, "safely", safely="x" * 301).status_code == 409

    with office.database.transaction() as session:
        assert session.scalars(select(Person.contact_safely)).one() is None


def test_a_ready_made_reply_is_shown_and_can_be_added_to(
    office: Office, wren: Staff, library: Library
) -> None:
    flag = raised(office, wren)

    preview = do(office.sign_in(wren), flag, "reply", ready="ready.when", text="I am free at 4.")

    assert library.say("ready.when").strip() in preview.text
    assert "I am free at 4." in preview.text


def test_a_reply_that_did_not_arrive_comes_back_and_answers_nothing(
    office: Office, wren: Staff
) -> None:
    flag = raised(office, wren)
    browser = office.sign_in(wren)
    office.later(timedelta(minutes=40))
    browser = office.sign_in(wren)
    do(browser, flag, "reply", text="Are you ok?", send="yes")
    assert "on its way" in browser.get(f"/flags/{flag.reference}").text
    with office.database.transaction() as session:
        session.execute(update(Send).values(state="failed", failure="blocked"))

    shown = browser.get(f"/flags/{flag.reference}").text
    refused = do(browser, flag, "close", **{**CLOSING, "outcome": "referred_on"})

    assert "The last reply to them did not arrive." in shown
    assert "Are you ok?" in shown
    assert "A reply did not arrive" in browser.get("/flags").text
    assert refused.status_code == 409
    assert "Their last word has no answer" in refused.text


def test_kith_may_talk_again_before_its_quiet_time_is_over(office: Office, wren: Staff) -> None:
    flag = raised(office, wren)
    browser = office.sign_in(wren)
    do(browser, flag, "reply", text="Are you ok?", send="yes")
    assert "Kith keeps quiet until" in browser.get(f"/flags/{flag.reference}").text

    do(browser, flag, "release")

    assert "Kith keeps quiet until" not in browser.get(f"/flags/{flag.reference}").text
    with office.database.transaction() as session:
        assert session.scalars(select(Chat.held_until)).one() is None


def test_the_card_lists_open_statements_that_were_sent_to_the_reader_and_no_other(
    office: Office, wren: Staff, library: Library
) -> None:
    flag = raised(office, wren)
    with office.database.transaction() as session:
        chat = session.scalars(select(Chat)).one()
        told_her = statement(session, library, chat, audience="adviser").reference
        session.execute(update(Statement).values(owner_id=wren.id))
        kept = statement(session, library, chat, audience="participation_anonymous").reference

    shown = office.sign_in(wren).get(f"/flags/{flag.reference}").text

    assert told_her in shown
    assert kept not in shown
