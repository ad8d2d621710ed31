"""The system page, the off switch with its two questions, and what every colleague then sees."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.health import Ages
from storage import switch
from storage.tables import Staff, SwitchedOff, Trace
from tests.dashboard.staffed import PASSWORD, Office, member, send

WHY = "Answers about rent are wrong today"


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    with office.database.transaction() as session:
        return {
            "wren": member(session, "Wren"),
            "lee": member(session, "Lee", "manager"),
            "ada": member(session, "Ada", "admin"),
        }


def fresh(office: Office, who: Staff) -> FlaskClient:
    """Sign in, and give password and code once more."""
    browser = office.sign_in(who)
    given = {"password": PASSWORD, "code": office.code(who), "next": "/system"}
    assert send(browser, "/confirm", given, "/confirm").status_code == 303
    office.later(timedelta(seconds=30))
    return browser


def off(office: Office) -> SwitchedOff | None:
    with office.database.transaction() as session:
        return switch.current(session)


def test_each_part_is_said_in_words(
    office: Office, team: dict[str, Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Ages(
        {"last_tick": timedelta(minutes=12), "last_poll": timedelta(seconds=3)},
        {"empty_rotas": 1},
        database=True,
        model=False,
    )
    monkeypatch.setitem(office.app.extensions, "kith_ages", lambda: found)

    page = office.sign_in(team["ada"]).get("/system").text

    for said in (
        "Something is not well.",
        "12 minutes ago",
        "3 seconds ago",
        "Does not answer",
        "Nobody is on duty on the next working day: 1",
        "Kith cannot see them.",
    ):
        assert said in page


def test_an_adviser_has_no_switch(office: Office, team: dict[str, Staff]) -> None:
    browser = office.sign_in(team["wren"])

    assert browser.get("/system").status_code == 404
    assert send(browser, "/system/off", {"reason": WHY}, "/away").status_code == 404
    assert off(office) is None


def test_it_takes_password_and_code_and_then_a_second_yes(
    office: Office, team: dict[str, Staff]
) -> None:
    lee = office.sign_in(team["lee"])
    office.later(timedelta(minutes=6))
    first = send(lee, "/system/off", {"reason": WHY, "sure": "yes"}, "/system")
    assert first.location == "/confirm?next=/system"
    assert off(office) is None

    lee = fresh(office, team["lee"])
    asked = send(lee, "/system/off", {"reason": WHY}, "/system")
    assert "Is that what you want?" in asked.text
    assert off(office) is None
    assert send(lee, "/system/off", {"reason": WHY, "sure": "yes"}, "/system").status_code == 303

    found = off(office)
    assert found is not None
    assert (found.reason, found.off_by_id) == (WHY, team["lee"].id)


@pytest.mark.parametrize("reason", ["", "broken", "x" * 301])
def test_without_a_reason_it_stays_on(office: Office, team: dict[str, Staff], reason: str) -> None:
    answer = send(fresh(office, team["lee"]), "/system/off", {"reason": reason}, "/system")

    assert answer.status_code == 422
    assert "Say in 10 to 300 characters why." in answer.text
    assert off(office) is None


def test_everybody_sees_it_on_every_page_until_it_is_on_again(
    office: Office, team: dict[str, Staff]
) -> None:
    lee = fresh(office, team["lee"])
    send(lee, "/system/off", {"reason": f"{WHY} <b>", "sure": "yes"}, "/system")
    wren = office.sign_in(team["wren"])
    for path in ("/day", "/flags", "/people", "/content"):
        page = wren.get(path).text
        assert ">Lee switched Kith off at" in page
        assert f"<bdi>{WHY} &lt;b&gt;</bdi>" in page

    assert send(lee, "/system/off", {"reason": WHY, "sure": "yes"}, "/system").status_code == 422
    assert send(lee, "/system/on", {}, "/system").status_code == 303
    assert send(lee, "/system/on", {}, "/system").status_code == 409

    assert WHY not in wren.get("/day").text
    with office.database.transaction() as session:
        done = [one.action for one in session.scalars(select(Trace).order_by(Trace.id))]
    assert [one for one in done if one.startswith("switched_")] == ["switched_off", "switched_on"]
