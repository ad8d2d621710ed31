"""What staff do for many from the command line: actions, questions to the council, surveys, what emerges."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from content.library import Library
from content.surveys import load_surveys
from content.themes import load_themes
from feedback import actions, asking, emerging, surveys, theming
from feedback.actions import Change
from feedback.desk import Opened, member_by
from feedback.emerging import FEWEST_PEOPLE, Uncovered
from feedback.surveys import Group
from feedback.themes import examples
from meaning.encoder import PLAIN, Encoder
from people.hours import say_time
from storage import actions as kept
from storage import asked, counted, hearing_back
from storage.tables import Action, Asked, Staff
from storage.tables.statements import Consent


class SharingError(Exception):
    """What was asked cannot be done; the sentence says why."""


class SharingDesk:
    """The desk at which the participation team works for everybody at once."""

    def __init__(self, opened: Opened, library: Library, out: Console, zone: ZoneInfo) -> None:
        """Remember the parts; the database is opened for each piece of work."""
        self._opened, self._library, self._out, self._zone = opened, library, out, zone

    # --- You said, we did ----------------------------------------------------------------------

    def add_action(
        self, by: str, theme: str, title: str, change: Change, owner: str | None
    ) -> None:
        """Keep what the council means to do, or did, about a theme."""
        with self._opened() as database, database.transaction() as session:
            member = member_by(session, by)
            change = self._owned(session, change, owner)
            made = actions.add(
                session, member, theme, member.council, title, change, datetime.now(UTC)
            )
            reference = made.reference
        self._out.print(
            f"Action {reference} is kept. Publish it when it may be read.", markup=False
        )

    def update_action(self, reference: str, by: str, change: Change, owner: str | None) -> None:
        """Change an action."""
        with self._opened() as database, database.transaction() as session:
            member, action = member_by(session, by), self._action(session, reference)
            actions.update(action, member, self._owned(session, change, owner), datetime.now(UTC))
        self._out.print(f"{reference.upper()} is changed.", markup=False)

    def publish_action(self, reference: str, by: str) -> None:
        """Let everybody read an action, and tell once whoever raised its theme."""
        with self._opened() as database, database.transaction() as session:
            member, action = member_by(session, by), self._action(session, reference)
            pushes = actions.publish(session, action, member, datetime.now(UTC), self._zone)
        self._out.print(
            f"{reference.upper()} is published. {_few(len(pushes))} are told.", markup=False
        )

    def list_actions(self, council: str | None) -> None:
        """List actions in the columns of a committee's action log."""
        columns = (
            "Action",
            "Minute",
            "Theme",
            "Title",
            "Owner",
            "Due",
            "Done",
            "Status",
            "Published",
        )
        table = Table(*columns)
        with self._opened() as database, database.transaction() as session:
            for one in kept.listed(session, council):
                table.add_row(
                    one.reference,
                    one.minute or "",
                    load_themes()[one.theme].title,
                    one.title,
                    one.owner.name,
                    _day(one.due_on),
                    _day(one.done_on),
                    one.status.replace("_", " "),
                    _day(one.published_at),
                )
        self._out.print(table)

    def _owned(self, session: Session, change: Change, owner: str | None) -> Change:
        return Change(**{**vars(change), "owner": member_by(session, owner) if owner else None})

    def _action(self, session: Session, reference: str) -> Action:
        found = kept.by_reference(session, reference)
        if found is None:
            message = f"There is no action {reference}."
            raise SharingError(message)
        return found

    # --- Ask the council -----------------------------------------------------------------------

    def list_questions(self, by: str) -> None:
        """List the questions that wait, in their words and without whose they are."""
        now = datetime.now(UTC)
        table = Table("Question", "State", "Asked", "Decide by", "Words")
        with self._opened() as database, database.transaction() as session:
            member = self._moderator(session, by)
            for one in asked.open_ones(session, member.council):
                hearing_back.note_look(
                    session,
                    member,
                    "question",
                    one.reference,
                    now,
                    chat_id=one.chat_id,
                    person_id=one.chat.person_id if one.chat else None,
                )
                due = say_time(one.due_at, now, self._zone)
                table.add_row(
                    one.reference,
                    one.state,
                    f"{one.asked_at:%B %Y}",
                    due,
                    one.put or one.words or "",
                )
        self._out.print(table)

    def approve_question(self, reference: str, by: str, put: str) -> None:
        """Pass a question on, reworded where it would give somebody away."""
        with self._opened() as database, database.transaction() as session:
            member, one = self._question(session, reference, by)
            asking.approve(session, self._library, one, member, put, datetime.now(UTC))
        self._out.print(f"{reference.upper()} is passed on.", markup=False)

    def reject_question(self, reference: str, by: str, why: str) -> None:
        """Do not pass a question on; whoever asked reads why."""
        with self._opened() as database, database.transaction() as session:
            member, one = self._question(session, reference, by)
            asking.reject(session, self._library, one, member, why, datetime.now(UTC))
        self._out.print(f"{reference.upper()} is not passed on.", markup=False)

    def answer_question(self, reference: str, by: str, answers: str, text: str) -> None:
        """Keep the answer of a councillor or manager, for everybody to read."""
        with self._opened() as database, database.transaction() as session:
            member, one = self._question(session, reference, by)
            asking.answer(
                session, self._library, one, member, by=answers, text=text, now=datetime.now(UTC)
            )
        self._out.print(f"{reference.upper()} is answered, for everybody to read.", markup=False)

    def _moderator(self, session: Session, by: str) -> Staff:
        member = member_by(session, by)
        if not asking.moderates(member, member.council):
            raise SharingError("Only the participation team reads questions to the council.")
        return member

    def _question(self, session: Session, reference: str, by: str) -> tuple[Staff, Asked]:
        member, found = self._moderator(session, by), asked.by_reference(session, reference)
        if found is None or found.council != member.council:
            message = f"There is no question {reference}."
            raise SharingError(message)
        return member, found

    # --- Surveys and themes --------------------------------------------------------------------

    def send_survey(self, scenario: str, by: str, group: Group) -> None:
        """Send a scenario to a group, by day; print how many, and why not the rest."""
        intervals = load_surveys(self._library.scenarios)
        with self._opened() as database, database.transaction() as session:
            member = member_by(session, by)
            _, pushes = surveys.send(
                session, member, scenario, intervals, group, datetime.now(UTC), self._zone
            )
            counts = kept.outcome(pushes)
        for name, count in sorted(counts.items()):
            self._out.print(f"{name.replace('_', ' ')}: {_few(count)}", markup=False)
        if not counts:
            self._out.print("Nobody is in that group.", markup=False)

    def list_themes(self) -> None:
        """List every theme with its area and what it is taken for."""
        table = Table("Theme", "Area", "Title", "Means")
        for one in load_themes().values():
            table.add_row(one.id, one.area, one.title, one.means)
        self._out.print(table)

    def emerging(self, since: date) -> None:
        """List what no theme covers, for a person to look at. Nothing is published by itself."""
        began = datetime(since.year, since.month, since.day, tzinfo=UTC)
        with self._opened() as database, database.transaction() as session:
            found = self._uncovered(session, began)
        usual = [one.text for one in examples.read()]
        topics = emerging.topics(found, usual, Encoder(PLAIN).vectors)
        table = Table("Words", "People", "Examples (from ten people on)")
        for topic in topics:
            table.add_row(", ".join(topic.words), str(topic.people), "\n".join(topic.examples))
        self._out.print(table)
        self._out.print(f"From {_few(len({one.whose for one in found}))} people.", markup=False)

    def _uncovered(self, session: Session, since: datetime) -> list[Uncovered]:
        """Return the words that may be used of statements with no theme. The nameless count as one."""
        told = [
            Uncovered(
                whose=str(statement.person_id or statement.chat_id or "nameless"),
                text=str(answer.value.get("words", "")),
                may_quote=answer.consent == Consent.YES,
            )
            for statement, answer in hearing_back.may_be_used(session, since)
            if not theming.stands(hearing_back.themes_said(session, statement))
        ]
        # A note may be counted, and never quoted.
        noted = [
            Uncovered(str(note.answer.person_id), note.answer.words or "", may_quote=False)
            for note in counted.since(session, since)
            if not theming.stands(counted.themes_said(session, note))
        ]
        return told + noted


def _few(count: int) -> str:
    """Return a count; one so small that it could point at somebody is not said."""
    return str(count) if count == 0 or count >= FEWEST_PEOPLE else f"fewer than {FEWEST_PEOPLE}"


def _day(moment: date | datetime | None) -> str:
    return f"{moment:%d %B %Y}" if moment else ""
