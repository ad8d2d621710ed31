"""What staff read and note about keeping in touch, from the command line until the pages are there."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from checkins import noting, planning, plans, record
from checkins.intouch import Entry
from checkins.ledger import Account
from checkins.noting import NotingError
from checkins.plans import Change
from checkins.standing import held_as_seen, reason_as_seen
from content.library import Library
from people import access
from people.records import age_on
from storage import contacts, staff
from storage import plans as stored
from storage.database import Database
from storage.tables import CheckInAnswer, Due, Person, Plan, Staff, Task
from storage.tables.keeping_in_touch import DueState, Status

#: One word for the table of the measure, not a case note.
LONGEST_EVIDENCE = 20
LONGEST_OUTCOME = 60


class DeskError(Exception):
    """What was asked cannot be done; the sentence says why."""


@contextmanager
def _clearly() -> Iterator[None]:
    """Say in the desk's own error what cannot be noted."""
    try:
        yield
    except NotingError as error:
        raise DeskError(str(error)) from error


@dataclass(frozen=True)
class Shown:
    """One person's plan, what is due, and how contact stands."""

    person: Person
    plan: Plan
    held: str
    account: Account
    due: list[Due]
    #: Why something due was not sent, by its id, as far as the reader may know it.
    reasons: dict[int, str]


@dataclass(frozen=True)
class Row:
    """One person in the ledger."""

    person: Person
    account: Account
    last_answered_at: datetime | None


