"""Ticks run until nothing is left, one failure does not end them, and a dead one is noticed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from checkins.sending import Clock
from content.library import Library
from people.hours import LONDON
from scheduler import keeping, off, watchdog
from scheduler.ticks import Tick, run_due, run_once, table
from scheduler.watchdog import DeadTickError, Pulse
from storage import health, switch
from storage.database import Database
from storage.tables import Staff
from tests import cast
from tests.cast import NOW

SECOND = timedelta(seconds=1)


def counting(left: list[int]) -> Callable[[datetime], bool]:
    """Return work that is done so many times and then has nothing left."""

    def work(_now: datetime) -> bool:
        if left[0] == 0:
            return False
        left[0] -= 1
        return True

    return work


def nothing(_now: datetime) -> bool:
    """Return that nothing is left."""
    return False


def test_a_tick_runs_until_nothing_is_left_and_leaves_a_sign_of_life(database: Database) -> None:
    done = run_due(database, Tick("one", SECOND, counting([3])), lambda: NOW)

    with database.transaction() as session:
        beats = health.last_beats(session)
    assert done == 3
    assert list(beats) == ["tick.one"]


def test_while_kith_is_off_nothing_is_written_first_and_the_rest_goes_on(
    database: Database,
) -> None:
    with database.transaction() as session:
        switch.turn_off(session, cast.lee(session).id, "answers are wrong", NOW)
    first, rest = (Tick(name, SECOND, counting([2])) for name in ("check_ins", "retention"))

    done = [run_due(database, one, lambda: NOW) for one in off.waiting(database, (first, rest))]

    assert done == [0, 2]
    with database.transaction() as session:
        lee = session.scalars(select(Staff)).one()
        switch.turn_on(session, lee.id, NOW)
    assert [run_due(database, one, lambda: NOW) for one in off.waiting(database, (first,))] == [2]


def test_everything_that_waits_is_a_tick_there_is(database: Database, library: Library) -> None:
    names = {
        one.name
        for one in table(database, nothing, nothing, nothing)
        + keeping.ticks(database, Clock(library, LONDON))
    }

    assert names >= off.WAITS


def test_the_time_is_asked_for_again_each_round(database: Database) -> None:
    moments = [NOW, NOW + SECOND, NOW + 2 * SECOND]
    asked = iter(moments)
    seen: list[datetime] = []

    def work(now: datetime) -> bool:
        seen.append(now)
        return len(seen) < 3

    run_due(database, Tick("one", SECOND, work), lambda: next(asked))

    assert seen == moments


def test_once_means_until_nothing_anywhere_is_due(database: Database) -> None:
    left = [0]

    def makes_more(_now: datetime) -> bool:
        if left[0] or made:
            return False
        left[0] = 2
        made.append(1)
        return True

    made: list[int] = []
    # The first finds nothing until the second has made it due.
    run_once(
        database,
        (Tick("first", SECOND, counting(left)), Tick("second", SECOND, makes_more)),
        NOW,
    )

    assert left == [0]
    assert made == [1]


def test_what_cannot_be_sent_is_put_off_and_the_next_is_sent(database: Database) -> None:
    put_off: list[datetime] = []
    calls = iter([ValueError("no such line"), None])

    def work(_session: object, _now: datetime) -> bool:
        trouble = next(calls)
        if trouble is not None:
            raise trouble
        return False

    one = keeping._one_by_one(database, work, lambda _session, now: put_off.append(now))

    assert one(NOW) is True
    assert one(NOW) is False
    assert put_off == [NOW]


def test_every_kind_of_work_has_its_tick(database: Database) -> None:
    made = table(database, nothing, nothing, nothing, Tick("more", SECOND, nothing))

    assert [one.name for one in made] == ["alerts", "more", "themes", "pushes", "retention"]


class Monotonic:
    """A clock that a test moves."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.now = 0.0

    def __call__(self) -> float:
        """Say what time it is."""
        return self.now


def test_a_tick_that_stopped_is_noticed_within_three_ticks_and_the_grace() -> None:
    clock = Monotonic()
    pulse = Pulse({"alerts": 10.0, "retention": 600.0}, clock)

    clock.now = 3 * 10 + watchdog.GRACE_SECONDS
    assert pulse.dead() == []
    clock.now += 1
    assert pulse.dead() == ["alerts"]
    pulse.beat("alerts")
    assert pulse.dead() == []


def test_the_watch_ends_with_the_name_of_the_dead() -> None:
    clock = Monotonic()
    pulse = Pulse({"check_ins": 10.0}, clock)

    def rest(seconds: float) -> None:
        clock.now += seconds

    with pytest.raises(DeadTickError, match="check_ins"):
        watchdog.watch(pulse, rest)

    assert clock.now <= 3 * 10 + watchdog.GRACE_SECONDS + 2 * watchdog.LOOK_SECONDS
