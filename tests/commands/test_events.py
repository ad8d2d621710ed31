"""What staff type to announce something, and to see what became of what was sent."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from typer.testing import CliRunner, Result

from cli import app
from storage import events, trials
from storage.database import Database
from storage.tables import Due, Send
from tests import cast
from tests.cast import AMARA
from tests.conftest import KEYS

WREN, LEE = ("--by", "wren@example.org"), ("--by", "lee@example.org")
DRAFT = (
    "draft",
    *("--interest", "job_fairs", "--title", "Job fair", "--words", "Come and meet people."),
    *("--when", "2036-11-26T14:00:00"),
)


class Kith:
    """The program, with a database of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Remember where it is."""
        self.environment = environment

    def __call__(self, *arguments: str, ok: bool = True) -> str:
        """Type a command and return what it printed."""
        found: Result = CliRunner().invoke(app, list(arguments), env=self.environment)
        assert (found.exit_code == 0) is ok, found.output
        return found.output


@pytest.fixture
def quiet_again() -> Iterator[None]:
    """Put logging back afterwards: a command sends it to where it prints, which is gone then."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def kith(
    quiet_again: None, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Kith:
    """Give the program; Wren and Lee work here, and six people asked for news of job fairs."""
    del quiet_again
    monkeypatch.chdir(tmp_path)
    now = datetime.now(UTC)
    with database.transaction() as session:
        wren = cast.wren(session)
        cast.lee(session)
        for number in range(6):
            person = cast.person(session, wren)
            cast.chat(session, AMARA + number, person, now=now)
            events.ask_for(session, person.id, ("job_fairs",), now)
        cast.chat(session, 55, now=now)
    return Kith(
        {
            "KITH_DATABASE_URL": database.url,
            "KITH_SECRET_KEYS": KEYS[0],
            "KITH_DATA_DIR": str(tmp_path),
            "KITH_EVENTS_APPROVE_ABOVE": "3",
            "COLUMNS": "200",
        }
    )


def drafted(kith: Kith) -> str:
    """Write a draft and return its reference."""
    return kith("events", *DRAFT, *WREN).split("Kept as ")[1][:8]


def test_from_draft_to_results(kith: Kith, database: Database) -> None:
    reference = drafted(kith)

    assert "[I'm coming]" in kith("events", "preview", reference, *WREN)
    audience = kith("events", "audience", reference, *WREN)
    assert "For 6 people" in audience
    assert "not approved yet" in audience
    assert "a second person must approve" in kith("events", "send", reference, *WREN, ok=False)
    assert "Somebody else" in kith("events", "approve", reference, *WREN, ok=False)
    kith("events", "approve", reference, *LEE)
    assert "Goes to 6 people" in kith("events", "send", reference, *WREN)
    with database.transaction() as session:
        assert len(session.scalars(select(Due)).all()) == 6
    assert "Not sent to 6." in kith("events", "cancel", reference, *LEE)
    assert "not sent: cancelled" in kith("events", "results", reference, *WREN)
    assert "cancelled" in kith("events", "list", *WREN)


def test_bad_words_are_refused_in_sentences(kith: Kith) -> None:
    said = kith(
        "events",
        *("draft", "--interest", "job_fairs", "--title", "For care leavers"),
        *("--words", "Come."),
        *WREN,
        ok=False,
    )

    assert "on a lock screen" in said


def test_a_test_goes_to_whoever_asked_for_it_and_to_nobody_else(
    kith: Kith, database: Database
) -> None:
    reference = drafted(kith)
    assert "kith events link" in kith("events", "test", reference, *WREN, ok=False)
    code = kith("events", "link", *WREN).split("/start ")[1].split()[0]
    now = datetime.now(UTC)
    with database.transaction() as session:
        own = cast.chat(session, 55, now=now)
        assert trials.join(session, own, code, now) is not None

    kith("events", "test", reference, *WREN)

    with database.transaction() as session:
        [send] = session.scalars(select(Send)).all()
        assert (send.chat_id, send.lane) == (own.id, "3_staff")


def test_a_stranger_to_the_house_can_do_nothing(kith: Kith) -> None:
    assert "No member of staff" in kith("events", "list", "--by", "x@example.org", ok=False)


def test_what_became_of_sends_is_shown_without_words(kith: Kith, database: Database) -> None:
    reference = drafted(kith)
    code = kith("events", "link", *WREN).split("/start ")[1].split()[0]
    now = datetime.now(UTC)
    with database.transaction() as session:
        trials.join(session, cast.chat(session, 55, now=now), code, now)
    kith("events", "test", reference, *WREN)

    listed = kith("sends")

    assert "events.announce" in listed
    assert "waiting" in listed
    assert "Come and meet" not in listed
    assert "waiting" in kith("sends", "--count")
    assert "must be one of" in kith("sends", "--state", "lost", ok=False)
