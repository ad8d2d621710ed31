"""What staff type to announce something, and to see what became of what was sent."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage import events, trials
from storage.database import Database
from storage.tables import Due, Send
from tests import cast
from tests.cast import AMARA
from tests.commands.program import Kith

WREN, LEE = ("--by", "wren@example.org"), ("--by", "lee@example.org")
DRAFT = (
    "draft",
    *("--interest", "job_fairs", "--title", "Job fair", "--words", "Come and meet people."),
    *("--when", "2036-11-26T14:00:00"),
)


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    """Wren and Lee work here, and six people asked for news of job fairs."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        wren = cast.wren(session)
        cast.lee(session)
        for number in range(6):
            person = cast.person(session, wren)
            cast.chat(session, AMARA + number, person, now=now)
            events.ask_for(session, person.id, ("job_fairs",), now)
        cast.chat(session, 55, now=now)


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
