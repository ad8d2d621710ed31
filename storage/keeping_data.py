"""Everything held about keeping in touch with one person, as part of the file they can read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import counted
from storage.tables import (
    CheckInAnswer,
    Circumstance,
    Contact,
    Due,
    InTouch,
    Person,
    Plan,
    Task,
)


class Say(Protocol):
    """Returns a line of content by its id, filled in: the words of the file are not ours."""

    def __call__(self, reply_id: str, /, **values: str) -> str:
        """Return the line."""


def as_text(session: Session, person: Person, say: Say) -> list[str]:
    """Return the parts of the file, each with its title."""
    return [
        _plan(session, person, say),
        _part(
            say("my_data.check_ins"),
            _answers(session, person, say),
        ),
        _part(
            say("my_data.due"),
            (
                say(
                    "my_data.due_one",
                    when=_at(one.due_at),
                    what=_words(one.what),
                    state=one.state,
                    why=_words(one.reason or ""),
                )
                for one in _all(session, Due, person)
            ),
        ),
        _part(
            say("my_data.contacts"),
            (
                say("my_data.contact", when=_at(one.at), kind=one.kind)
                for one in _all(session, Contact, person)
            ),
        ),
        _part(say("my_data.noted"), _noted(session, person, say)),
    ]


OfPerson = TypeVar("OfPerson", CheckInAnswer, Due, Contact, Circumstance, InTouch, Task)


def _all(session: Session, table: type[OfPerson], person: Person) -> Iterable[OfPerson]:
    return session.scalars(select(table).where(table.person_id == person.id).order_by(table.id))


def _at(moment: datetime) -> str:
    return moment.strftime("%d %B %Y %H:%M UTC")


def _words(identifier: str) -> str:
    return identifier.replace("_", " ")


def _part(title: str, rows: Iterable[str]) -> str:
    return "\n".join([title, *(f"- {row}" for row in rows)])


def _plan(session: Session, person: Person, say: Say) -> str:
    plan = session.get(Plan, person.id)
    if plan is None:
        return _part(say("my_data.plan"), ())
    line = say(
        "my_data.plan_line",
        every=_words(plan.every),
        day=say(f"check_in.day_{plan.weekday}"),
        at=f"{plan.at:%H:%M}",
        quiet_from=f"{plan.quiet_from:%H:%M}",
        quiet_to=f"{plan.quiet_to:%H:%M}",
        by=plan.set_by,
        off=", ".join(_words(one) for one in plan.topics_off) or say("my_data.nothing"),
    )
    return _part(say("my_data.plan"), (line,))


def _answers(session: Session, person: Person, say: Say) -> Iterable[str]:
    notes = counted.of_person(session, person.id)
    for one in _all(session, CheckInAnswer, person):
        yield _answer(one, say, say("my_data.yes" if one.id in notes else "my_data.no"))


def _answer(one: CheckInAnswer, say: Say, counts: str) -> str:
    return say(
        "my_data.check_in",
        when=_at(one.at),
        question=_words(one.question),
        face=str(one.feeling) if one.feeling else say("my_data.nothing"),
        said=_words(one.category or ""),
        words=one.words or "",
        counted=counts,
        confirmed=_words(one.confirmed_as or ""),
    )


def _noted(session: Session, person: Person, say: Say) -> Iterable[str]:
    """Yield what staff noted, and what they were asked to do."""
    for one in _all(session, Circumstance, person):
        until = _at(one.until) if one.until else say("my_data.still_so")
        yield say("my_data.circumstance", kind=one.kind, since=_at(one.since), until=until)
    for status in _all(session, InTouch, person):
        yield say(
            "my_data.in_touch",
            birthday=str(status.birthday),
            status=_words(status.status),
            when=_at(status.set_at),
        )
    for task in _all(session, Task, person):
        yield say(
            "my_data.task",
            when=_at(task.made_at),
            kind=_words(task.kind),
            reference=task.reference,
        )
