"""A crowd: many people who have joined, with their advisers and plans, written at once."""

from datetime import date, datetime, time

from storage import chats
from storage.database import Database
from storage.tables import Chat, Person, Plan, Staff

ADVISERS = 200
HOURS_OF_CHECK_INS = tuple(time(*at) for at in ((9, 0), (10, 0), (12, 30), (16, 30), (18, 30)))


def populate(database: Database, people_in_all: int, start: datetime) -> None:
    """Let many people have joined, each with a weekly check-in on a day and at an hour of their own."""
    with database.transaction() as session:
        advisers = [
            Staff(
                email=f"adviser{number}@example.org",
                name=f"Adviser {number}",
                role="adviser",
                council="cheshire_east",
                added_at=start,
            )
            for number in range(ADVISERS)
        ]
        session.add_all(advisers)
        session.flush()
        people = [
            Person(
                name=f"Person {number}",
                born_on=date(2002 + number % 7, 1 + number % 12, 1 + number % 28).isoformat(),
                council="cheshire_east",
                adviser_id=advisers[number % ADVISERS].id,
                added_at=start,
            )
            for number in range(people_in_all)
        ]
        session.add_all(people)
        session.flush()
        session.add_all(chat_of(number, person, start) for number, person in enumerate(people))
        session.add_all(plan_of(number, person, start) for number, person in enumerate(people))


def chat_of(number: int, person: Person, start: datetime) -> Chat:
    """Return the chat of somebody."""
    return Chat(
        telegram_index=chats.index_of(1 + number),
        telegram_id=str(1 + number),
        person_id=person.id,
        began_at=start,
        heard_at=start,
    )


def plan_of(number: int, person: Person, start: datetime) -> Plan:
    """Return what is agreed with somebody."""
    return Plan(
        person_id=person.id,
        version=1,
        every="weekly",
        weekday=number % 7,
        at=HOURS_OF_CHECK_INS[number // 7 % len(HOURS_OF_CHECK_INS)],
        quiet_from=time(21),
        quiet_to=time(9),
        set_by="person",
        set_at=start,
        planned_from=person.born_on,
        plan_again_at=start,
    )
