"""What staff do with notes that may count, from the command line: read what they are about, put it right, count."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from content.themes import load_themes
from feedback import note_theming, theming
from feedback.desk import Opened, member_by, theme_line
from feedback.emerging import FEWEST_PEOPLE
from people import access
from people.access import May
from storage import counted, hearing_back
from storage.tables import CountedNote, Staff


class NotesDeskError(Exception):
    """What was asked cannot be done; the sentence says why."""


class NotesDesk:
    """The desk for what young people say in check-ins and let us count."""

    def __init__(self, opened: Opened, out: Console, zone: ZoneInfo) -> None:
        """Remember the parts; the database is opened for each piece of work."""
        self._opened, self._out, self._zone = opened, out, zone

    def list(self, by: str, now: datetime) -> None:
        """List the notes of a member's own people with what they are about; that it was read is written down."""
        table = Table("Note", "Counted since", "Words", "Themes")
        with self._opened() as database, database.transaction() as session:
            member = member_by(session, by)
            for one in counted.seen_by(session, access.own_people(member)):
                self._look(session, member, one, now)
                said = theming.stands(counted.themes_said(session, one))
                table.add_row(
                    one.reference,
                    f"{one.at.astimezone(self._zone):%d %B %Y}",
                    one.answer.words or "",
                    "not read yet" if one.tone is None else theme_line(said),
                )
        self._out.print(table)

    def _look(self, session: Session, member: Staff, one: CountedNote, now: datetime) -> None:
        person_id = one.answer.person_id
        hearing_back.note_look(
            session, member, "note", one.reference, now, chat_id=None, person_id=person_id
        )

    def correct(
        self, reference: str, by: str, add: Iterable[str], remove: Iterable[str], now: datetime
    ) -> None:
        """Put right what a note is about: staff win over the machine. Others' notes do not exist."""
        with self._opened() as database, database.transaction() as session:
            member = member_by(session, by)
            theirs = counted.seen_by(session, access.own_people(member))
            one = next((each for each in theirs if each.reference == reference.upper()), None)
            if one is None:
                message = f"There is no note {reference}."
                raise NotesDeskError(message)
            stands = note_theming.correct(session, one, member, now, add=add, remove=remove)
            said = theme_line(stands)
        self._out.print(f"{reference.upper()}: {said}", markup=False)

    def counts(self, by: str, since: date) -> None:
        """Count who raised each theme in the council, in statements and in notes. Small numbers are not said."""
        began = datetime(since.year, since.month, since.day, tzinfo=self._zone)
        table = Table("Theme", "Young people")
        with self._opened() as database, database.transaction() as session:
            member = member_by(session, by)
            if not access.allows(member, May.SEE_GAPS):
                raise NotesDeskError("Only managers and the participation team see the counts.")
            found = note_theming.people_by_theme(session, member.council, began)
        for theme, people in sorted(found.items(), key=lambda one: -one[1]):
            if people >= FEWEST_PEOPLE:
                table.add_row(load_themes()[theme].title, str(people))
        self._out.print(table)
        few = sum(1 for people in found.values() if people < FEWEST_PEOPLE)
        self._out.print(f"Raised by fewer than {FEWEST_PEOPLE}: {few} more.", markup=False)
