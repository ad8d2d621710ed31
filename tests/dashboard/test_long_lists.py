"""Flags, requests and statements come a page at a time, with nothing twice and nothing left out."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from content.library import Library
from dashboard.paging import key_given, key_of, number_given
from storage.casework import PAGE
from storage.tables import Flag, Request, Staff, Statement
from tests import cast
from tests.cast import NOW
from tests.dashboard.staffed import Office, member
from tests.dashboard.test_caseload import counted
from tests.feedback.test_hearing import statement

MORE = 7


@pytest.fixture
def wren(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Wren")


Fill = Callable[[Session, Library, Staff, int], None]


def flags(session: Session, _: Library, whose: Staff, count: int) -> None:
    levels = ("concern", "immediate", "same_day")
    for number in range(count):
        chat = cast.chat(session, 9000 + number, cast.person(session, whose))
        session.add(
            Flag(
                reference=f"F-{number}",
                chat_id=chat.id,
                level=levels[number % 3],
                categories=[],
                third_party=False,
                about_staff=False,
                why=[],
                rules_version="test",
                raised_at=NOW,
                last_sign_at=NOW,
                # Several are due at the same moment.
                due_at=NOW + timedelta(hours=number % 5),
            )
        )


def requests(session: Session, _: Library, whose: Staff, count: int) -> None:
    chat = cast.chat(session, cast.AMARA, cast.person(session, whose))
    for number in range(count):
        session.add(
            Request(
                reference=f"R-{number}",
                chat_id=chat.id,
                kind="talk_to_adviser",
                route="adviser",
                staff_id=whose.id,
                asked_at=NOW,
                due_at=NOW + timedelta(hours=number % 5),
            )
        )


def statements(session: Session, library: Library, whose: Staff, count: int) -> None:
    chat = cast.chat(session, cast.AMARA, cast.person(session, whose))
    for number in range(count):
        one = statement(session, library, chat, whose)
        # Those whose themes were not read yet are due on no day.
        one.due_at = NOW + timedelta(days=number % 5) if number % 4 else None


LISTS: list[tuple[str, Fill]] = [
    ("/flags", flags),
    ("/requests", requests),
    ("/statements", statements),
]


def references(page: str) -> list[str]:
    return re.findall(r'href="/(?:flags|requests|statements)/([FRS]-\w+)"', page)


@pytest.mark.parametrize(("path", "fill"), LISTS)
def test_a_long_list_loses_nothing_between_its_pages(
    office: Office, wren: Staff, library: Library, path: str, fill: Fill
) -> None:
    with office.database.transaction() as session:
        fill(session, library, wren, PAGE + MORE)
    browser = office.sign_in(wren)

    first = browser.get(path).text
    onward = re.search(rf'href="({path}\?after=[^"]+)"', first)
    assert onward is not None
    second = browser.get(onward[1].replace("%2B", "+").replace("+", "%2B")).text

    assert len(references(first)) == PAGE
    assert len(references(second)) == MORE
    assert len(set(references(first) + references(second))) == PAGE + MORE
    assert "after=" not in second.split("<main")[1]


@pytest.mark.parametrize(("path", "fill"), LISTS)
def test_what_is_no_place_in_a_list_begins_at_the_top(
    office: Office, wren: Staff, library: Library, path: str, fill: Fill
) -> None:
    with office.database.transaction() as session:
        fill(session, library, wren, 2)

    shown = office.sign_in(wren).get(f"{path}?after=9~x")

    assert len(references(shown.text)) == 2


@pytest.mark.parametrize(("path", "fill"), LISTS)
def test_the_number_of_questions_does_not_grow(
    office: Office, wren: Staff, library: Library, path: str, fill: Fill
) -> None:
    with office.database.transaction() as session:
        fill(session, library, wren, PAGE)
    browser = office.sign_in(wren)
    browser.get(path)

    for page in (path, "/day"):
        with counted(office) as asked:
            browser.get(page)
        assert len(asked) < 45, page


def test_today_counts_all_that_is_late_and_shows_the_first(
    office: Office, wren: Staff, library: Library
) -> None:
    with office.database.transaction() as session:
        statements(session, library, wren, 9)
        session.execute(update(Statement).values(due_at=NOW - timedelta(days=1)))

    shown = office.sign_in(wren).get("/day").text

    assert "Statements that are late: 9" in shown
    assert len(references(shown)) == 5


@pytest.mark.parametrize("text", ["", "x", "2026-11-24~1", "2026-11-24T10:00:00+00:00~x", "~"])
def test_a_place_that_cannot_be_read_is_none(text: str) -> None:
    assert key_given(text) is None
    assert number_given(text) is None


def test_a_place_is_read_as_it_was_written() -> None:
    moment: datetime = NOW

    assert key_given(key_of(moment, 7)) == (moment, 7)
