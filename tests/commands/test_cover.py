"""What staff type about days away, the rota and the off switch."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from storage import switch
from storage.database import Database
from storage.tables import Absence, Duty, Trace
from tests import cast
from tests.commands.program import Kith

WREN, LEE = "wren@example.org", "lee@example.org"
TODAY = datetime.now(UTC).date()
NEXT_WEEK = TODAY + timedelta(days=7)
DAYS = ("--from", TODAY.isoformat(), "--until", NEXT_WEEK.isoformat())


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    """Wren and Lee work here."""
    with database.transaction() as session:
        cast.wren(session)
        cast.lee(session)


def test_days_away_are_set_and_ended(kith: Kith, database: Database) -> None:
    said = kith("staff", "away", WREN, *DAYS, "--cover", LEE)
    assert "Wren is away from" in said
    assert "Cover: Lee." in said
    assert "away on some of these days already" in kith("staff", "away", WREN, *DAYS, ok=False)

    assert "theirs again" in kith("staff", "away", WREN, "--back")
    assert "Wren is not away." in kith("staff", "away", WREN, "--back", ok=False)

    with database.transaction() as session:
        assert session.scalars(select(Absence)).one().ended_at is not None


def test_what_cannot_be_is_refused_in_a_sentence(kith: Kith) -> None:
    assert "Give --from and --until" in kith("staff", "away", WREN, ok=False)
    assert "No member of staff" in kith("staff", "away", "nobody@example.org", *DAYS, ok=False)
    assert "same council" in kith("staff", "away", WREN, *DAYS, "--cover", WREN, ok=False)
    late = ("--from", NEXT_WEEK.isoformat(), "--until", TODAY.isoformat())
    assert "cannot be before the first" in kith("staff", "away", WREN, *late, ok=False)


def test_somebody_is_put_on_duty_day_by_day(kith: Kith, database: Database) -> None:
    assert "Wren is on duty from" in kith("staff", "duty", WREN, *DAYS)
    assert "Lee is on duty from" in kith("staff", "duty", LEE, "--from", TODAY.isoformat())

    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Duty)) == 8
    late = ("--from", NEXT_WEEK.isoformat(), "--until", TODAY.isoformat())
    assert "not before the first" in kith("staff", "duty", WREN, *late, ok=False)


def test_kith_is_switched_off_and_on_by_a_manager_only(kith: Kith, database: Database) -> None:
    why = ("--reason", "Answers about rent are wrong")
    assert "Only managers" in kith("off", "--by", WREN, *why, "--yes", ok=False)
    assert "why" in kith("off", "--by", LEE, "--reason", "no", "--yes", ok=False)

    assert "Kith is off." in kith("off", "--by", LEE, *why, "--yes")
    assert "off already" in kith("off", "--by", LEE, *why, "--yes", ok=False)
    with database.transaction() as session:
        assert switch.is_off(session)
    assert "Kith is on." in kith("on", "--by", LEE)

    assert "each linked" in kith("db", "check")
    with database.transaction() as session:
        assert not switch.is_off(session)
        done = session.scalars(select(Trace.action).order_by(Trace.id)).all()
    assert list(done) == ["switched_off", "switched_on"]


def test_without_two_yeses_it_stays_on(kith: Kith, database: Database) -> None:
    kith("off", "--by", LEE, "--reason", "Answers about rent are wrong", ok=False)

    with database.transaction() as session:
        assert not switch.is_off(session)


def test_a_specialist_is_named_for_topics_there_are(kith: Kith) -> None:
    add = ("staff", "add", "holly@example.org", "--role", "adviser")

    assert "No topic is called parking" in kith(*add, "--specialist", "parking", ok=False)
    assert "Added Holly" in kith(*add, "--specialist", "housing", "--specialist", "eet")
