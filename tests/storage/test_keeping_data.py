"""What is kept about keeping in touch can be read by whom it is about, sealed anew, and erased."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content.library import Library
from scheduler import retention
from storage import chats, encryption, erasure, persons_data, rotation
from storage.database import Database, unlock
from storage.tables import (
    Base,
    Chat,
    CheckInAnswer,
    Circumstance,
    Contact,
    Due,
    InTouch,
    Person,
    Plan,
    Task,
)
from tests import cast
from tests.cast import AMARA, NOW

TABLES = (Plan, Due, CheckInAnswer, Circumstance, Contact, InTouch, Task)


def fill(session: Session, *, at: datetime = NOW, closed_at: datetime | None = None) -> Chat:
    """Keep one row of each kind about Amara."""
    person = cast.person(session, cast.wren(session))
    chat = cast.chat(session, AMARA, person)
    plan = Plan(
        person_id=person.id,
        version=1,
        every="weekly",
        weekday=1,
        at=time(16, 30),
        topics_off=["birthday"],
        quiet_from=time(21),
        quiet_to=time(9),
        set_by="person",
        set_at=at,
        planned_from="2008-05-01",
        plan_again_at=at,
    )
    due = Due(
        person_id=person.id,
        kind="check_in",
        what="living",
        due_at=at,
        expires_at=at,
        version=1,
        state="skipped",
        reason="flag_open",
        once_key="k",
        made_at=at,
    )
    answer = CheckInAnswer(
        person_id=person.id,
        question="living",
        question_version=1,
        feeling=2,
        words="it is cold here",
        category_of="living",
        category="lodgings",
        confirmed_as="foyer",
        at=at,
    )
    hold = Circumstance(
        person_id=person.id, kind="hospital", since=at, until=closed_at, noted_at=at
    )
    contact = Contact(
        person_id=person.id, kind="visit", at=at, on_day=at.date(), two_way=True, noted_at=at
    )
    status = InTouch(
        person_id=person.id, birthday=18, status="in_touch", evidence="visit", set_at=at
    )
    task = Task(
        reference="T-222222",
        person_id=person.id,
        kind="silent",
        tried=[{"at": at.isoformat(), "what": "nudge", "came": "arrived"}],
        made_at=at,
        due_at=at,
        closed_at=closed_at,
    )
    session.add_all([plan, due, answer, hold, contact, status, task])
    session.flush()
    return chat


def count(session: Session, table: type[Base]) -> int:
    """Return how many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_my_data_shows_all_of_it(session: Session, library: Library) -> None:
    shown = persons_data.as_text(session, fill(session), library.say)

    for part in (
        "weekly, on a Tuesday at 16:30",
        "turned off: birthday",
        "face 2 of 5",
        "it is cold here",
        "lodgings",
        "foyer",
        "living: skipped flag open",
        "visit",
        "hospital, from",
        "birthday 18: in touch",
        "T-222222",
    ):
        assert part in shown


def test_erasing_a_person_erases_all_of_it(session: Session) -> None:
    chat = fill(session)
    person = session.scalars(select(Person)).one()

    gone = erasure.erase(session, person, chat)

    assert gone > len(TABLES)
    assert {one.__tablename__: count(session, one) for one in TABLES} == dict.fromkeys(
        (one.__tablename__ for one in TABLES), 0
    )


def test_delete_in_the_chat_takes_the_words_of_answers_too(session: Session) -> None:
    chats.forget_words(session, fill(session))
    session.expire_all()

    [answer] = session.scalars(select(CheckInAnswer))
    assert (answer.words, answer.feeling) == (None, 2)


@pytest.mark.parametrize(
    ("age", "closed", "left"),
    [
        (timedelta(days=364), timedelta(days=364), {}),
        (timedelta(days=366), timedelta(days=366), {"circumstances": 0}),
        (
            timedelta(days=731),
            timedelta(days=731),
            {"circumstances": 0, "due_contacts": 0, "check_in_answers": 0, "tasks": 0},
        ),
        # What is still so, or still to be done, is held whatever its age.
        (timedelta(days=731), None, {"due_contacts": 0, "check_in_answers": 0}),
    ],
)
def test_each_kind_is_kept_as_long_as_it_says(
    session: Session, age: timedelta, closed: timedelta | None, left: dict[str, int]
) -> None:
    fill(session, at=NOW - age, closed_at=None if closed is None else NOW - closed)

    retention.forget_next(session, NOW)

    expected = {one.__tablename__: 1 for one in TABLES} | left
    assert {one.__tablename__: count(session, one) for one in TABLES} == expected


def test_words_and_what_is_sensitive_are_sealed_and_sealed_anew(database: Database) -> None:
    with database.transaction() as session:
        fill(session)
        stored = session.execute(
            text(
                "select words, category, confirmed_as, c.kind, tried, planned_from from check_in_answers a"
                " join circumstances c using (person_id) join tasks using (person_id) join plans using (person_id)"
            )
        ).one()
    readable = " ".join(stored)
    for secret in ("cold", "lodgings", "foyer", "hospital", "nudge", "2008"):
        assert secret not in readable

    unlock(database, ("n" * 40, "k" * 40))
    assert rotation.rotate(database) >= len(stored)
    newest = f"{encryption.PREFIX}.{encryption.keyring().newest}."
    with database.transaction() as session:
        assert str(session.scalar(text("select words from check_in_answers"))).startswith(newest)
        assert session.scalars(select(CheckInAnswer.words)).one() == "it is cold here"


def test_the_database_refuses_what_was_not_sent_without_a_reason(session: Session) -> None:
    fill(session)
    session.scalars(select(Due)).one().reason = None

    with pytest.raises(IntegrityError, match="reason_when_not_sent"):
        session.flush()
