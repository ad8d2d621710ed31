"""Days away on the pages: set by those who may, seen by the cover on those days, and traced."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import also, duties
from storage.tables import Absence, Alert, Chat, Duty, Flag, Person, Request, Staff, Trace
from tests import cast
from tests.dashboard.staffed import Office, member, send
from tests.dashboard.test_access import flag

DAY = timedelta(days=1)


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    with office.database.transaction() as session:
        found = {
            "wren": member(session, "Wren"),
            "robin": member(session, "Robin"),
            "lee": member(session, "Lee", "manager"),
            "sam": member(session, "Sam", "manager", council=cast.OTHER_COUNCIL),
        }
        cast.person(session, found["wren"])
        return found


def days(office: Office, first: int, last: int) -> dict[str, str]:
    """Fill in the two days of the form, counted from today."""
    filled: dict[str, str] = {}
    for name, ahead in (("first", first), ("last", last)):
        day = (office.now + DAY * ahead).date()
        filled |= {
            f"{name}-day": str(day.day),
            f"{name}-month": str(day.month),
            f"{name}-year": str(day.year),
        }
    return filled


def test_an_adviser_sets_cover_who_sees_the_people_until_the_last_day(
    office: Office, team: dict[str, Staff]
) -> None:
    wren, robin = office.sign_in(team["wren"]), office.sign_in(team["robin"])
    assert "Amara" not in robin.get("/people").text

    answer = send(wren, "/away", {**days(office, 0, 1), "cover": str(team["robin"].id)}, "/away")

    assert answer.status_code == 303
    assert "Amara" in robin.get("/people").text
    assert "You look after the people of Wren until 25 November 2026." in robin.get("/day").text
    assert "Robin looks after your people" in wren.get("/day").text
    office.later(DAY * 2)
    assert "Amara" not in office.sign_in(team["robin"]).get("/people").text


def test_what_the_cover_opens_says_in_whose_place(office: Office, team: dict[str, Staff]) -> None:
    wren, robin = office.sign_in(team["wren"]), office.sign_in(team["robin"])
    send(wren, "/away", {**days(office, 0, 1), "cover": str(team["robin"].id)}, "/away")
    listed = robin.get("/people").text
    [person_id] = set(re.findall(r"/people/([0-9a-f-]{36})", listed))

    assert robin.get(f"/people/{person_id}").status_code == 200

    with office.database.transaction() as session:
        trace = session.scalars(select(Trace).where(Trace.action == "read_person")).one()
    assert trace.staff_id == team["robin"].id
    assert trace.reason == f"stands in for {team['wren'].id}"


def test_an_adviser_sets_nobody_elses_days_and_a_manager_those_of_their_council(
    office: Office, team: dict[str, Staff]
) -> None:
    wanted = {**days(office, 0, 1), "who": str(team["wren"].id)}

    assert send(office.sign_in(team["robin"]), "/away", wanted, "/away").status_code == 404
    assert send(office.sign_in(team["sam"]), "/away", wanted, "/away").status_code == 404
    assert send(office.sign_in(team["lee"]), "/away", wanted, "/away").status_code == 303
    with office.database.transaction() as session:
        found = {one.staff_id for one in session.scalars(select(Absence))}
    assert found == {team["wren"].id}


def test_coming_back_early_is_one_click_and_ends_what_the_cover_sees(
    office: Office, team: dict[str, Staff]
) -> None:
    wren, robin = office.sign_in(team["wren"]), office.sign_in(team["robin"])
    send(wren, "/away", {**days(office, 0, 3), "cover": str(team["robin"].id)}, "/away")
    with office.database.transaction() as session:
        absence_id = session.scalars(select(Absence.id)).one()
        [letter] = session.scalars(select(Alert))
    assert (letter.kind, letter.staff_id) == ("cover_set", team["robin"].id)

    assert send(robin, f"/away/{absence_id}/end", {}, "/away").status_code == 404
    assert send(wren, f"/away/{absence_id}/end", {}, "/away").status_code == 303

    assert "Amara" not in robin.get("/people").text


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({}, "Fill in the first day away."),
        ({"first-day": "31", "first-month": "2", "first-year": "2026"}, "That is not a day."),
    ],
)
def test_a_form_that_is_wrong_says_what_to_do(
    office: Office, team: dict[str, Staff], filled: dict[str, str], said: str
) -> None:
    answer = send(office.sign_in(team["wren"]), "/away", filled, "/away")

    assert answer.status_code == 422
    assert said in answer.text


def test_owners_who_are_away_are_shown_with_who_does_their_work(
    office: Office, team: dict[str, Staff]
) -> None:
    with office.database.transaction() as session:
        ben = cast.person(session, team["wren"], name="Ben")
    flag(office, ben, cast.BEN, owner_id=team["wren"].id)
    wren = office.sign_in(team["wren"])
    send(wren, "/away", {**days(office, 0, 1), "cover": str(team["robin"].id)}, "/away")

    assert "Robin for Wren" in office.sign_in(team["lee"]).get("/flags").text


# --- Rota and hours ------------------------------------------------------------------------------


def test_an_empty_rota_is_on_the_managers_first_page_until_somebody_is_on_it(
    office: Office, team: dict[str, Staff]
) -> None:
    lee, wren = office.sign_in(team["lee"]), office.sign_in(team["wren"])
    said = "Nobody is on duty on 25 November 2026."
    assert said in lee.get("/day").text
    assert said not in wren.get("/day").text

    answer = send(lee, "/rota", {"on-2026-11-25": str(team["robin"].id)}, "/rota")

    assert answer.status_code == 303
    assert said not in lee.get("/day").text
    assert send(wren, "/rota", {"on-2026-11-25": ""}, "/away").status_code == 404


def test_nobody_of_another_council_can_be_put_on_duty(
    office: Office, team: dict[str, Staff]
) -> None:
    lee = office.sign_in(team["lee"])

    send(lee, "/rota", {"on-2026-11-25": str(team["sam"].id)}, "/rota")

    with office.database.transaction() as session:
        assert session.scalars(select(Duty)).all() == []


def test_hours_are_set_for_the_council_and_wrong_ones_are_said(
    office: Office, team: dict[str, Staff]
) -> None:
    lee = office.sign_in(team["lee"])

    wrong = send(lee, "/rota/hours", {"monday-from": "nine", "monday-until": "17:00"}, "/rota")
    right = send(lee, "/rota/hours", {"monday-from": "08:00", "monday-until": "12:30"}, "/rota")

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "Give times as 09:00" in wrong.text
    assert 'value="nine"' in wrong.text
    assert "Monday: 08:00 – 12:30" in office.sign_in(team["wren"]).get("/rota").text
    with office.database.transaction() as session:
        assert duties.hours(session, cast.COUNCIL) == {"monday": ("08:00", "12:30")}
        assert duties.hours(session, cast.OTHER_COUNCIL) is None


# --- Specialists ---------------------------------------------------------------------------------


def test_a_specialist_reads_what_was_flagged_and_nothing_around_it_nor_the_person(
    office: Office, team: dict[str, Staff]
) -> None:
    with office.database.transaction() as session:
        holly = member(session, "Holly")
        ben = cast.person(session, team["wren"], name="Ben")
    raised = flag(office, ben, cast.BEN, owner_id=team["wren"].id, categories=["homeless"])
    with office.database.transaction() as session:
        chat = session.get_one(Chat, raised.chat_id)
        cast.message(session, chat, "my boyfriend left me", at=office.now)
        also.give(session, session.get_one(Flag, raised.id), holly.id, "housing", office.now)
    browser, wren = office.sign_in(holly), office.sign_in(team["wren"])

    card = browser.get(f"/flags/{raised.reference}")

    assert card.status_code == 200
    assert "he said he will find me" in card.text
    assert "my boyfriend left me" not in card.text
    assert "my boyfriend left me" in wren.get(f"/flags/{raised.reference}").text
    assert "Ben" not in browser.get("/people").text
    assert browser.get(f"/people/{ben.id}").status_code == 404


def test_a_specialist_answers_a_request_of_their_topic(
    office: Office, team: dict[str, Staff]
) -> None:
    with office.database.transaction() as session:
        holly = member(session, "Holly")
        chat = cast.chat(session, cast.AMARA, session.scalars(select(Person)).one())
        asked = Request(
            reference="R-222222",
            chat_id=chat.id,
            kind="talk_to_adviser",
            topic="housing",
            route="adviser",
            staff_id=team["wren"].id,
            asked_at=office.now,
            due_at=office.now,
        )
        session.add(asked)
        session.flush()
        also.give(session, asked, holly.id, "housing", office.now)
    browser = office.sign_in(holly)

    assert "R-222222" in browser.get("/requests").text
    assert browser.get("/requests/R-222222").status_code == 200
    assert office.sign_in(team["robin"]).get("/requests/R-222222").status_code == 404
