"""What staff type about keeping in touch: what cannot be is refused in a sentence, and changes nothing."""

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import Plan
from tests import cast
from tests.cast import AMARA
from tests.commands.program import Kith

WREN = ("--by", "wren@example.org")


@pytest.fixture
def amara(database: Database) -> str:
    """Amara is Wren's and has joined."""
    with database.transaction() as session:
        person = cast.person(session, cast.wren(session))
        cast.chat(session, AMARA, person)
        return str(person.id)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ((), "Say what to change"),
        (("--every", "often"), "--every is one of weekly"),
        (("--day", "someday"), "--day is one of mon"),
        (("--at", "25:00"), "Times are written"),
        (("--at", "23:00"), "quiet hours or at night"),
        (("--quiet", "9-5"), "Times are written"),
        (("--topic-off", "nudge"), "The topic is one of check_in, rights_date"),
        (("--snooze-days", "-3"), "Invalid value for '--snooze-days'"),
        (("--snooze-days", "999999999"), "Invalid value for '--snooze-days'"),
        (("--review-on", "2020-01-01"), "That review is over"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_stays_as_it_was(
    kith: Kith, amara: str, database: Database, asked: tuple[str, ...], why: str
) -> None:
    kith("plan", "show", amara, *WREN)

    said = kith("plan", "set", amara, *asked, *WREN, ok=False)

    assert why in said
    with database.transaction() as session:
        plan = session.scalars(select(Plan)).one()
        assert (plan.version, plan.set_by) == (1, "standard")


def test_what_is_noted_is_said_back_and_so_is_that_there_is_nothing(kith: Kith, amara: str) -> None:
    assert "Nothing was noted" in kith("plan", "release", amara, *WREN)
    assert "Nothing is answered yet" in kith("check-ins", "list", amara, *WREN)
    kith("plan", "hold", amara, "--kind", "hospital", *WREN)

    assert "Held now: in_hospital" in kith("plan", "show", amara, *WREN)
    assert "1 ended" in kith("plan", "release", amara, *WREN)
