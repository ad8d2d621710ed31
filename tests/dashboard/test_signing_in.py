"""Coming in: three things at once, one answer to whatever is wrong, and out at once when it must be."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from content.library import Library
from dashboard.signing_in import passwords
from storage import doors
from storage.database import Database
from storage.tables import RecoveryCode, Staff, Trace, Visit
from tests.dashboard.staffed import PASSWORD, Office, member, open_office, send, token


@pytest.fixture
def office(database: Database, library: Library) -> Office:
    """An office with an adviser and an administrator."""
    return open_office(database, library)


@pytest.fixture
def wren(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Wren")


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/day").status_code == 200


def test_password_and_code_open_the_door(office: Office, wren: Staff) -> None:
    browser = office.sign_in(wren)

    assert is_in(browser)
    assert "Wren" in browser.get("/day").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "three otters borrow lantern"},
        {"code": "000000"},
        {"code": ""},
        {"email": "nobody@example.org"},
        {"email": "", "password": "", "code": ""},
    ],
    ids=["password", "code", "no code", "nobody", "nothing"],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    office: Office, wren: Staff, wrong: dict[str, str]
) -> None:
    browser = office.app.test_client()
    other = office.app.test_client()

    answer = office.try_to_sign_in(browser, wren, **wrong)
    known = office.try_to_sign_in(other, wren, password="not this one at all")

    def without_token(text: str) -> str:
        return re.sub(r'name="csrf_token" value="[^"]*"', "", text)

    assert answer.status_code == known.status_code == 401
    assert without_token(answer.text) == without_token(known.text)
    assert not is_in(browser)


def test_a_code_opens_once(office: Office, wren: Staff) -> None:
    code = office.code(wren)
    first, second = office.app.test_client(), office.app.test_client()

    send(first, "/sign-in", {"email": wren.email, "password": PASSWORD, "code": code})
    send(second, "/sign-in", {"email": wren.email, "password": PASSWORD, "code": code})

    assert is_in(first)
    assert not is_in(second)


def test_ten_failures_close_the_door_for_a_while_and_then_it_opens_again(
    office: Office, wren: Staff
) -> None:
    browser = office.app.test_client()
    for _ in range(10):
        send(browser, "/sign-in", {"email": wren.email, "password": "no", "code": "1"})

    assert not is_in(office.sign_in(wren))

    office.later(timedelta(minutes=16))
    assert is_in(office.sign_in(wren))


def test_a_visit_ends_after_fifteen_minutes_without_a_click(office: Office, wren: Staff) -> None:
    browser = office.sign_in(wren)
    office.later(timedelta(minutes=14))
    assert is_in(browser)

    office.later(timedelta(minutes=16))

    assert not is_in(browser)


def test_a_visit_ends_after_ten_hours_however_busy(office: Office, wren: Staff) -> None:
    browser = office.sign_in(wren)
    for _ in range(60):
        office.later(timedelta(minutes=10))
        browser.get("/day")

    assert not is_in(browser)


def test_signing_out_ends_the_visit_on_the_server(office: Office, wren: Staff) -> None:
    browser = office.sign_in(wren)
    cookie = browser.get_cookie("kith")
    assert cookie is not None

    send(browser, "/sign-out", {}, page="/day")
    browser.set_cookie("kith", cookie.value)

    assert not is_in(browser)


def test_who_has_left_is_out_at_once(office: Office, wren: Staff) -> None:
    browser = office.sign_in(wren)

    with office.database.transaction() as session:
        gone = session.get_one(Staff, wren.id)
        gone.left_at = office.now
        doors.new_mark(session, gone.id)

    assert not is_in(browser)
    assert not is_in(office.sign_in(wren))


def test_the_cookie_says_nothing_and_changes_at_sign_in(office: Office, wren: Staff) -> None:
    browser = office.app.test_client()
    token(browser)
    before = browser.get_cookie("kith")

    office.try_to_sign_in(browser, wren)
    after = browser.get_cookie("kith")

    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert str(wren.id) not in after.value
    assert after.http_only
    with office.database.transaction() as session:
        kept = session.scalars(select(Visit)).all()
    assert after.value.encode() not in {one.id_index for one in kept}


def test_a_form_without_its_token_changes_nothing(office: Office, wren: Staff) -> None:
    browser = office.sign_in(wren)

    assert browser.post("/sign-out").status_code == 400
    assert is_in(browser)


def test_a_form_from_another_site_changes_nothing(office: Office, wren: Staff) -> None:
    browser = office.sign_in(wren)
    given = {"csrf_token": token(browser, "/day")}

    answer = browser.post("/sign-out", data=given, headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 400
    assert is_in(browser)


def test_coming_in_and_failing_to_are_both_recorded(office: Office, wren: Staff) -> None:
    office.sign_in(wren, password="wrong")
    office.sign_in(wren)

    with office.database.transaction() as session:
        actions = [one.action for one in session.scalars(select(Trace).order_by(Trace.id))]
    assert actions == ["sign_in_refused", "signed_in"]


# --- The one-time link -----------------------------------------------------------------------


@pytest.fixture
def newcomer(office: Office) -> tuple[Staff, str]:
    with office.database.transaction() as session:
        made = Staff(
            email="robin@example.org",
            name="Robin Vale",
            role="adviser",
            council="cheshire_east",
            added_at=office.now,
        )
        session.add(made)
        session.flush()
        return made, doors.new_link(session, made.id, office.now)


def set_up(office: Office, browser: FlaskClient, secret: str, **wrong: str) -> int:
    page = browser.get(f"/set-up/{secret}")
    if page.status_code != 200:
        return page.status_code
    key = re.sub(r"\s", "", page.text.split('kith-key-text">')[1].split("<")[0])
    shown = Staff(totp_secret=key)
    form = {"password": PASSWORD, "again": PASSWORD, "code": office.code(shown), **wrong}
    return send(browser, f"/set-up/{secret}", form, page=f"/set-up/{secret}").status_code


def test_a_newcomer_sets_up_and_comes_in(office: Office, newcomer: tuple[Staff, str]) -> None:
    robin, secret = newcomer
    browser = office.app.test_client()

    assert set_up(office, browser, secret) == 200

    office.later(timedelta(seconds=30))
    with office.database.transaction() as session:
        ready = session.get_one(Staff, robin.id)
        assert PASSWORD not in (ready.password_hash or "")
        assert (ready.password_hash or "").startswith("$argon2id$v=19$m=19456,t=2,p=1")
    assert is_in(office.sign_in(ready))
    assert browser.get(f"/set-up/{secret}").status_code == 404


def test_a_link_works_for_a_day(office: Office, newcomer: tuple[Staff, str]) -> None:
    office.later(timedelta(hours=25))

    assert office.app.test_client().get(f"/set-up/{newcomer[1]}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"password": "short", "again": "short"}, {"again": "something else"}, {"code": "123"}],
    ids=["short", "not the same", "wrong code"],
)
def test_a_mistake_at_set_up_is_said_and_costs_nothing(
    office: Office, newcomer: tuple[Staff, str], wrong: dict[str, str]
) -> None:
    browser = office.app.test_client()

    assert set_up(office, browser, newcomer[1], **wrong) == 422
    assert set_up(office, browser, newcomer[1]) == 200


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("three otters borrow lanterns", ""),
        ("correct horse battery staple", ""),
        ("elevenchars", "too_short"),
        ("x" * 129, "too_long"),
        ("cheshire is a lovely place", "about_us"),
        ("c4r3l34v3r forever and on", "about_us"),
        ("robin goes out walking", "about_us"),
        ("qwertyuiopasdf", "stolen"),
        ("aaaaaaaaaaaaaaaa", "stolen"),
        ("iloveyou so much 99", "stolen"),
    ],
)
def test_what_a_password_must_be(password: str, fault: str) -> None:
    assert passwords.fault(password, email="robin@example.org", name="Robin Vale") == fault


# --- Recovery codes ------------------------------------------------------------------------------


def codes_in(page: str) -> list[str]:
    """Return the recovery codes on a page."""
    return re.findall(r"\b(?:[2-9B-Z]{4}-){3}[2-9B-Z]{4}\b", page)


def ten(office: Office, wren: Staff) -> list[str]:
    """Make ten codes on the page, and return them."""
    return codes_in(send(office.sign_in(wren), "/recovery", {}, "/recovery").text)


def test_ten_codes_are_shown_once_and_kept_as_what_proves_them(office: Office, wren: Staff) -> None:
    codes = ten(office, wren)

    assert len(set(codes)) == 10
    again = office.sign_in(wren).get("/recovery").text
    assert codes_in(again) == []
    assert "Recovery codes you have left: 10" in again
    with office.database.transaction() as session:
        kept = session.scalars(select(RecoveryCode.code_index)).all()
    assert not [one for one in kept if any(code.encode() in one for code in codes)]


def test_a_code_opens_once_however_it_is_typed(office: Office, wren: Staff) -> None:
    first, second, *_ = ten(office, wren)

    assert is_in(office.sign_in(wren, code=first.replace("-", " ").lower()))
    assert not is_in(office.sign_in(wren, code=first))
    assert is_in(office.sign_in(wren, code=second))
    with office.database.transaction() as session:
        done = session.scalars(select(Trace.action).order_by(Trace.id)).all()
    assert done.count("used_recovery_code") == 2


def test_with_the_wrong_password_a_code_is_not_used_up(office: Office, wren: Staff) -> None:
    code = ten(office, wren)[0]

    assert not is_in(office.sign_in(wren, code=code, password="not this one at all"))
    assert is_in(office.sign_in(wren, code=code))


def test_a_code_is_no_use_to_anybody_else(office: Office, wren: Staff) -> None:
    code = ten(office, wren)[0]
    with office.database.transaction() as session:
        robin = member(session, "Robin")

    assert not is_in(office.sign_in(robin, code=code))
    assert is_in(office.sign_in(wren, code=code))


def test_new_codes_end_the_ones_before_and_need_password_and_code(
    office: Office, wren: Staff
) -> None:
    old, *others = ten(office, wren)
    browser = office.sign_in(wren)
    office.later(timedelta(minutes=6))
    assert send(browser, "/recovery", {}, "/recovery").location == "/confirm?next=/recovery"

    given = {"password": PASSWORD, "code": old, "next": "/recovery"}
    assert send(browser, "/confirm", given, "/confirm").location == "/recovery"
    codes = codes_in(send(browser, "/recovery", {}, "/recovery").text)

    assert len(codes) == 10
    assert not is_in(office.sign_in(wren, code=others[0]))
    assert is_in(office.sign_in(wren, code=codes[9]))


def test_a_locked_door_does_not_open_with_a_code(office: Office, wren: Staff) -> None:
    code = ten(office, wren)[0]
    browser = office.app.test_client()
    for _ in range(10):
        send(browser, "/sign-in", {"email": wren.email, "password": "wrong", "code": "000000"})

    assert not is_in(office.sign_in(wren, code=code))
    office.later(timedelta(minutes=16))
    assert is_in(office.sign_in(wren, code=code))
