"""Marks on closed flags, kept for tests once two people agree; and traces that came late."""

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from safeguarding.desk import MarksDesk, MarksDeskError
from scheduler import ticks
from storage import audit
from storage.database import Database
from storage.tables import Flag, LateTrace, Mark, Staff, Trace
from tests.dashboard.staffed import Office, member, send
from tests.dashboard.test_flag_card import CLOSING, WORDS, do, now_is, raised


@pytest.fixture
def wren(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Wren")


@pytest.fixture
def lee(office: Office) -> Staff:
    with office.database.transaction() as session:
        return member(session, "Lee", "manager")


@pytest.fixture
def desk(database: Database) -> MarksDesk:
    @contextlib.contextmanager
    def opened() -> Iterator[Database]:
        yield database

    return MarksDesk(opened)


def marked(office: Office, wren: Staff, **form: str) -> Flag:
    """Close a flag with what its reader made of it."""
    flag = raised(office, wren)
    do(office.sign_in(wren), flag, "close", **{**CLOSING, **form})
    return flag


def nothing(_now: datetime) -> bool:
    """Stand for work that is never due."""
    return False


def look(office: Office, who: Staff, flag: Flag, answer: str) -> int:
    page = f"/flags/{flag.reference}"
    browser = office.sign_in(who)
    return send(browser, f"{page}/second-look", {"agrees": answer}, "/confirm").status_code


@pytest.mark.parametrize(("answer", "listed"), [("yes", 1), ("no", 0)])
def test_a_mark_is_listed_for_tests_only_once_a_second_person_agrees(
    office: Office, wren: Staff, lee: Staff, desk: MarksDesk, answer: str, listed: int
) -> None:
    flag = marked(office, wren, verdict="wrong_level", right_level="concern")
    assert desk.agreed(lee.email, office.now) == []
    assert flag.reference in office.sign_in(lee).get("/second-look").text

    assert look(office, lee, flag, answer) == 303

    found = [json.loads(line) for line in desk.agreed(lee.email, office.now)]
    assert len(found) == listed
    for one in found:
        assert one["words"] == [WORDS]
        assert (one["level"], one["right_level"]) == ("same_day", "concern")
        assert "Amara" not in json.dumps(one)
    assert flag.reference not in office.sign_in(lee).get("/second-look").text


def test_nobody_takes_the_second_look_at_their_own_mark(office: Office, lee: Staff) -> None:
    flag = raised(office, lee)
    do(office.sign_in(lee), flag, "close", **CLOSING)

    assert look(office, lee, flag, "yes") == 409

    with office.database.transaction() as session:
        assert session.scalars(select(Mark.agreed)).one() is None


def test_a_second_look_is_taken_once(office: Office, wren: Staff, lee: Staff) -> None:
    flag = marked(office, wren)
    with office.database.transaction() as session:
        kim = member(session, "Kim", "manager")

    assert look(office, lee, flag, "yes") == 303
    assert look(office, kim, flag, "no") == 409

    with office.database.transaction() as session:
        assert session.scalars(select(Mark.agreed)).one() is True


def test_a_wrong_level_says_which_was_right(office: Office, wren: Staff) -> None:
    flag = raised(office, wren)

    answer = do(office.sign_in(wren), flag, "close", **{**CLOSING, "verdict": "wrong_level"})

    assert answer.status_code == 409
    assert now_is(office, flag).closed_at is None


def test_an_adviser_does_not_read_the_marks(office: Office, wren: Staff, desk: MarksDesk) -> None:
    with pytest.raises(MarksDeskError):
        desk.agreed(wren.email, office.now)


def test_marks_go_with_their_flag(office: Office, wren: Staff) -> None:
    flag = marked(office, wren)

    with office.database.transaction() as session:
        session.delete(session.get_one(Flag, flag.id))

    with office.database.transaction() as session:
        assert session.scalars(select(Mark)).all() == []


def test_a_trace_the_audit_could_not_take_is_added_when_it_can(
    office: Office, wren: Staff, database: Database
) -> None:
    flag = raised(office, wren, "immediate")
    browser = office.sign_in(wren)
    with database.transaction() as session:
        session.execute(
            text("alter table traces add constraint full_disk check (action = 'x') not valid")
        )
    opened_at = office.now

    with capture_logs() as logged:
        assert browser.get(f"/flags/{flag.reference}").status_code == 200
    assert [(one["event"], one["about"]) for one in logged] == [
        ("audit not written", flag.reference)
    ]
    with database.transaction() as session:
        assert session.scalars(select(LateTrace.about)).all() == [flag.reference]
        session.execute(text("alter table traces drop constraint full_disk"))
    every = ticks.table(database, nothing, nothing, nothing)
    ticks.run_once(database, [one for one in every if one.name == "audit"], office.now)

    with database.transaction() as session:
        trace = session.scalars(select(Trace).order_by(Trace.id.desc())).first()
        assert trace is not None
        assert (trace.action, trace.about) == ("read_flag", flag.reference)
        assert (trace.at, trace.staff_id, trace.reason) == (opened_at, wren.id, audit.LATE)
        assert session.scalars(select(LateTrace)).all() == []
        assert audit.first_broken(session) is None
