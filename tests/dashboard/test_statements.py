"""Statements on the pages: who reads what, what each step says to its author, and nothing overwritten."""

import re
from datetime import timedelta
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from content.library import Library
from feedback import hearing
from feedback.hearing import Step
from people import sight
from storage import hearing_back
from storage.database import Database
from storage.tables import (
    Answer,
    Chat,
    Look,
    Person,
    Send,
    Staff,
    Statement,
    StatementEvent,
    Trace,
)
from storage.tables.statements import StatementState as State
from storage.tables.statements import ThemeSource
from tests import cast
from tests.dashboard.staffed import Office, member, token
from tests.feedback.test_hearing import statement

MOULD, NAMELESS = "There is mould on my wall.", "Nobody told me about my review."


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    with office.database.transaction() as session:
        return {
            "wren": member(session, "Wren"),
            "robin": member(session, "Robin"),
            "lee": member(session, "Lee", "manager"),
            "sam": member(session, "Sam", "manager", council=cast.OTHER_COUNCIL),
            "pat": member(session, "Pat", "participation"),
            "pim": member(session, "Pim", "participation", council=cast.OTHER_COUNCIL),
            "ada": member(session, "Ada", "admin"),
        }


def amara(session: Session, team: dict[str, Staff]) -> Chat:
    """Amara, whose adviser is Wren, and her chat."""
    found = session.scalar(select(Chat))
    return found or cast.chat(session, cast.AMARA, cast.person(session, team["wren"]))


@pytest.fixture
def told(office: Office, team: dict[str, Staff], library: Library) -> str:
    """What Amara told Wren: it waits since a week."""
    with office.database.transaction() as session:
        made = statement(session, library, amara(session, team), team["wren"], words=MOULD)
        made.due_at, made.feelings = office.now - timedelta(days=7), ["not_good"]
        return made.reference


@pytest.fixture
def nameless(office: Office, team: dict[str, Staff], library: Library) -> str:
    """What Amara told the participation team without her name. A manager sees to it."""
    with office.database.transaction() as session:
        made = statement(
            session,
            library,
            amara(session, team),
            team["lee"],
            audience="participation_anonymous",
            words=NAMELESS,
        )
        made.due_at = office.now + timedelta(days=3)
        return made.reference


@pytest.fixture
def complaint(office: Office, team: dict[str, Staff], library: Library) -> str:
    """A complaint about Wren, which a manager has."""
    with office.database.transaction() as session:
        made = statement(
            session,
            library,
            amara(session, team),
            team["lee"],
            audience="manager",
            words="Wren never calls me back.",
        )
        made.complaint, made.hidden_from_id = True, team["wren"].id
        made.answer_by = made.due_at = office.now + timedelta(days=10)
        return made.reference


def take(browser: FlaskClient, reference: str, **form: str) -> TestResponse:
    """Fill in the form on the page of a statement."""
    page = browser.get(f"/statements/{reference}").text
    found = re.search(r'name="version" value="([^"]*)"', page)
    given = {"version": found.group(1) if found else "", **form}
    given["csrf_token"] = token(browser, "/confirm")
    return browser.post(f"/statements/{reference}/step", data=given)


def sends(office: Office) -> list[Send]:
    with office.database.transaction() as session:
        return list(session.scalars(select(Send).order_by(Send.id)))


def row_of(office: Office, reference: str) -> Statement:
    with office.database.transaction() as session:
        return session.scalars(select(Statement).where(Statement.reference == reference)).one()


# --- Who reads what --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("wren", {"told"}),
        ("robin", set()),
        ("lee", {"told", "nameless", "complaint"}),
        ("sam", set()),
        ("pat", {"nameless"}),
        ("pim", set()),
    ],
)
def test_each_reads_what_was_sent_to_them_and_the_rest_does_not_exist(
    office: Office,
    team: dict[str, Staff],
    told: str,
    nameless: str,
    complaint: str,
    who: str,
    sees: set[str],
) -> None:
    references = {"told": told, "nameless": nameless, "complaint": complaint}
    browser = office.sign_in(team[who])

    listed = browser.get("/statements").text + browser.get("/day").text

    assert {name for name, one in references.items() if one in listed} == sees
    for name, one in references.items():
        expected = 200 if name in sees else 404
        assert browser.get(f"/statements/{one}").status_code == expected
        assert (take(browser, one).status_code == 404) is (name not in sees)