class KeepingDesk:
    """The desk of one installation, for everything about keeping in touch."""

    def __init__(
        self,
        opened: Callable[[], AbstractContextManager[Database]],
        library: Library,
        zone: ZoneInfo,
    ) -> None:
        """Remember the parts; the database is opened for each piece of work."""
        self._opened, self._library, self._zone = opened, library, zone

    def show(self, person_id: str, by: str | None, now: datetime) -> Shown:
        """Return a person's plan. Raises DeskError for whoever may not see them."""
        with self._opened() as database, database.transaction() as session:
            person, member = self._theirs(session, person_id, by)
            plan = planning.ensure(session, person, self._library, self._zone, now)
            chat = stored.chat_of(session, person.id)
            held = held_as_seen(session, plan, chat, member, now)
            rows = session.scalars(
                select(Due)
                .where(Due.person_id == person.id, Due.state != DueState.SUPERSEDED)
                .order_by(Due.due_at.desc(), Due.id.desc())
                .limit(15)
            )
            found = list(rows)[::-1]
            reasons = {one.id: reason_as_seen(session, one, chat, member) for one in found}
            account = self._account(session, person, member, now)
            return Shown(person, plan, held or "", account, found, reasons)

    def set_plan(self, person_id: str, wanted: Change, by: str | None, now: datetime) -> None:
        """Change a person's plan. Raises DeskError or PlanError."""
        if wanted.review_on is not None and wanted.review_on < plans.local_day(now, self._zone):
            raise DeskError("That review is over: say when the next one is.")
        with self._opened() as database, database.transaction() as session:
            person, member = self._theirs(session, person_id, by)
            planning.change(session, person, member, wanted, self._library, self._zone, now)

    def put_birthday_right(
        self, person_id: str, born_on: date, by: str | None, now: datetime
    ) -> None:
        """Put a date of birth right, and plan anew what is counted from it. Raises DeskError."""
        if not 15 <= age_on(born_on, plans.local_day(now, self._zone)) <= 25:
            raise DeskError("That date of birth is not of somebody aged 15 to 25.")
        with self._opened() as database, database.transaction() as session:
            person, _ = self._theirs(session, person_id, by)
            plan = planning.ensure(session, person, self._library, self._zone, now)
            person.born_on = born_on.isoformat()
            planning.plan_for(session, plan, self._library, self._zone, now)

    def note_circumstance(
        self, person_id: str, kind: str, until: datetime | None, by: str | None, now: datetime
    ) -> None:
        """Note that somebody is in hospital, in custody, bereaved or left alone. Raises DeskError."""
        with self._opened() as database, database.transaction() as session, _clearly():
            person, member = self._theirs(session, person_id, by)
            noting.note_circumstance(session, person, member, kind, until, now)

    def end_circumstances(self, person_id: str, by: str | None, now: datetime) -> int:
        """Note that it is over, and return how many were. Raises DeskError."""
        with self._opened() as database, database.transaction() as session:
            person, _ = self._theirs(session, person_id, by)
            return noting.end_circumstances(session, person, now)

    def log_contact(
        self, person_id: str, kind: str, at: datetime, by: str, *, two_way: bool, now: datetime
    ) -> None:
        """Note a call, a visit or a message that staff had. Raises DeskError."""
        with self._opened() as database, database.transaction() as session, _clearly():
            person, member = self._staffs(session, person_id, by)
            noting.log_contact(
                session, person, member, kind, at, two_way=two_way, zone=self._zone, now=now
            )

    def ledger(self, by: str | None, now: datetime) -> list[Row]:
        """Return everybody whose contact this member of staff may see, the most pressing first."""
        with self._opened() as database, database.transaction() as session:
            member = self._member(session, by) if by else None
            rows = [
                Row(
                    one,
                    self._account(session, one, member, now),
                    stored.last_answer_at(session, one.id),
                )
                for one in self._people(session, member)
            ]
            return sorted(rows, key=lambda row: row.account.next_due_on)

    def answers(self, person_id: str, by: str | None) -> list[CheckInAnswer]:
        """Return a person's answers, newest first. Raises DeskError."""
        with self._opened() as database, database.transaction() as session:
            person, _ = self._theirs(session, person_id, by)
            return list(
                session.scalars(
                    select(CheckInAnswer)
                    .where(CheckInAnswer.person_id == person.id)
                    .order_by(CheckInAnswer.id.desc())
                )
            )

    def confirm(self, answer_id: int, category: str | None, by: str, now: datetime) -> str:
        """Confirm what was said about home or activity, or put it right; return it. Raises DeskError."""
        with self._opened() as database, database.transaction() as session:
            answer = session.get(CheckInAnswer, answer_id)
            if answer is None or answer.category_of is None:
                raise DeskError("There is no answer with a category under that number.")
            _, member = self._staffs(session, str(answer.person_id), by)
            known = self._library.keeping.categories[answer.category_of]
            chosen = category or answer.category or ""
            if chosen not in known:
                message = f"The category is one of {', '.join(known)}."
                raise DeskError(message)
            answer.confirmed_as, answer.confirmed_at = chosen, now
            answer.confirmed_by_id = member.id
            return known[chosen].dfe

    def in_touch(self, by: str | None, now: datetime) -> list[tuple[Person, Entry]]:
        """Return every birthday window of everybody this member of staff may see."""
        with self._opened() as database, database.transaction() as session:
            member = self._member(session, by) if by else None
            return [
                (person, entry)
                for person in self._people(session, member)
                for entry in record.entries(
                    session, self._library, person, self._zone, now, reader=member
                )
            ]

    def set_in_touch(
        self,
        person_id: str,
        birthday: int,
        status: str,
        evidence: str,
        by: str,
        now: datetime,
    ) -> None:
        """Set or confirm the status of one birthday window. Raises DeskError."""
        window = self._library.keeping.window
        if status not in set(Status):
            message = f"The status is one of {', '.join(Status)}."
            raise DeskError(message)
        if not window.first <= birthday <= window.last:
            message = f"There are windows for the birthdays {window.first} to {window.last}."
            raise DeskError(message)
        if len(evidence) > LONGEST_EVIDENCE:
            message = f"Say in {LONGEST_EVIDENCE} characters what it rests on: call, visit, letter."
            raise DeskError(message)
        with self._opened() as database, database.transaction() as session:
            person, member = self._staffs(session, person_id, by)
            contacts.set_status(
                session,
                person,
                birthday,
                status,
                evidence=evidence or "staff",
                evidence_at=now,
                by=member,
                now=now,
            )

    def tasks(self, by: str | None) -> list[Task]:
        """Return open tasks: about an adviser's own people, or a manager's whole council. Raises DeskError."""
        with self._opened() as database, database.transaction() as session:
            if by is None:
                return contacts.tasks_seen(session, true())
            return contacts.tasks_seen(session, access.own_tasks(self._member(session, by)))

    def close_task(self, reference: str, outcome: str, by: str, now: datetime) -> None:
        """Close a task with what was done. Raises DeskError."""
        if not outcome.strip():
            raise DeskError("Say what was done: --outcome.")
        if len(outcome) > LONGEST_OUTCOME:
            message = f"Say in {LONGEST_OUTCOME} characters what was done."
            raise DeskError(message)
        with self._opened() as database, database.transaction() as session:
            member = self._member(session, by)
            seen = contacts.tasks_seen(session, access.own_tasks(member))
            task = next((one for one in seen if one.reference == reference.upper()), None)
            if task is None:
                message = f"There is no open task {reference}."
                raise DeskError(message)
            task.closed_at, task.closed_by_id, task.outcome = now, member.id, outcome.strip()

    def _account(
        self, session: Session, person: Person, reader: Staff | None, now: datetime
    ) -> Account:
        return record.account(session, self._library, person, self._zone, now, reader=reader)

    def _people(self, session: Session, member: Staff | None) -> list[Person]:
        """Return whom a member of staff looks after: an adviser's own, a manager's whole council."""
        return list(session.scalars(self._looked_after(member).order_by(Person.added_at)))

    def _looked_after(self, member: Staff | None) -> Select[tuple[Person]]:
        """Return the question for them. Nobody is whoever runs commands here, who can read everything anyway."""
        if member is None:
            return select(Person)
        if not access.allows(member, access.May.SEE_PEOPLE):
            raise DeskError("Only advisers and managers see who is in touch.")
        return select(Person).where(access.own_people(member))

    def _staffs(self, session: Session, person_id: str, by: str) -> tuple[Person, Staff]:
        """Return a person and the named member of staff who looks after them."""
        return self._theirs(session, person_id, by)[0], self._member(session, by)

    def _theirs(
        self, session: Session, person_id: str, by: str | None
    ) -> tuple[Person, Staff | None]:
        """Return a person this member of staff looks after. Others do not exist for them."""
        member = self._member(session, by) if by else None
        try:
            wanted = uuid.UUID(person_id)
        except ValueError:
            wanted = uuid.UUID(int=0)
        found = session.scalar(self._looked_after(member).where(Person.id == wanted))
        if found is None:
            raise DeskError("There is no person with that id among those you look after.")
        return found, member

    def _member(self, session: Session, email: str) -> Staff:
        found = staff.by_email(session, email)
        if found is None:
            message = f"No member of staff has the e-mail {email}."
            raise DeskError(message)
        return found
