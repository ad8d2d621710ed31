"""The list for the yearly review: what young people have not read, the most asked first."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from content import review
from content.library import Library
from content.review import Usage
from storage import answers
from storage.database import Database
from storage.tables import Question
from tests.conftest import KEYS
from wiring import review as from_database

TODAY = date(2026, 11, 25)


def listed(library: Library, usage: Usage | None = None, **read_on: date) -> list[str]:
    """Return the list when some articles (by the last part of their id) were read on a day."""
    articles = {
        one.id: replace(one, youth_proofed_on=read_on.get(one.id.split(".")[1]))
        for one in library.articles.values()
    }
    return review.lines(replace(library, articles=articles), TODAY, usage)


def about(lines: list[str], article: str) -> list[str]:
    """Return the lines about an article."""
    return [line for line in lines if f": {article}" in line]


def test_what_was_read_within_a_year_is_not_listed(library: Library) -> None:
    lines = listed(library, debt=date(2025, 11, 25), pip=date(2025, 11, 24))

    assert about(lines, "money.debt") == []
    assert about(lines, "money.pip") == [
        "read by young people on 2025-11-24, over a year ago: money.pip"
    ]
    assert about(lines, "money.travel") == ["not read by young people yet: money.travel"]
    assert len(lines) == len(library.articles) - 1


def test_the_most_asked_and_most_disputed_come_first(library: Library) -> None:
    usage = Usage(
        asked=Counter({"money.pip": 30, "money.debt": 7, "money.travel": 7}),
        wrong=Counter({"money.travel": 5}),
        old=Counter({"money.travel": 6}),
    )

    lines = listed(library, usage)

    assert [line.split(": ")[1].split(" ")[0] for line in lines[:3]] == [
        "money.pip",
        "money.travel",
        "money.debt",
    ]
    assert "asked 7 times, called wrong 5 times, called old 6 times" in lines[1]
    assert "asked never, called wrong never, called old never" in lines[-1]


def test_a_small_number_is_not_shown(library: Library) -> None:
    lines = listed(library, Usage(asked=Counter({"money.pip": 4}), wrong=Counter({"money.pip": 1})))

    assert "asked fewer than 5 times, called wrong fewer than 5 times" in lines[0]


def test_what_could_not_be_answered_is_told_by_topic(library: Library) -> None:
    usage = Usage(unanswered=Counter({"money.pip": 4, "money.debt": 4, "health.gp": 6, "": 1}))

    assert listed(library, usage)[-3:] == [
        "could not be answered, nearest to “Money and benefits”: 8 times",
        "could not be answered, nearest to “Health and how I feel”: 6 times",
        "could not be answered, nearest to “no topic of ours”: fewer than 5 times",
    ]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without settings or a database."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"DATA_DIR": str(tmp_path / "var"), "SECRET_KEYS": ",".join(KEYS)}.items():
        monkeypatch.setenv(f"KITH_{name}", value)
    monkeypatch.delenv("KITH_DATABASE_URL", raising=False)
    return tmp_path


def test_without_a_database_the_list_says_so_and_makes_none(here: Path) -> None:
    assert from_database.usage(TODAY) == (None, "there is no database here")
    assert list(here.iterdir()) == []


def test_a_database_that_cannot_be_opened_is_said(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_DATABASE_URL", f"postgresql:///none?host={here}")

    assert from_database.usage(TODAY) == (None, "the database cannot be opened")


@pytest.mark.usefixtures("here")
def test_the_list_counts_what_the_database_holds(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_DATABASE_URL", database.url)
    with database.transaction() as session:
        answers.count_asked(session, ["money.pip"], council=None, month=date(2026, 1, 1))
        answers.count_asked(session, ["money.pip"], council=None, month=date(2025, 1, 1))
        for outcome in ("wrong", "old", "unanswered", "asked_which"):
            month, article = date(2026, 11, 1), f"money.{outcome}"
            session.add(Question(month=month, outcome=outcome, article=article, offered=[]))

    found, reason = from_database.usage(TODAY)

    assert reason == ""
    assert found == Usage(
        asked=Counter({"money.pip": 1}),
        wrong=Counter({"money.wrong": 1}),
        old=Counter({"money.old": 1}),
        unanswered=Counter({"money.unanswered": 1}),
    )
