"""The demonstration: everything in it went the way real life goes, it is made up, and every list has something."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

import demo
from bot.engine import Engine
from demo.fortnight import hours, moment
from demo.loading import load
from demo.talk import FIRST_CHAT
from people.hours import LONDON
from storage import audit, hearing_back
from storage.database import Database
from storage.tables import (
    Action,
    Asked,
    Chat,
    CheckInAnswer,
    Circumstance,
    Contact,
    Due,
    Event,
    Flag,
    Message,
    Person,
    Request,
    Send,
    Staff,
    Statement,
    Task,
)

#: Somebody may start it in the night, before what is told of that day.
NOW = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
KEY = "k" * 40


def test_a_fortnight_fills_every_list(database: Database, engine: Engine) -> None:
    now = NOW
    lines = load(database, engine, KEY, now)

    with database.transaction() as session:
        assert audit.first_broken(session) is None
        flags = list(session.scalars(select(Flag)))
        states = Counter(session.scalars(select(Statement.state)))
        joined = list(session.scalars(select(Chat.telegram_id)))
        counts = {
            table.__tablename__: session.scalar(select(func.count()).select_from(table))
            for table in (Task, Request, Circumstance, Contact, CheckInAnswer, Action, Asked)
        }
        people = list(session.scalars(select(Person)))
        answered = {
            one.answer for one in session.scalars(select(Due).where(Due.kind == "check_in"))
        }
        coming = Counter(session.scalars(select(Due.answer).where(Due.kind == "event")))
        late = hearing_back.count_overdue(session, now)
        newest = session.scalar(select(func.max(Message.at)))
        names = {one.name for one in session.scalars(select(Staff))} | {one.name for one in people}
        assert set(session.scalars(select(Send.state))) <= {"sent", "waiting", "failed"}
        assert session.scalars(select(Event.state)).all() == ["sending"]
    assert len(people) == 40
    assert len(lines) == 3
    assert all("Demo" in name for name in names)
    assert all(int(one) >= FIRST_CHAT for one in joined)
    assert {one.council for one in people} == {"cheshire_east", "cambridgeshire"}
    assert {one.level for one in flags} >= {"immediate", "same_day"}
    assert any(one.about_staff and one.hidden_from_id for one in flags)
    assert any(one.opened_at is None and one.due_at < now for one in flags)
    assert any(one.snoozed_until and one.snoozed_until > now for one in flags)
    assert any(one.closed_at for one in flags)
    assert set(states) >= {"sent", "opened", "in_hand", "done", "cannot"}
    assert all(counts.values()), counts
    assert {"answered", None} <= answered
    assert set(coming) >= {"coming", "not_coming"}
    assert newest is not None
    assert now - timedelta(hours=6) < newest <= now
    assert late > 0


def test_it_is_lived_only_once_and_only_in_an_empty_database(
    database: Database, engine: Engine
) -> None:
    with database.transaction() as session:
        session.add(Person(name="Amara", born_on="2008-05-01", council="x", added_at=NOW))

    assert load(database, engine, KEY, NOW) == []

    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Chat)) == 0


def test_one_sign_in_is_printed_for_each_role() -> None:
    lines = demo.sign_ins(KEY)

    assert [one.split(":")[0] for one in lines] == ["adviser", "manager", "participation", "admin"]
    assert "wren.demo@example.org" in lines[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("-1 16:20", datetime(2027, 3, 28, 15, 20, tzinfo=UTC)),
        ("-2 16:20", datetime(2027, 3, 27, 16, 20, tzinfo=UTC)),
        ("40m", datetime(2027, 3, 29, 7, 20, tzinfo=UTC)),
        ("-0 23:00", datetime(2027, 3, 29, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_wall_clock_is_the_one_there_and_nothing_is_told_of_the_future(
    said: str, meant: datetime
) -> None:
    assert moment(said, datetime(2027, 3, 29, 8, 0, tzinfo=UTC), LONDON) == meant


def test_the_clock_works_in_every_hour_of_the_day_up_to_now() -> None:
    found = list(hours(NOW, LONDON))

    assert len(found) == 13 * 12
    assert max(found) < NOW