def test_an_administrator_reads_none(office: Office, team: dict[str, Staff], told: str) -> None:
    browser = office.sign_in(team["ada"])

    assert browser.get("/statements").status_code == 404
    assert browser.get(f"/statements/{told}").status_code == 404
    assert told not in browser.get("/day").text


def test_a_complaint_does_not_exist_for_the_adviser_it_is_about(
    office: Office, team: dict[str, Staff], complaint: str
) -> None:
    with office.database.transaction() as session:
        found = session.scalars(select(Statement)).one()
        found.audience, found.due_at = "adviser", office.now - timedelta(days=1)
        person_id = found.person_id
    wren = office.sign_in(team["wren"])

    for path in ("/day", "/statements", f"/people/{person_id}"):
        shown = wren.get(path).text
        assert complaint not in shown
        assert "never calls" not in shown
        assert "are late: 1" not in shown
    assert wren.get(f"/statements/{complaint}").status_code == 404


def test_without_a_name_nobody_sees_whose_it_is_nor_on_which_day(
    office: Office, team: dict[str, Staff], nameless: str
) -> None:
    day = f"{office.now.day} {office.now:%B}"
    for who in ("pat", "lee"):
        browser = office.sign_in(team[who])
        page = browser.get(f"/statements/{nameless}").text
        for shown in (page, browser.get("/statements").text):
            assert "Amara" not in shown
            assert day not in shown
            assert "today" not in shown.replace("Today", "")
            assert "November 2026" in shown
        assert NAMELESS in page


def test_what_was_sent_without_a_name_is_not_on_the_page_of_who_wrote_it(
    office: Office, team: dict[str, Staff], told: str, nameless: str
) -> None:
    with office.database.transaction() as session:
        person_id = session.scalars(select(Person.id)).one()

    page = office.sign_in(team["lee"]).get(f"/people/{person_id}").text

    assert told in page
    assert nameless not in page


def test_no_trace_says_who_wrote_without_a_name(
    office: Office, team: dict[str, Staff], nameless: str
) -> None:
    take(office.sign_in(team["pat"]), nameless, state="done")

    with office.database.transaction() as session:
        found = session.scalars(select(Trace).where(Trace.about == nameless)).all()
        assert [one.action for one in found] == ["read_statement", "moved_statement"]
        assert {one.person_id for one in found} == {None}


def test_lists_and_the_page_agree_on_who_may_read(
    database: Database, library: Library, team: dict[str, Staff]
) -> None:
    with database.transaction() as session:
        chat = amara(session, team)
        for audience, owner, hidden, state in product(
            ("adviser", "manager", "reviewing_officer", "participation_anonymous", "only_me"),
            (None, team["wren"], team["lee"]),
            (None, team["wren"], team["lee"]),
            (State.KEPT, State.SENT, State.WITHDRAWN, State.DONE),
        ):
            made = statement(session, library, chat, owner, audience=audience)
            made.hidden_from_id = hidden.id if hidden else None
            made.state = state
            made.sent_at = None if state == State.KEPT else made.sent_at
            made.council = None if owner is None and hidden is None else made.council
        session.flush()
        everything = session.scalars(select(Statement)).all()
        for one in team.values():
            listed = set(session.scalars(select(Statement).where(sight.readable(one))))
            assert listed == {each for each in everything if sight.may_read(each, one)}


# --- The list --------------------------------------------------------------------------------


def test_what_is_late_comes_first_and_complaints_are_apart(
    office: Office, team: dict[str, Staff], library: Library, complaint: str
) -> None:
    with office.database.transaction() as session:
        chat = amara(session, team)
        made = [statement(session, library, chat, team["lee"]) for _ in range(2)]
        made[0].due_at = office.now + timedelta(days=2)
        made[1].due_at = office.now - timedelta(days=2)
        soon, late = (one.reference for one in made)

    page = office.sign_in(team["lee"]).get("/statements").text

    places = [page.index(one) for one in ("Complaints", complaint, "Waiting for you", late, soon)]
    assert places == sorted(places)
    assert "4 December 2026" in page


def test_a_late_one_is_on_today(office: Office, team: dict[str, Staff], told: str) -> None:
    page = office.sign_in(team["wren"]).get("/day").text

    assert "Statements that are late: 1" in page
    assert told in page


# --- One statement ---------------------------------------------------------------------------


def test_the_page_reads_it_back_with_what_may_be_used_and_what_it_is_about(
    office: Office, team: dict[str, Staff], told: str
) -> None:
    with office.database.transaction() as session:
        one = session.scalars(select(Statement)).one()
        hearing_back.say_theme(
            session, one, "repairs", ThemeSource.MACHINE, office.now, confidence=0.8
        )

    page = office.sign_in(team["wren"]).get(f"/statements/{told}").text

    for shown in ("What is wrong", MOULD, "Amara", "Not good", "may be used", "80%"):
        assert shown in page


