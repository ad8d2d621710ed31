"""Announcements and surveys on the pages: by the rules of the commands, in counts, never who."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import events as stored
from storage import trials
from storage.tables import Due, Event, Push, Send, Staff, Survey
from storage.tables.outbox import Lane
from tests import cast
from tests.dashboard.staffed import Office, member, send

FAIR = {
    "interest": "job_fairs",
    "title": "Job fair",
    "words": "Come and meet people who give jobs.",
    "on-day": "27",
    "on-month": "11",
    "on-year": "2026",
    "at": "14:00",
    "place": "",
    "youngest": "16",
    "oldest": "25",
}


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    with office.database.transaction() as session:
        return {
            "pat": member(session, "Pat", "participation"),
            "lee": member(session, "Lee", "manager"),
            "sam": member(session, "Sam", "manager", council=cast.OTHER_COUNCIL),
        }


def asked_for_it(office: Office, count: int) -> None:
    with office.database.transaction() as session:
        for number in range(count):
            one = cast.person(session, name=f"Young {number}")
            cast.chat(session, 8000 + number, one)
            stored.ask_for(session, one.id, ["job_fairs"], office.now)


def written(office: Office, who: Staff, **wrong: str) -> str:
    """Write the announcement, and return where it is."""
    browser = office.browsers.get(who.name) or office.sign_in(who)
    answer = send(browser, "/announcements/new", {**FAIR, **wrong}, "/announcements/new")
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def press(office: Office, who: Staff, path: str, step: str) -> int:
    """Press one of the buttons of a page that was just opened."""
    browser = office.browsers.get(who.name) or office.sign_in(who)
    found = re.search(r'name="version" value="(\w+)"', browser.get(path).text)
    form = {"version": found[1] if found else ""}
    return send(browser, f"{path}/{step}", form, path).status_code


def test_what_is_written_is_shown_as_it_is_read(office: Office, team: dict[str, Staff]) -> None:
    path = written(office, team["pat"])

    shown = office.browsers["Pat"].get(path).text

    assert "Come and meet people who give jobs." in shown
    assert "coming" in html.unescape(shown)
    assert "2pm on Friday 27 November" in shown
    assert "Job fair" in office.browsers["Pat"].get("/announcements").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "For care leavers"}, "The text"),
        ({"title": " "}, "It needs a title"),
        ({"on-year": "2025"}, "It would be over already"),
        ({"at": ""}, "the day as well"),
        ({"at": "half four"}, "the day as well"),
        ({"youngest": "25", "oldest": "16"}, "the lower one first"),
        ({"oldest": "old"}, "two numbers"),
        ({"interest": ""}, "interest"),
        ({"place": "Atlantis"}, "not a place of your council"),
    ],
)
def test_what_cannot_go_out_is_said_and_kept_on_the_form(
    office: Office, team: dict[str, Staff], wrong: dict[str, str], said: str
) -> None:
    browser = office.sign_in(team["pat"])

    answer = send(browser, "/announcements/new", {**FAIR, **wrong}, "/announcements/new")

    assert answer.status_code == 400
    assert said in html.unescape(answer.text)
    assert "who give jobs" in answer.text
    with office.database.transaction() as session:
        assert session.scalars(select(Event)).all() == []


def test_few_are_not_counted_out_loud(office: Office, team: dict[str, Staff]) -> None:
    asked_for_it(office, 3)
    path = written(office, team["pat"])

    assert "fewer than 5 people" in office.browsers["Pat"].get(path).text


def test_above_the_number_only_a_second_person_lets_it_go(
    office: Office, team: dict[str, Staff]
) -> None:
    asked_for_it(office, 21)
    pat, lee = team["pat"], team["lee"]
    path = written(office, pat)

    assert "a second person approves it" in office.browsers["Pat"].get(path).text
    assert press(office, pat, path, "send") == 409
    assert press(office, pat, path, "approve") == 409
    assert press(office, lee, path, "approve") == 303
    assert press(office, pat, path, "send") == 303

    with office.database.transaction() as session:
        assert len(session.scalars(select(Due)).all()) == 21
    shown = office.browsers["Pat"].get(path).text
    assert "not sent yet" in shown
    assert "Young" not in shown
    assert press(office, lee, path, "cancel") == 303
    assert "Called off" in office.browsers["Pat"].get(path).text


def test_a_change_undoes_the_approval_and_nobody_approves_what_they_did_not_see(
    office: Office, team: dict[str, Staff]
) -> None:
    pat, lee = team["pat"], team["lee"]
    path = written(office, pat)
    lees = office.sign_in(lee)
    seen = re.search(r'name="version" value="(\w+)"', lees.get(path).text)
    assert seen is not None

    form_path = f"{path}/change"
    form = office.browsers["Pat"].get(form_path).text
    version = re.search(r'name="version" value="(\w+)"', form)
    assert version is not None
    assert "Come and meet" in form
    changed = {**FAIR, "words": "Come and eat cake.", "version": version[1]}
    assert send(office.browsers["Pat"], form_path, changed, form_path).status_code == 303

    late = send(lees, f"{path}/approve", {"version": seen[1]}, path)
    again = send(office.browsers["Pat"], form_path, changed, form_path)

    assert late.status_code == again.status_code == 409
    assert "changed while you had it open" in late.text
    with office.database.transaction() as session:
        assert session.scalars(select(Event.approved_at)).one() is None


def test_it_is_tried_on_oneself_once_ones_own_telegram_is_joined(
    office: Office, team: dict[str, Staff]
) -> None:
    pat = team["pat"]
    path = written(office, pat)
    assert press(office, pat, path, "test") == 409

    shown = send(office.browsers["Pat"], "/announcements/link", {}, path).text
    code = re.search(r"/start ([\w-]+)", shown)
    assert code is not None
    with office.database.transaction() as session:
        trials.join(session, cast.chat(session), code[1], office.now)
    assert press(office, pat, path, "test") == 303

    with office.database.transaction() as session:
        [sent] = session.scalars(select(Send))
        assert sent.lane == Lane.STAFF
        assert sent.body is not None
        assert "who give jobs" in sent.body["text"]


def test_another_councils_announcement_does_not_exist(
    office: Office, team: dict[str, Staff]
) -> None:
    path = written(office, team["pat"])
    sams = office.sign_in(team["sam"])

    assert sams.get(path).status_code == 404
    assert sams.get(f"{path}/change").status_code == 404
    assert press(office, team["sam"], path, "send") == 404
    assert "Job fair" not in sams.get("/announcements").text


def test_announcements_come_a_page_at_a_time(office: Office, team: dict[str, Staff]) -> None:
    with office.database.transaction() as session:
        for number in range(53):
            session.add(
                Event(
                    reference=f"E-{number}",
                    council=cast.COUNCIL,
                    interest="job_fairs",
                    youngest=16,
                    oldest=25,
                    title=f"Fair {number:02}",
                    words="Come.",
                    made_by_id=team["pat"].id,
                    made_at=office.now - timedelta(days=60 - number),
                )
            )
    browser = office.sign_in(team["pat"])
    first = browser.get("/announcements").text
    onward = re.search(r'href="(/announcements\?before=\d+)"', first)
    assert onward is not None
    second = browser.get(onward[1]).text

    assert len(re.findall(r"Fair \d\d", first)) == 50
    assert re.findall(r"Fair \d\d", second) == ["Fair 02", "Fair 01", "Fair 00"]


def test_a_survey_is_looked_at_before_it_goes_and_looking_sends_nothing(
    office: Office, team: dict[str, Staff]
) -> None:
    asked_for_it(office, 6)
    browser = office.sign_in(team["pat"])
    form = {"scenario": "where_i_live", "youngest": "16", "oldest": "25"}

    looked = send(browser, "/surveys", form, "/surveys").text

    assert "to be sent: 6" in looked
    with office.database.transaction() as session:
        assert session.scalars(select(Survey)).all() == []
    assert send(browser, "/surveys", {**form, "send": "yes"}, "/surveys").status_code == 303
    assert "to be sent: 6" in browser.get("/surveys").text
    with office.database.transaction() as session:
        assert len(session.scalars(select(Push)).all()) == 6


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scenario": "nothing"}, "Choose one"),
        ({"youngest": "x"}, "ages"),
        ({"since-day": "40", "since-month": "1", "since-year": "2026"}, "not a day"),
    ],
)
def test_a_survey_that_makes_no_sense_goes_to_nobody(
    office: Office, team: dict[str, Staff], wrong: dict[str, str], said: str
) -> None:
    form = {"scenario": "where_i_live", "send": "yes", **wrong}

    answer = send(office.sign_in(team["pat"]), "/surveys", form, "/surveys")

    assert answer.status_code == 400
    assert said in answer.text
    with office.database.transaction() as session:
        assert session.scalars(select(Survey)).all() == []
