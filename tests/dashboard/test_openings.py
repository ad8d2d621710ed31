"""Opening somebody who is not yours: with a reason, for a few hours, and others are told."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from content.library import Library
from people import emergency
from safeguarding import alerts
from safeguarding.alerts import Notification
from storage.tables import Alert, Flag, Opening, Person, Staff, Trace
from tests import cast
from tests.dashboard.staffed import PASSWORD, Office, member, send
from tests.dashboard.test_access import flag

WHY = "She rang the duty line and is on the street."
FORM = {"name": "amara", "born-day": "1", "born-month": "5", "born-year": "2008", "why": WHY}


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    """Wren is Amara's adviser, Robin is another, Lee manages here and Sam elsewhere."""
    with office.database.transaction() as session:
        wren = member(session, "Wren")
        cast.person(session, wren)
        return {
            "wren": wren,
            "robin": member(session, "Robin"),
            "lee": member(session, "Lee", "manager"),
            "sam": member(session, "Sam", "manager", council=cast.OTHER_COUNCIL),
        }


def sign_in(office: Office, who: Staff) -> FlaskClient:
    """Sign in, and prove again who it is."""
    browser = office.sign_in(who)
    given = {"password": PASSWORD, "code": office.code(who), "next": "/openings/new"}
    assert send(browser, "/confirm", given, "/confirm").status_code == 303
    return browser


def open_up(browser: FlaskClient, **changed: str) -> TestResponse:
    return send(browser, "/openings/new", {**FORM, **changed}, "/openings/new")


def amara(office: Office) -> Person:
    with office.database.transaction() as session:
        return session.scalars(select(Person)).one()


@pytest.mark.parametrize("who", ["robin", "sam"])
def test_a_record_that_is_not_theirs_opens_for_four_hours_with_a_reason(
    office: Office, team: dict[str, Staff], who: str
) -> None:
    page = f"/people/{amara(office).id}"
    browser = sign_in(office, team[who])
    assert browser.get(page).status_code == 404

    answer = open_up(browser)

    assert answer.location == page
    assert browser.get(page).status_code == 200
    office.later(emergency.LASTS)
    assert office.sign_in(team[who]).get(page).status_code == 404


def test_what_is_open_of_them_is_seen_too_and_nothing_sent_to_others(
    office: Office, team: dict[str, Staff]
) -> None:
    about = flag(office, amara(office), cast.AMARA, owner_id=team["wren"].id)
    browser = sign_in(office, team["robin"])
    assert browser.get(f"/flags/{about.reference}").status_code == 404

    open_up(browser)

    assert "he said he will find me" in browser.get(f"/flags/{about.reference}").text


def test_the_adviser_and_each_other_manager_are_told_without_a_name(
    office: Office, team: dict[str, Staff], library: Library
) -> None:
    open_up(sign_in(office, team["robin"]))

    letters: list[Notification] = []

    def keep(letter: Notification) -> str:
        letters.append(letter)
        return "kept"

    with office.database.sessions() as session:
        while alerts.send_next(
            session, keep, library, address="http://kith", duty_email=None, now=office.now
        ):
            pass
    assert {one.to for one in letters} == {team["wren"].email, team["lee"].email}
    assert all("Amara" not in one.text + one.subject for one in letters)
    assert all(WHY not in one.text for one in letters)


def test_whom_something_open_is_about_is_not_told_and_does_not_see_it_listed(
    office: Office, team: dict[str, Staff]
) -> None:
    flag(office, amara(office), cast.AMARA, about_staff=True, hidden_from_id=team["wren"].id)

    open_up(sign_in(office, team["robin"]))

    with office.database.transaction() as session:
        told = set(session.scalars(select(Alert.staff_id).where(Alert.opening_id.is_not(None))))
    assert told == {team["lee"].id}
    assert WHY not in office.sign_in(team["wren"]).get("/openings").text
    assert WHY in office.sign_in(team["lee"]).get("/openings").text


def test_whoever_something_open_is_about_does_not_open_the_one_who_said_it(
    office: Office, team: dict[str, Staff]
) -> None:
    flag(office, amara(office), cast.AMARA, about_staff=True, hidden_from_id=team["robin"].id)

    answer = open_up(sign_in(office, team["robin"]))

    assert answer.status_code == 400
    assert "Nobody has exactly this name" in answer.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"why": "short"}, "Say in 10 to 500 characters"),
        ({"why": "x" * 501}, "Say in 10 to 500 characters"),
        ({"name": "Amar"}, "Nobody has exactly this name"),
        ({"name": ""}, "Nobody has exactly this name"),
        ({"born-year": "2007"}, "Nobody has exactly this name"),
        ({"born-day": "", "born-month": "", "born-year": ""}, "Nobody has exactly this name"),
        ({"born-day": "31", "born-month": "2"}, "That is not a day"),
    ],
)
def test_without_a_reason_or_the_whole_name_nothing_opens(
    office: Office, team: dict[str, Staff], changed: dict[str, str], said: str
) -> None:
    answer = open_up(sign_in(office, team["robin"]), **changed)

    assert answer.status_code == 400
    assert said in answer.text
    with office.database.transaction() as session:
        assert session.scalars(select(Opening)).all() == []


def test_it_takes_a_fresh_proof_of_who_they_are(office: Office, team: dict[str, Staff]) -> None:
    browser = sign_in(office, team["robin"])
    office.later(timedelta(minutes=6))

    answer = send(browser, "/openings/new", FORM, "/confirm")

    assert answer.location is not None
    assert answer.location.startswith("/confirm")
    with office.database.transaction() as session:
        assert session.scalars(select(Opening)).all() == []


def test_opening_and_trying_to_are_in_the_audit_with_the_reason_sealed(
    office: Office, team: dict[str, Staff]
) -> None:
    browser = sign_in(office, team["robin"])
    open_up(browser, name="Nobody")
    open_up(browser)

    with office.database.transaction() as session:
        found = {
            one.action: (one.person_id, one.reason)
            for one in session.scalars(select(Trace).where(Trace.action.like("%open%")))
        }
        kept = session.connection().exec_driver_sql("select why from openings").scalar()
    assert found["tried_to_open"] == (None, WHY)
    assert found["opened_up"] == (amara(office).id, WHY)
    assert WHY not in str(kept)


def test_openings_and_flags_go_when_the_person_is_erased(
    office: Office, team: dict[str, Staff]
) -> None:
    open_up(sign_in(office, team["robin"]))

    with office.database.transaction() as session:
        session.delete(session.get_one(Person, amara(office).id))

    with office.database.transaction() as session:
        assert session.scalars(select(Opening)).all() == []
        assert session.scalars(select(Flag)).all() == []