def test_opening_it_is_seeing_it_once_and_is_written_down(
    office: Office, team: dict[str, Staff], told: str
) -> None:
    browser = office.sign_in(team["wren"])
    browser.get(f"/statements/{told}")
    browser.get(f"/statements/{told}")

    assert row_of(office, told).state == State.OPENED
    assert [one.reply_id for one in sends(office)] == ["hearing.opened", "hearing.ask"]
    with office.database.transaction() as session:
        assert len(session.scalars(select(Look)).all()) == 2
        reads = session.scalars(select(Trace).where(Trace.action == "read_statement")).all()
        assert len(reads) == 2


@pytest.mark.parametrize("state", ["in_hand", "done", "cannot"])
def test_each_step_reaches_its_author(
    office: Office, team: dict[str, Staff], told: str, state: str
) -> None:
    answer = take(office.sign_in(team["wren"]), told, state=state, words="I rang the landlord.")

    assert answer.status_code == 303
    assert row_of(office, told).state == state
    last = sends(office)[-1]
    assert last.reply_id == f"hearing.{state}"
    assert last.body is not None
    assert "I rang the landlord." in last.body["text"]


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"state": "cannot", "words": " "}, "Say why it cannot be done"),
        ({"state": "done", "words": "x" * 501}, "under 500 characters"),
        ({"state": "deleted"}, "Choose what happens now"),
        ({}, "Choose what happens now"),
        ({"state": "done", "version": "0.0"}, "changed while you had it open"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_sent(
    office: Office, team: dict[str, Staff], told: str, form: dict[str, str], why: str
) -> None:
    browser = office.sign_in(team["wren"])
    browser.get(f"/statements/{told}")
    before = len(sends(office))

    answer = take(browser, told, **form)

    assert answer.status_code == 409
    assert why in answer.text
    assert row_of(office, told).state == State.OPENED
    assert len(sends(office)) == before


def test_a_colleagues_step_meanwhile_is_shown_and_not_overwritten(
    office: Office, team: dict[str, Staff], told: str, library: Library
) -> None:
    wren = office.sign_in(team["wren"])
    page = wren.get(f"/statements/{told}").text
    version = page.split('name="version" value="')[1].split('"')[0]
    with office.database.transaction() as session:
        one = session.scalars(select(Statement)).one()
        hearing.take(session, library, one, team["lee"], Step(State.IN_HAND, "Mine"), office.now)

    answer = take(wren, told, state="cannot", words="No budget.", version=version)

    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert "No budget." in answer.text
    assert row_of(office, told).state == State.IN_HAND
    with office.database.transaction() as session:
        assert "cannot" not in session.scalars(select(StatementEvent.state)).all()


def test_words_added_meanwhile_are_read_before_it_is_done(
    office: Office, team: dict[str, Staff], told: str
) -> None:
    wren = office.sign_in(team["wren"])
    version = wren.get(f"/statements/{told}").text.split('name="version" value="')[1].split('"')[0]
    with office.database.transaction() as session:
        one = session.scalars(select(Statement)).one()
        session.add(
            Answer(
                statement_id=one.id,
                question="extra",
                kind="words",
                value={"words": "It is in my bedroom too."},
                given_at=office.now,
            )
        )

    answer = take(wren, told, state="done", version=version)

    assert answer.status_code == 409
    assert "It is in my bedroom too." in answer.text


def test_words_are_shown_as_words(office: Office, team: dict[str, Staff], library: Library) -> None:
    with office.database.transaction() as session:
        made = statement(
            session,
            library,
            amara(session, team),
            team["wren"],
            words="<script>alert(1)</script>\u202eback",
        )

    page = office.sign_in(team["wren"]).get(f"/statements/{made.reference}").text

    assert "<script" not in page
    assert "[U+202E]back" in page


def test_how_they_wrote_it_is_theirs(office: Office, team: dict[str, Staff], told: str) -> None:
    with office.database.transaction() as session:
        one = session.scalars(select(Statement)).one()
        before = office.now - timedelta(hours=5)
        hearing_back.into_state(session, one, State.SENT, before, note="sent, then taken back")
        one.state = State.SENT

    page = office.sign_in(team["wren"]).get(f"/statements/{told}").text

    assert "taken back" not in page
