"""The flag card: read, taken, noted, answered, put off and closed, and never two at once by accident."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from storage.tables import Chat, Flag, FlagMessage, Message, Note, Send, Staff
from tests import cast
from tests.dashboard.staffed import Office, member, send

WORDS = "he said he will find me \u202e<b>x</b>\u200b"
CLOSING = {
    "outcome": "spoke_with_them",
    "done": "Rang her. She is at her nan's.",
    "verdict": "true",
}


@pytest.fixture
def wren(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Wren")


@pytest.fixture
def lee(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Lee", "manager")


def raised(office: Office, wren: Staff, level: str = "same_day") -> Flag:
    with office.database.transaction() as session:
        chat = cast.chat(session, cast.AMARA, cast.person(session, wren))
        said = cast.message(session, chat, WORDS, at=office.now)
        flag = Flag(
            reference="F-TEST01",
            chat_id=chat.id,
            level=level,
            categories=["domestic_abuse"],
            third_party=False,
            about_staff=False,
            owner_id=wren.id,
            why=[
                {"rule": "threat", "layer": "rules", "category": "domestic_abuse", "level": level},
                {"matched": "find me"},
                {"fact": "time"},
            ],
            rules_version="test",
            raised_at=office.now,
            last_sign_at=office.now,
            due_at=office.now + timedelta(minutes=15),
        )
        session.add(flag)
        session.flush()
        session.add(FlagMessage(flag_id=flag.id, message_id=said.id))
        return flag


def now_is(office: Office, flag: Flag) -> Flag:
    with office.database.transaction() as session:
        return session.get_one(Flag, flag.id)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def do(browser: FlaskClient, flag: Flag, what: str, **form: str) -> TestResponse:
    """Do something on the card as it is shown now."""
    page = f"/flags/{flag.reference}"
    shown = browser.get(page).text
    given = {"version": hidden(shown, "version"), "last_seen": hidden(shown, "last_seen"), **form}
    return send(browser, f"{page}/{what}", given, page)


def test_the_card_shows_the_words_as_text_and_why_and_who_was_told(
    office: Office, wren: Staff
) -> None:
    flag = raised(office, wren)

    shown = office.sign_in(wren).get(f"/flags/{flag.reference}").text

    assert "he said he will find me [U+202E]&lt;b&gt;x&lt;/b&gt;[U+200B]" in shown
    assert "Words that matched: find me" in shown
    assert "They named a time" in shown
    assert "score" not in shown
    assert now_is(office, flag).opened_by_id == wren.id


def test_a_reply_is_seen_before_it_is_sent_and_kith_keeps_quiet_after(
    office: Office, wren: Staff
) -> None:
    flag = raised(office, wren)
    browser = office.sign_in(wren)

    preview = do(browser, flag, "reply", text="Are you safe now? I can ring at 4.")
    with office.database.transaction() as session:
        assert session.scalars(select(Send)).all() == []
    do(browser, flag, "reply", text="Are you safe now? I can ring at 4.", send="yes")

    assert "Wren" in preview.text
    with office.database.transaction() as session:
        sent = [
            send.body["text"]
            for send in session.scalars(select(Send).order_by(Send.id))
            if send.body
        ]
        chat = session.scalars(select(Chat)).one()
    assert "Are you safe now? I can ring at 4." in sent[0]
    assert "Wren" in sent[0]
    assert chat.held_by_id == wren.id


@pytest.mark.parametrize("text", ["", "   ", "x" * 3_001], ids=["nothing", "spaces", "too long"])
def test_a_reply_that_cannot_be_sent_says_why(office: Office, wren: Staff, text: str) -> None:
    flag = raised(office, wren)

    answer = do(office.sign_in(wren), flag, "reply", text=text, send="yes")

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    with office.database.transaction() as session:
        assert session.scalars(select(Send)).all() == []


def test_a_flag_closes_with_an_outcome_and_words(office: Office, wren: Staff) -> None:
    flag = raised(office, wren)
    browser = office.sign_in(wren)

    do(browser, flag, "close", **CLOSING)

    closed = now_is(office, flag)
    assert closed.closed_by_id == wren.id
    assert (closed.outcome, closed.verdict) == ("spoke_with_them", "true")
    assert flag.reference not in browser.get("/flags").text


@pytest.mark.parametrize("missing", ["outcome", "done", "verdict"])
def test_a_flag_does_not_close_without_saying_what_was_done(
    office: Office, wren: Staff, missing: str
) -> None:
    flag = raised(office, wren)

    answer = do(office.sign_in(wren), flag, "close", **{**CLOSING, missing: ""})

    assert answer.status_code == 409
    assert now_is(office, flag).closed_at is None


def test_an_immediate_flag_takes_two_people(office: Office, wren: Staff, lee: Staff) -> None:
    flag = raised(office, wren, "immediate")
    hers, managers = office.sign_in(wren), office.sign_in(lee)

    do(hers, flag, "close", **CLOSING)
    do(hers, flag, "close", **CLOSING)
    assert now_is(office, flag).closed_at is None
    assert do(hers, flag, "agree", agree="yes").status_code == 409
    assert now_is(office, flag).closed_at is None

    do(managers, flag, "agree", agree="yes")

    assert now_is(office, flag).closed_by_id == lee.id


def test_a_second_person_may_keep_it_open(office: Office, wren: Staff, lee: Staff) -> None:
    flag = raised(office, wren, "immediate")
    do(office.sign_in(wren), flag, "close", **CLOSING)

    do(office.sign_in(lee), flag, "agree", agree="no")

    kept = now_is(office, flag)
    assert kept.closed_at is None
    assert kept.closing_id is None


def test_a_flag_does_not_close_while_their_last_word_has_no_answer(
    office: Office, wren: Staff
) -> None:
    flag = raised(office, wren)
    browser = office.sign_in(wren)

    refused = do(browser, flag, "close", **{**CLOSING, "outcome": "false_alarm"})
    assert refused.status_code == 409
    assert "Their last word has no answer" in refused.text

    do(browser, flag, "reply", text="Glad you are ok.", send="yes")
    do(browser, flag, "close", **{**CLOSING, "outcome": "false_alarm"})

    assert now_is(office, flag).closed_at is not None


def test_words_that_came_while_the_page_was_open_are_read_first(
    office: Office, wren: Staff
) -> None:
    flag = raised(office, wren)
    browser = office.sign_in(wren)
    page = f"/flags/{flag.reference}"
    shown = browser.get(page).text
    with office.database.transaction() as session:
        chat = session.scalars(select(Chat)).one()
        cast.message(session, chat, "hes outside", at=office.now)

    form = {"version": hidden(shown, "version"), "last_seen": hidden(shown, "last_seen"), **CLOSING}
    answer = send(browser, f"{page}/close", form, page)

    assert answer.status_code == 409
    assert "They have written since" in answer.text
    assert now_is(office, flag).closed_at is None


def test_of_two_at_once_the_second_sees_what_the_first_did(
    office: Office, wren: Staff, lee: Staff
) -> None:
    flag = raised(office, wren)
    hers, managers = office.sign_in(wren), office.sign_in(lee)
    page = f"/flags/{flag.reference}"
    stale = hidden(hers.get(page).text, "version")

    do(managers, flag, "take")
    answer = send(hers, f"{page}/take", {"version": stale}, page)

    assert answer.status_code == 409
    assert "A colleague changed this flag" in answer.text
    assert now_is(office, flag).owner_id == lee.id


def test_a_note_is_kept_for_colleagues(office: Office, wren: Staff, lee: Staff) -> None:
    flag = raised(office, wren)

    do(office.sign_in(wren), flag, "note", words="Her nan's number is on file.")

    assert (
        "Her nan&#39;s number is on file."
        in office.sign_in(lee).get(f"/flags/{flag.reference}").text
    )
    with office.database.transaction() as session:
        assert len(session.scalars(select(Note)).all()) == 1
        assert session.scalars(select(Message).where(Message.direction == "out")).all() == []


@pytest.mark.parametrize(
    ("level", "hours", "why", "fine"),
    [
        ("same_day", "4", "She is at work until 4.", True),
        ("same_day", "4", "", False),
        ("same_day", "25", "Tomorrow.", False),
        ("same_day", "0", "Now.", False),
        ("same_day", "soon", "Soon.", False),
        ("immediate", "1", "Police are there.", True),
        ("immediate", "2", "Police are there.", False),
    ],
)
def test_putting_off_needs_a_reason_and_has_an_end(
    office: Office, wren: Staff, level: str, hours: str, why: str, *, fine: bool
) -> None:
    flag = raised(office, wren, level)
    browser = office.sign_in(wren)

    do(browser, flag, "snooze", hours=hours, why=why)

    assert (now_is(office, flag).snoozed_until is not None) is fine
    if fine:
        office.later(timedelta(hours=int(hours)))
        browser = office.sign_in(wren)
        assert "Put off until" not in browser.get("/flags").text
        assert flag.reference in browser.get("/flags").text


def test_a_flag_is_handed_to_a_colleague_of_the_council_only(
    office: Office, wren: Staff, lee: Staff
) -> None:
    flag = raised(office, wren)
    with office.database.transaction() as session:
        sam = member(session, "Sam", "manager", council=cast.OTHER_COUNCIL)
    browser = office.sign_in(wren)

    assert do(browser, flag, "hand-over", to=str(sam.id)).status_code == 409
    do(browser, flag, "hand-over", to=str(lee.id))

    assert now_is(office, flag).owner_id == lee.id
