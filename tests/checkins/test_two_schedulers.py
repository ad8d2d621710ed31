"""Two schedulers side by side send each check-in once, and none waits for the other."""

import threading
from datetime import UTC, date, datetime

from sqlalchemy import func, select

from checkins import planning, sending
from checkins.sending import Clock
from content.library import Library
from people.hours import LONDON
from storage import chats, due
from storage.database import Database
from storage.tables import Due, Person, Plan, Send
from tests import cast
from tests.cast import NOW

PEOPLE = 40
FIRST = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)


def planned(database: Database, clock: Clock, people: int) -> None:
    """Let people join, and plan their first check-in."""
    with database.transaction() as session:
        wren = cast.wren(session)
        for number in range(people):
            one = cast.person(session, wren, name=f"P{number}", born_on=date(2008, 5, 1))
            cast.chat(session, 8000 + number, one)
    with database.transaction() as session:
        while planning.plan_next(session, clock.library, clock.zone, NOW):
            session.flush()


def test_two_schedulers_never_double(database: Database, library: Library) -> None:
    clock = Clock(library, LONDON)
    planned(database, clock, PEOPLE)

    def scheduler() -> None:
        going = True
        while going:
            with database.transaction() as session:
                going = sending.send_next(session, clock, FIRST)

    both = [threading.Thread(target=scheduler) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Send)) == PEOPLE
        assert set(session.scalars(select(Due.state).where(Due.kind == "check_in"))) == {"sent"}


def test_a_turn_that_is_under_way_is_not_waited_for(database: Database, library: Library) -> None:
    clock = Clock(library, LONDON)
    planned(database, clock, 1)

    with database.transaction() as turn:
        chats.lock(turn, chats.index_of(8000))
        with database.transaction() as session:
            assert sending.send_next(session, clock, FIRST)
            assert not sending.send_next(session, clock, FIRST)

    with database.transaction() as session:
        assert sending.send_next(session, clock, FIRST + sending.BUSY)
        assert due.claim(session, FIRST, sending.KINDS) is None


def test_a_plan_is_made_once_when_two_want_it(database: Database, library: Library) -> None:
    clock = Clock(library, LONDON)
    with database.transaction() as session:
        cast.chat(session, 8000, cast.person(session, cast.wren(session)))
    failures: list[Exception] = []

    def first_message() -> None:
        try:
            with database.transaction() as session:
                person = session.scalars(select(Person)).one()
                planning.ensure(session, person, clock.library, clock.zone, NOW)
        except Exception as error:  # noqa: BLE001 (told to the test's own thread)
            failures.append(error)

    both = [threading.Thread(target=first_message) for _ in range(2)]
    with database.transaction() as session:
        planning.plan_next(session, clock.library, clock.zone, NOW)
        for one in both:
            one.start()
        for one in both:
            one.join(0.3)
    for one in both:
        one.join()

    assert failures == []
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 1
