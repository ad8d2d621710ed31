"""One young person on the pages: the plan, how contact stands, the log, and being left alone."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from checkins import planning
from content.library import Library
from people.hours import LONDON
from storage import contacts
from storage.tables import (
    CheckInAnswer,
    Circumstance,
    Contact,
    Flag,
    Person,
    Plan,
    Staff,
    Task,
    Trace,
)
from storage.tables.keeping_in_touch import ContactKind
from tests import cast
from tests.dashboard.staffed import Office, member, send

TODAY = {"on-day": "24", "on-month": "11", "on-year": "2026"}


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    with office.database.transaction() as session:
        return {
            "wren": member(session, "Wren"),
            "robin": member(session, "Robin"),
            "lee": member(session, "Lee", "manager"),
            "sam": member(session, "Sam", "manager", council=cast.OTHER_COUNCIL),
            "pat": member(session, "Pat", "participation"),
            "ada": member(session, "Ada", "admin"),
        }


@pytest.fixture
def amara(office: Office, team: dict[str, Staff], library: Library) -> Person:
    """Amara, who has joined and has a plan. She turns 18 next month: a window is open."""
    with office.database.transaction() as session:
        made = cast.person(session, team["wren"], born_on=date(2008, 12, 20))
        cast.chat(session, cast.AMARA, made)
        planning.ensure(session, made, library, LONDON, office.now)
        return made


def page(office: Office, who: Staff, person: Person) -> str:
    """Open the page of a person."""
    browser = office.browsers.get(who.name) or office.sign_in(who)
    return browser.get(f"/people/{person.id}").text


def lost_touch(office: Office, person: Person, kind: str = "silent") -> str:
    """Let Kith ask the adviser to find her."""
    with office.database.transaction() as session:
        found = session.get(Person, person.id)
        assert found is not None
        tried = [{"at": office.now.isoformat(), "what": "check_in", "came": "arrived"}]
        due_at = office.now + timedelta(days=1)
        task = contacts.open_task(session, found, kind, tried, due_at=due_at, now=office.now)
        assert task is not None
        return task.reference


def test_the_plan_is_said_in_words_with_what_comes_next(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    with office.database.transaction() as session:
        plan = session.scalars(select(Plan)).one()
        plan.every, plan.weekday, plan.topics_off = "fortnightly", 2, ["event"]

    shown = page(office, team["wren"], amara)

    assert "every two weeks, Wednesday" in shown
    assert "events" in shown
    assert "Next check-in" in shown
    assert "none is planned" not in shown


def test_how_contact_stands_is_there_with_the_window_of_now(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    with office.database.transaction() as session:
        for kind, days in ((ContactKind.CALL, 3), (ContactKind.VISIT, 20)):
            at = office.now - timedelta(days=days)
            contacts.log(
                session,
                amara,
                team["wren"],
                kind=kind,
                at=at,
                day=at.date(),
                two_way=True,
                now=office.now,
            )
        session.add(
            CheckInAnswer(
                person_id=amara.id,
                question="how",
                question_version=1,
                at=office.now - timedelta(days=9),
            )
        )

    shown = page(office, team["wren"], amara)

    assert "21 November 2026 (Call)" in shown
    assert "Visit: 4 November 2026" in shown
    assert "15 November 2026" in shown
    assert "Birthday 18, open until" in shown
    assert "In touch, by: Call, 21 November 2026 (not confirmed by staff)" in shown


@pytest.mark.parametrize("two_way", ["yes", "no"])
def test_a_contact_is_logged_with_its_kind_day_and_direction(
    office: Office, team: dict[str, Staff], amara: Person, two_way: str
) -> None:
    reference = lost_touch(office, amara)
    browser = office.sign_in(team["wren"])

    answer = send(
        browser,
        f"/people/{amara.id}/contacts",
        {"kind": "visit", "two_way": two_way, **TODAY},
        "/confirm",
    )

    assert answer.status_code == 303
    with office.database.transaction() as session:
        one = session.scalars(select(Contact)).one()
        assert (one.kind, one.two_way, one.by_id) == (
            "visit",
            two_way == "yes",
            team["wren"].id,
        )
        assert one.at <= office.now
        task = session.scalars(select(Task).where(Task.reference == reference)).one()
        assert (task.closed_at is not None) is (two_way == "yes")
        traces = session.scalars(select(Trace.action).order_by(Trace.id)).all()
        assert traces[-1] == "logged_contact"
    assert "24 November 2026" in page(office, team["wren"], amara)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"two_way": "yes", **TODAY}, 'href="#kind">Choose how you were in touch'),
        ({"kind": "bot", "two_way": "yes", **TODAY}, "Choose how you were in touch"),
        ({"kind": "call", **TODAY}, 'href="#two_way">Choose whether'),
        ({"kind": "call", "two_way": "yes", "on-day": ""}, 'href="#on-day">Fill in the day'),
        ({"kind": "call", "two_way": "yes", **TODAY, "on-month": "13"}, "That is not a day"),
        ({"kind": "call", "two_way": "yes", **TODAY, "on-day": "²"}, "That is not a day"),
        ({"kind": "call", "two_way": "yes", **TODAY, "on-day": "25"}, "in the future"),
        ({"kind": "call", "two_way": "yes", **TODAY, "on-year": "1"}, "before they were born"),
    ],
)
def test_a_contact_that_cannot_be_is_said_and_not_kept(
    office: Office, team: dict[str, Staff], amara: Person, form: dict[str, str], why: str
) -> None:
    browser = office.sign_in(team["wren"])

    answer = send(browser, f"/people/{amara.id}/contacts", form, "/confirm")

    assert answer.status_code == 400
    assert why in answer.text
    with office.database.transaction() as session:
        assert session.scalars(select(Contact)).all() == []


def test_somebody_is_left_alone_until_it_is_over(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    browser = office.sign_in(team["wren"])
    until = {"until-day": "1", "until-month": "12", "until-year": "2026"}
    send(browser, f"/people/{amara.id}/hold", {"hold": "hospital", **until}, "/confirm")
    send(browser, f"/people/{amara.id}/hold", {"hold": "bereaved"}, "/confirm")

    shown = page(office, team["wren"], amara)
    assert "In hospital, since 24 November 2026, until 1 December 2026" in shown
    assert "They are in hospital." in shown

    send(browser, f"/people/{amara.id}/hold/end", {"hold": "hospital"}, "/confirm")

    shown = page(office, team["wren"], amara)
    assert "They are in hospital." not in shown
    assert "They are bereaved." in shown
    with office.database.transaction() as session:
        assert {one.noted_by_id for one in session.scalars(select(Circumstance))} == {
            team["wren"].id
        }


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"until-day": ""}, 'href="#hold">Choose the reason'),
        ({"hold": "holiday"}, "Choose the reason"),
        ({"hold": "paused", "until-day": "x"}, 'href="#until-day">That is not a day'),
        (
            {"hold": "paused", "until-day": "24", "until-month": "11", "until-year": "2026"},
            "later than today",
        ),
    ],
)
def test_a_hold_that_cannot_be_is_said_and_not_kept(
    office: Office, team: dict[str, Staff], amara: Person, form: dict[str, str], why: str
) -> None:
    browser = office.sign_in(team["wren"])

    answer = send(browser, f"/people/{amara.id}/hold", form, "/confirm")

    assert answer.status_code == 400
    assert why in answer.text
    with office.database.transaction() as session:
        assert session.scalars(select(Circumstance)).all() == []


def test_lost_touch_is_on_today_and_on_the_page(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    lost_touch(office, amara)
    wren = office.sign_in(team["wren"])

    for path in ("/day", f"/people/{amara.id}"):
        shown = wren.get(path).text
        assert "Lost touch" in shown
        assert "check-in: arrived, no answer" in shown
    assert "For you to do: 1" in office.sign_in(team["lee"]).get("/day").text


@pytest.mark.parametrize("who", ["robin", "sam", "pat", "ada"])
def test_for_others_there_is_nobody_to_note_anything_about(
    office: Office, team: dict[str, Staff], amara: Person, who: str
) -> None:
    lost_touch(office, amara)
    browser = office.sign_in(team[who])
    forms = {
        "contacts": {"kind": "call", "two_way": "yes", **TODAY},
        "hold": {"hold": "hospital"},
        "hold/end": {"hold": "hospital"},
    }

    for path, form in forms.items():
        answer = send(browser, f"/people/{amara.id}/{path}", form, "/confirm")
        assert answer.status_code == 404
    assert "Amara" not in browser.get("/day").text
    with office.database.transaction() as session:
        assert session.scalars(select(Contact)).all() == []
        assert session.scalars(select(Circumstance)).all() == []


def test_a_flag_about_the_reader_does_not_show_as_a_reason_for_silence(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    with office.database.transaction() as session:
        chat = cast.chat(session, cast.AMARA, amara)
        chat.held_until = office.now + timedelta(minutes=20)
        session.add(
            Flag(
                reference="F-ABOUT1",
                chat_id=chat.id,
                level="same_day",
                categories=["allegation_about_staff"],
                third_party=False,
                about_staff=True,
                hidden_from_id=team["wren"].id,
                owner_id=team["lee"].id,
                why=[],
                rules_version="test",
                raised_at=office.now,
                last_sign_at=office.now,
                due_at=office.now,
            )
        )

    assert "Kith does not write first now" not in page(office, team["wren"], amara)
    assert "An urgent flag is open." in page(office, team["lee"], amara)


def test_a_call_about_a_complaint_is_not_in_the_log_of_whom_it_is_about(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    with office.database.transaction() as session:
        chat = cast.chat(session, cast.AMARA, amara)
        cast.complaint(session, chat, team["wren"], team["lee"], at=office.now)
    browser = office.sign_in(team["lee"])
    form = {"kind": "visit", "two_way": "yes", **TODAY}
    assert send(browser, f"/people/{amara.id}/contacts", form, "/confirm").status_code == 303

    assert "24 November 2026 (Visit)" in page(office, team["lee"], amara)
    assert "24 November 2026 (Visit)" not in page(office, team["wren"], amara)
    assert "No contact is noted yet" in page(office, team["wren"], amara)


def test_somebody_without_a_plan_has_a_page(office: Office, team: dict[str, Staff]) -> None:
    with office.database.transaction() as session:
        ben = cast.person(session, team["wren"], name="Ben")

    shown = page(office, team["wren"], ben)

    assert "Nothing is agreed yet" in shown
    assert "none yet" in shown


def test_there_is_no_page_for_nobody(office: Office, team: dict[str, Staff]) -> None:
    assert office.sign_in(team["lee"]).get(f"/people/{uuid.uuid4()}").status_code == 404
