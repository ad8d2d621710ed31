"""What staff see or change with a command leaves a trace, in the transaction that shows it."""

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from rich.console import Console
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from checkins.desk import KeepingDesk
from content.library import Library
from feedback.desk import StatementDesk
from people.desk import Desk
from people.hours import LONDON
from storage import audit
from storage.database import Database
from storage.tables import Chat, Flag, Person, Staff, Statement, Trace
from storage.tables.people import Role
from tests import cast
from tests.cast import AMARA, NOW
from tests.feedback.test_hearing import statement

WREN = "wren@example.org"


class Desks:
    """Every desk of one installation, and what they printed."""

    def __init__(self, database: Database, library: Library) -> None:
        @contextlib.contextmanager
        def opened() -> Iterator[Database]:
            yield database

        self.said = io.StringIO()
        out = Console(file=self.said, width=200)
        self.people = Desk(opened, library, out, cast.COUNCIL, LONDON)
        self.keeping = KeepingDesk(opened, library, LONDON)
        self.statements = StatementDesk(opened, library, out, LONDON)


@pytest.fixture
def desks(database: Database, library: Library) -> Desks:
    """Amara is Wren's, has a flag, and has sent Wren a statement and the participation team another."""
    with database.transaction() as session:
        wren = cast.wren(session)
        chat = cast.chat(session, AMARA, cast.person(session, wren))
        cast.message(session, chat, "he said he will find me")
        session.add(
            Flag(
                reference="F-1",
                chat_id=chat.id,
                level="same_day",
                categories=["domestic_abuse"],
                third_party=False,
                about_staff=False,
                owner_id=wren.id,
                why=[],
                rules_version="test",
                raised_at=NOW,
                last_sign_at=NOW,
                due_at=NOW,
            )
        )
        statement(session, library, chat, wren)
        statement(session, library, chat, audience="participation_anonymous")
    return Desks(database, library)


Row = TypeVar("Row")


def one(database: Database, table: type[Row]) -> Row:
    with database.transaction() as session:
        return session.scalars(select(table)).one()


def traces(database: Database) -> list[Trace]:
    with database.transaction() as session:
        return list(session.scalars(select(Trace).order_by(Trace.id)))


SHOWN: dict[str, Callable[[Desks, str], object]] = {
    "saw_flags": lambda desks, _: desks.people.list_flags(WREN),
    "read_flag": lambda desks, _: desks.people.open_flag("F-1", WREN),
    "saw_requests": lambda desks, _: desks.people.list_requests(WREN),
    "exported_person": lambda desks, amara: desks.people.export_person(amara, WREN),
    "saw_plan": lambda desks, amara: desks.keeping.show(amara, WREN, NOW),
    "saw_contact": lambda desks, _: desks.keeping.ledger(WREN, NOW),
    "saw_answers": lambda desks, amara: desks.keeping.answers(amara, WREN, NOW),
    "saw_in_touch": lambda desks, _: desks.keeping.in_touch(WREN, NOW),
    "saw_tasks": lambda desks, _: desks.keeping.tasks(WREN, NOW),
    "saw_statements": lambda desks, _: desks.statements.list(WREN),
}


@pytest.mark.parametrize("action", SHOWN)
def test_what_a_command_shows_leaves_a_trace_with_a_name(
    desks: Desks, database: Database, action: str
) -> None:
    SHOWN[action](desks, str(one(database, Person).id))

    [trace] = traces(database)
    assert (trace.action, trace.staff_id, trace.address) == (
        action,
        one(database, Staff).id,
        audit.COMMAND,
    )
    with database.transaction() as session:
        assert audit.first_broken(session) is None


@pytest.mark.parametrize("action", ["saw_flags", "read_flag", "exported_person", "saw_answers"])
def test_without_a_trace_a_command_shows_nothing(
    desks: Desks, database: Database, action: str
) -> None:
    with database.transaction() as session:
        session.execute(text("alter table traces add constraint full_disk check (action = '')"))

    with pytest.raises(DBAPIError):
        SHOWN[action](desks, str(one(database, Person).id))

    assert desks.said.getvalue() == ""
    assert one(database, Flag).opened_at is None


def test_a_list_without_a_name_leaves_a_trace_too(desks: Desks, database: Database) -> None:
    desks.people.list_flags()

    [trace] = traces(database)
    assert (trace.staff_id, trace.about) == (None, audit.COMMAND)


def test_with_a_name_only_what_is_theirs_is_listed(desks: Desks, database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Flag).values(about_staff=True, hidden_from_id=Flag.owner_id))

    desks.people.list_flags(WREN)

    assert "F-1" not in desks.said.getvalue()


@pytest.mark.parametrize(("audience", "named"), [("adviser", True), ("participation", False)])
def test_the_trace_of_a_statement_without_a_name_does_not_say_whose_it_is(
    desks: Desks, database: Database, audience: str, *, named: bool
) -> None:
    with database.transaction() as session:
        pat = cast.staff(session, "Pat", Role.PARTICIPATION)
        reader = WREN if audience == "adviser" else pat.email
        told = session.scalars(
            select(Statement.reference).where(Statement.audience.startswith(audience))
        ).one()

    desks.statements.show(told, reader)

    [trace] = traces(database)
    assert (trace.action, trace.about) == ("read_statement", told)
    assert (trace.person_id == one(database, Chat).person_id) is named
