"""What staff do with statements from the command line: list, read, take each step, put themes right."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlalchemy import true
from sqlalchemy.orm import Session

from content.library import Library
from feedback import casework, theming
from feedback.hearing import Step
from people import sight
from people.hours import say_time
from storage import hearing_back, staff, statements
from storage.database import Database
from storage.tables import Staff, Statement
from storage.tables.people import Role
from storage.tables.statements import StatementState

Opened = Callable[[], AbstractContextManager[Database]]


class StatementDeskError(Exception):
    """What was asked cannot be done; the sentence says why."""


def member_by(session: Session, email: str) -> Staff:
    """Return a member of staff by e-mail. Raises StatementDeskError."""
    found = staff.by_email(session, email)
    if found is None:
        message = f"No member of staff has the e-mail {email}."
        raise StatementDeskError(message)
    return found


class StatementDesk:
    """The desk at which statements are worked on."""

    def __init__(self, opened: Opened, library: Library, out: Console, zone: ZoneInfo) -> None:
        """Remember the parts; the database is opened for each piece of work."""
        self._opened, self._library, self._out, self._zone = opened, library, out, zone

    def list(self, by: str | None) -> None:
        """List what waits for staff: ids and states, no name and no word, and how many are late.

        With a member of staff, only what they may read; a month is all the participation team sees.
        """
        now = datetime.now(UTC)
        table = Table("Statement", "Kind", "State", "Sent", "For", "Follow up by", "Sounds")
        with self._opened() as database, database.transaction() as session:
            member = member_by(session, by) if by else None
            theirs = sight.readable(member) if member is not None else true()
            rows = hearing_back.open_ones(session, theirs)
            late = sum(1 for one in rows if one.due_at is not None and one.due_at < now)
            for one in rows:
                table.add_row(*self._row(one, member, now))
        self._out.print(table)
        self._out.print(f"{len(rows)} open, {late} overdue.", markup=False)

    def _row(self, one: Statement, member: Staff | None, now: datetime) -> Iterable[str]:
        monthly = member is not None and member.role == Role.PARTICIPATION
        sent = one.sent_at or one.touched_at
        due = say_time(one.due_at, now, self._zone) if one.due_at else "-"
        overdue = one.due_at is not None and one.due_at < now
        return (
            one.reference,
            one.scenario.replace("_", " "),
            one.state.replace("_", " "),
            f"{sent:%B %Y}" if monthly else say_time(sent, now, self._zone),
            one.owner.name if one.owner else "duty",
            f"{due} OVERDUE" if overdue else due,
            one.tone or "not read yet",
        )

    def show(self, reference: str, by: str) -> None:
        """Show the words of a statement to somebody who may read them; that they did is written down.

        Who has read it has seen it: its author is told.
        """
        now = datetime.now(UTC)
        with self._opened() as database, database.transaction() as session:
            member, one = self._theirs(session, reference, by)
            lines = list(self._words(session, one, member))
            casework.read(session, self._library, one, member, now)
        for line in lines:
            self._out.print(line, markup=False)

    def _words(self, session: Session, one: Statement, member: Staff) -> Iterable[str]:
        named = sight.may_see_name(one)
        person = one.person
        who = f"{person.name}, born {person.born_on}" if named and person else "without a name"
        yield f"{one.reference}  {one.scenario.replace('_', ' ')}  {one.state}"
        yield f"From: {who}; age {one.age_band or 'not known'}; {one.origin.replace('_', ' ')}"
        if one.answer_by:
            yield f"A complaint. Answer it by {one.answer_by.astimezone(self._zone):%d %B %Y}."
        for told in casework.read_back(session, self._library, one):
            used = f"  (words may be used: {told.consent})" if told.consent else ""
            yield f"  {told.label}: {told.text}{used}"
        themes = theming.stands(hearing_back.themes_said(session, one))
        yield f"Themes: {theme_line(themes)}"
        if member.role != Role.PARTICIPATION:
            for event in statements.events(session, one):
                note = f": {event.note}" if event.note else ""
                yield f"  {event.at.astimezone(self._zone):%d %b %H:%M} {event.state}{note}"

    def step(self, reference: str, by: str, state: StatementState, words: str) -> None:
        """Take a step, and tell the young person in a short message."""
        now = datetime.now(UTC)
        with self._opened() as database, database.transaction() as session:
            member, one = self._theirs(session, reference, by)
            told = casework.take(session, self._library, one, member, Step(state, words), now)
        self._out.print(
            f"{reference.upper()} is {state.replace('_', ' ')}. "
            + ("They are told when the bot is running." if told else "They cannot be told."),
            markup=False,
        )

    def set_themes(
        self, reference: str, by: str, add: Iterable[str], remove: Iterable[str]
    ) -> None:
        """Put right what a statement is about: staff win over the machine."""
        now = datetime.now(UTC)
        with self._opened() as database, database.transaction() as session:
            member, one = self._theirs(session, reference, by)
            stands = theming.correct(session, one, member, now, add=add, remove=remove)
            said = theme_line(stands)
        self._out.print(f"{reference.upper()}: {said}", markup=False)

    def _theirs(self, session: Session, reference: str, by: str) -> tuple[Staff, Statement]:
        """Return a statement that this member of staff may read; any other does not exist for them."""
        member = member_by(session, by)
        found = casework.find(session, reference, member)
        if found is None:
            message = f"There is no statement {reference}."
            raise StatementDeskError(message)
        return member, found


def theme_line(stands: Iterable[theming.Said]) -> str:
    """Return themes in one line, each with who says so."""
    return ", ".join(_theme(each) for each in stands) or "none"


def _theme(said: theming.Said) -> str:
    """Return a theme with who says so."""
    sure = f" {said.confidence:.0%}" if said.confidence is not None else ""
    return f"{said.theme} ({said.source}{sure})"
