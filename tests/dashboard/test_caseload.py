"""My people: how each stands in a row, sorted, narrowed, and a page at a time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from checkins import planning
from content.library import Library
from dashboard import sparkline
from people.hours import LONDON
from storage import contacts
from storage.caseload import PAGE
from storage.tables import CheckInAnswer, Flag, Person, Request, Staff
from storage.tables.keeping_in_touch import ContactKind
from tests import cast
from tests.dashboard.staffed import Office, member, send


@pytest.fixture
def wren(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Wren")


def many(office: Office, whose: Staff, count: int) -> None:
    """Give somebody many young people who have joined, each heard from an hour after the one before."""
    with office.database.transaction() as session:
        for number in range(count):
            made = cast.person(session, whose, name=f"Young {number:03}")
            now = office.now - timedelta(days=9) + timedelta(hours=number)
            cast.chat(session, 9000 + number, made, now=now)


def names_on(page: str) -> list[str]:
    return re.findall(r"<bdi>(Young \d+|Amara|Ben)</bdi>", page)


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """Count the questions the database is asked."""
    asked: list[str] = []

    def note(_one: object, _two: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(office.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(office.database.engine, "before_cursor_execute", note)


def test_a_row_says_how_contact_stands_what_comes_and_how_they_said_they_are(
    office: Office, wren: Staff, library: Library
) -> None:
    with office.database.transaction() as session:
        amara = cast.person(session, wren, born_on=date(2008, 12, 20))
        cast.chat(session, cast.AMARA, amara)
        planning.ensure(session, amara, library, LONDON, office.now)
        at = office.now - timedelta(days=120)
        contacts.log(
            session,
            amara,
            wren,
            kind=ContactKind.CALL,
            at=at,
            day=at.date(),
            two_way=True,
            now=office.now,
        )
        for days, feeling in ((16, 2), (2, 4)):
            session.add(
                CheckInAnswer(
                    person_id=amara.id,
                    question="how",
                    question_version=1,
                    feeling=feeling,
                    at=office.now - timedelta(days=days),
                )
            )

    shown = office.sign_in(wren).get("/people").text

    assert "Late; Not in touch yet" in shown
    assert "Good, 22 November 2026" in shown
    assert "before that: Not good" in shown
    assert 'aria-hidden="true"' in shown.split("kith-moods")[1]
    assert "none is planned" not in shown


def test_late_replies_and_open_flags_are_counted_and_can_be_picked_out(
    office: Office, wren: Staff
) -> None:
    many(office, wren, 3)
    with office.database.transaction() as session:
        amara = cast.person(session, wren)
        ben = cast.person(session, wren, name="Ben")
        chats = [cast.chat(session, number, one) for number, one in ((1, amara), (2, ben))]
        waiting = {"kind": "talk_to_adviser", "route": "adviser", "staff_id": wren.id}
        for number, days in enumerate((1, -1)):
            session.add(
                Request(
                    reference=f"R-{number}",
                    chat_id=chats[number].id,
                    asked_at=office.now,
                    due_at=office.now - timedelta(days=days),
                    **waiting,
                )
            )
        session.add(
            Flag(
                reference="F-1",
                chat_id=chats[1].id,
                level="concern",
                categories=[],
                third_party=False,
                about_staff=False,
                why=[],
                rules_version="test",
                raised_at=office.now,
                last_sign_at=office.now,
                due_at=office.now,
            )
        )
    browser = office.sign_in(wren)

    assert names_on(browser.get("/people?only=late").text) == ["Amara"]
    assert names_on(browser.get("/people?only=flags").text) == ["Ben"]
    assert names_on(browser.get("/people").text)[0] == "Ben"
    assert names_on(browser.get("/people?only=away").text) == []


@pytest.mark.parametrize("sort", ["flags", "heard", "name"])
def test_a_long_list_comes_a_page_at_a_time_with_nobody_twice_and_nobody_left_out(
    office: Office, wren: Staff, sort: str
) -> None:
    many(office, wren, PAGE + 7)
    browser = office.sign_in(wren)

    first = browser.get(f"/people?sort={sort}").text
    onward = re.search(r'href="(/people\?[^"]*after=[^"]+)"', first)
    assert onward is not None
    second = browser.get(onward[1].replace("&amp;", "&")).text

    seen = names_on(first) + names_on(second)
    assert len(names_on(first)) == PAGE
    assert len(seen) == len(set(seen)) == PAGE + 7
    assert "after=" not in second.split("<main")[1]
    if sort != "flags":
        assert seen == sorted(seen)


def test_the_number_of_questions_does_not_grow_with_the_list(office: Office, wren: Staff) -> None:
    many(office, wren, 2)
    browser = office.sign_in(wren)
    browser.get("/people")
    with counted(office) as few:
        browser.get("/people")
    many_more(office, wren)
    with counted(office) as more:
        browser.get("/people")

    assert len(more) == len(few)


def many_more(office: Office, whose: Staff) -> None:
    with office.database.transaction() as session:
        for number in range(30):
            made = cast.person(session, whose, name=f"Young {100 + number}")
            cast.chat(session, 9500 + number, made)


def test_a_search_finds_only_ones_own_and_says_when_there_are_more(
    office: Office, wren: Staff
) -> None:
    many(office, wren, PAGE + 1)
    with office.database.transaction() as session:
        robin = member(session, "Robin")
    hers = send(office.sign_in(wren), "/people", {"name": "young"}, "/people").text
    others = send(office.sign_in(robin), "/people", {"name": "young"}, "/people").text

    assert len(names_on(hers)) == PAGE
    assert "Write more of the name" in hers
    assert names_on(others) == []
    assert "Nobody found" in others


def test_what_is_no_page_begins_at_the_top(office: Office, wren: Staff) -> None:
    many(office, wren, 2)

    shown = office.sign_in(wren).get("/people?after=x~y&sort=nonsense&only=nonsense")

    assert shown.status_code == 200
    assert len(names_on(shown.text)) == 2


def test_a_line_of_moods_goes_up_when_they_feel_better() -> None:
    (_, low), (_, high) = sparkline.points([1, 5])

    assert high < low
    assert "polyline" in sparkline.svg([1, 5])
    assert sparkline.svg([3]) == ""


def test_the_page_of_somebody_elses_person_does_not_exist(office: Office, wren: Staff) -> None:
    with office.database.transaction() as session:
        robin = member(session, "Robin")
        amara: Person = cast.person(session, wren)

    assert office.sign_in(robin).get(f"/people/{amara.id}").status_code == 404
