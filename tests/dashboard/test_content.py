"""What writers look after: answers by date with their votes, how each reads, and what is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import event, select
from sqlalchemy.engine import Engine as Database_
from sqlalchemy.orm import Session

from content import shown
from content.library import Library
from storage.tables import Question, Trace
from tests.cast import COUNCIL, NOW, OTHER_COUNCIL
from tests.dashboard.staffed import Office, member

STAYING_PUT = "housing.staying_put"
MONTH = NOW.date().replace(day=1)


@pytest.fixture
def browser(office: Office) -> FlaskClient:
    """The participation team's browser."""
    with office.database.transaction() as session:
        pat = member(session, "Pat", "participation")
    return office.sign_in(pat)


def asked(
    session: Session,
    outcome: str,
    *,
    article: str | None = None,
    offered: list[str] | None = None,
    council: str | None = COUNCIL,
    month: date = MONTH,
    times: int = 1,
) -> None:
    """Add questions that went some way."""
    for _ in range(times):
        session.add(
            Question(
                month=month,
                council=council,
                outcome=outcome,
                article=article,
                offered=offered or [],
                words="the words nobody shows",
            )
        )


@contextmanager
def counted(database: Database_) -> Iterator[list[str]]:
    """Count the questions put to the database."""
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        seen.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield seen
    event.remove(database, "before_cursor_execute", note)


def test_answers_are_listed_by_review_date_with_what_was_said_of_them(
    office: Office, browser: FlaskClient, library: Library
) -> None:
    with office.database.transaction() as session:
        asked(session, "wrong", article=STAYING_PUT, times=7)
        asked(session, "helped", article=STAYING_PUT, times=2)
        asked(session, "wrong", article=STAYING_PUT, times=9, council=OTHER_COUNCIL)

    page = browser.get("/content").text

    titles = [page.index(f'href="/content/{one}"') for one in library.articles]
    by_date = sorted(library.articles, key=lambda one: (library.articles[one].review_by, one))
    assert sorted(titles) == [page.index(f'href="/content/{one}"') for one in by_date]
    assert "Said it was wrong: 7" in page
    assert "Said it was right: fewer than 5" in page
    assert 'href="/practice"' in page


@pytest.mark.parametrize("wanted", ["late", "unconfirmed", "not_read"])
def test_a_list_can_be_cut_to_what_needs_work(
    office: Office, library: Library, wanted: str
) -> None:
    office.later(timedelta(days=200))
    with office.database.transaction() as session:
        lee = member(session, "Lee", "manager")
    browser = office.sign_in(lee)
    today = office.now.date()
    kept = {
        "late": [one for one in library.articles.values() if one.review_by < today],
        "unconfirmed": [one for one in library.articles.values() if one.unconfirmed],
        "not_read": [one for one in library.articles.values() if one.youth_proofed_on is None],
    }[wanted]

    page = browser.get(f"/content?show={wanted}").text

    assert kept
    assert page.count('<th scope="row"') == len(kept)
    assert browser.get("/content?show=else").status_code == 404


@pytest.mark.parametrize("council", [COUNCIL, OTHER_COUNCIL])
@pytest.mark.parametrize(("band", "age"), [("16-17", 16), ("18-20", 18), ("21-24", 21)])
def test_an_answer_reads_as_a_young_person_reads_it(
    browser: FlaskClient, library: Library, band: str, age: int, council: str
) -> None:
    article = library.articles[STAYING_PUT]

    page = browser.get(f"/content/{STAYING_PUT}?age={band}&council={council}").text

    said = shown.answer(library, article, age=age, council=council, today=NOW.date())
    assert str(escape(said)) in page
    assert str(escape(library.more(article, council=council))) in page
    assert str(escape(library.who(article, council=council))) in page
    assert article.link not in page.split('aria-label="How it reads"')[1].split("</ol>")[0]
    assert f'<option value="{council}" selected' in page


def test_what_is_not_for_a_council_says_so(browser: FlaskClient, library: Library) -> None:
    only = next(one for one in library.articles.values() if one.councils == (OTHER_COUNCIL,))

    there = browser.get(f"/content/{only.id}?council={OTHER_COUNCIL}").text
    here = browser.get(f"/content/{only.id}?council={COUNCIL}").text

    assert "not given to young people of this council" in here
    assert "not given to young people of this council" not in there


@pytest.mark.parametrize(
    "path", ["nothing.here", f"{STAYING_PUT}?age=99", f"{STAYING_PUT}?council=atlantis"]
)
def test_what_does_not_exist_is_not_found(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/content/{path}").status_code == 404


def test_who_looked_at_an_answer_is_in_the_audit(office: Office, browser: FlaskClient) -> None:
    browser.get(f"/content/{STAYING_PUT}")

    with office.database.transaction() as session:
        assert STAYING_PUT in set(session.scalars(select(Trace.about)))


def test_gaps_are_shown_by_month_and_topic_without_a_word(
    office: Office, browser: FlaskClient, library: Library
) -> None:
    with office.database.transaction() as session:
        asked(session, "unanswered", offered=["housing.council_tax", "money.travel"], times=3)
        asked(session, "unanswered", times=2)
        asked(session, "wrong", article="money.travel", month=date(2026, 10, 1))

    page = browser.get("/gaps").text

    rows = [
        [cell.split("</td>")[0] for cell in row.split('<td class="govuk-table__cell">')[1:]]
        for row in page.split("<tbody")[1].split("</tr>")[:-1]
    ]
    assert [(row[0], row[2], row[4]) for row in rows] == [
        ("November 2026", library.topics["housing"], "3"),
        ("November 2026", "No topic was near", "2"),
        ("October 2026", library.topics["money"], "1"),
    ]
    assert "the words nobody shows" not in page


def test_the_lists_ask_as_little_of_the_database_however_much_was_asked(
    office: Office, browser: FlaskClient
) -> None:
    with counted(office.database.engine) as few:
        browser.get("/content")
        browser.get("/gaps")
    with office.database.transaction() as session:
        asked(session, "wrong", article=STAYING_PUT, times=40)
        asked(session, "unanswered", offered=["money.travel"], times=40)
    with counted(office.database.engine) as many:
        browser.get("/content")
        browser.get("/gaps")

    assert len(many) == len(few)
