"""What staff do from the command line until the dashboard is there: read, answer, close, erase."""

import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from content.library import Library
from people import access, replying, sight
from people.hours import say_time
from storage import audit, chats, erasure, keeping_data, persons_data, staff
from storage.database import Database
from storage.tables import (
    Chat,
    Flag,
    FlagMessage,
    Message,
    Person,
    Question,
    Request,
    Staff,
)

AROUND = timedelta(minutes=10)


class DeskError(Exception):
    """What was asked cannot be done; the sentence says why."""


class Desk:
    """The desk of one installation."""

    def __init__(
        self,
        opened: Callable[[], AbstractContextManager[Database]],
        library: Library,
        out: Console,
        council: str,
        zone: ZoneInfo,
    ) -> None:
        """Remember the parts; the database is opened for each piece of work."""
        self._opened, self._library, self._out, self._council, self._zone = (
            opened,
            library,
            out,
            council,
            zone,
        )

    def list_flags(self, by: str | None = None) -> None:
        """List open flags, most urgent first, without a name or a word. With somebody, only theirs."""
        table = Table("Flag", "Level", "About", "Raised", "Read by", "Opened")
        now = datetime.now(UTC)
        with self._opened() as database, database.transaction() as session:
            member = self._member(session, by) if by else None
            theirs = access.own_flags(member) if member else true()
            rows = session.scalars(select(Flag).where(Flag.closed_at.is_(None), theirs))
            self._trace(session, member, "saw_flags")
            order = {"immediate": 0, "same_day": 1, "concern": 2}
            for flag in sorted(rows, key=lambda one: (order[one.level], one.due_at)):
                about = ", ".join(flag.categories) + (
                    " (somebody else)" if flag.third_party else ""
                )
                table.add_row(
                    flag.reference,
                    flag.level,
                    about,
                    say_time(flag.raised_at, now, self._zone),
                    say_time(flag.due_at, now, self._zone),
                    "yes" if flag.opened_at else "NOT YET",
                )
        self._out.print(table)

    def open_flag(self, reference: str, by: str) -> None:
        """Show a flag whole, and note who opened it and when."""
        with self._opened() as database, database.transaction() as session:
            flag, member = self._flag(session, reference), self._member(session, by)
            if flag.hidden_from_id == member.id:
                message = f"There is no open flag {reference}."
                raise DeskError(message)
            flag.opened_at = flag.opened_at or datetime.now(UTC)
            flag.opened_by_id = flag.opened_by_id or member.id
            self._trace(session, member, "read_flag", flag.reference, flag.chat.person_id)
            for line in self._card(session, flag, member):
                self._out.print(line, markup=False)

    def _card(self, session: Session, flag: Flag, member: Staff) -> list[str]:
        chat = flag.chat
        who = (
            f"{chat.person.name}, born {chat.person.born_on}"
            if chat.person
            else f"not known to us, age {chat.age or 'not given'}"
        )
        told = "; ".join(
            ", ".join(f"{key}={value}" for key, value in why.items()) for why in flag.why
        )
        ids = select(FlagMessage.message_id).where(FlagMessage.flag_id == flag.id)
        flagged = set(session.scalars(ids))
        said = session.scalars(
            select(Message)
            .where(
                Message.chat_id == chat.id,
                Message.at.between(flag.raised_at - AROUND, flag.last_sign_at + AROUND),
                *sight.visible(chat, member, flagged, after=replying.QUIET_FOR),
            )
            .order_by(Message.at, Message.id)
        )
        marks = [
            f"  {'!' if one.id in flagged else ' '} {one.at.astimezone(self._zone):%d %b %H:%M} {'them' if one.direction == 'in' else 'Kith'}: {one.text or '(' + one.kind + ', not read by software)'}"
            for one in said
        ]
        return [
            f"{flag.reference}  {flag.level}  {', '.join(flag.categories)}",
            f"Who: {who}",
            f"Why: {told}",
            *(["They say we got it wrong."] if flag.said_wrong_at else []),
            *marks,
        ]

    def close_flag(self, reference: str, by: str, outcome: str) -> None:
        """Close a flag. An immediate one needs a second person, different from who opened it."""
        if not outcome.strip():
            raise DeskError("Say what was done: --outcome.")
        with self._opened() as database, database.transaction() as session:
            flag, member = self._flag(session, reference), self._member(session, by)
            if flag.hidden_from_id == member.id:
                message = f"There is no open flag {reference}."
                raise DeskError(message)
            if flag.opened_at is None:
                raise DeskError("Nobody has opened this flag yet. Read it first: kith flags open.")
            if flag.level == "immediate" and flag.opened_by_id == member.id:
                raise DeskError(
                    "An immediate flag is closed by a second person, not by the one who opened it."
                )
            flag.closed_at, flag.closed_by_id, flag.outcome = (
                datetime.now(UTC),
                member.id,
                outcome[:60],
            )
            self._trace(session, member, "closed_flag", flag.reference, flag.chat.person_id)
        self._out.print(f"{reference} is closed.", markup=False)

    def list_requests(self, by: str | None = None) -> None:
        """List open requests for a person, most overdue first. With somebody, only theirs."""
        table = Table("Request", "Kind", "Who", "For", "Asked", "Answer by", "Words")
        now = datetime.now(UTC)
        with self._opened() as database, database.transaction() as session:
            member = self._member(session, by) if by else None
            theirs = access.own_requests(member) if member else true()
            self._trace(session, member, "saw_requests")
            for one in session.scalars(
                select(Request).where(Request.closed_at.is_(None), theirs).order_by(Request.due_at)
            ):
                who = one.chat.person.name if one.chat.person else "not known to us"
                taken_by = one.staff.name if one.staff else one.route
                table.add_row(
                    one.reference,
                    one.kind.replace("_", " "),
                    who,
                    taken_by,
                    say_time(one.asked_at, now, self._zone),
                    say_time(one.due_at, now, self._zone),
                    one.words or "",
                )
        self._out.print(table)

    def reply(self, reference: str, text: str, by: str) -> None:
        """Send words as a named person, and keep the bot quiet for a while. Raises DeskError."""
        if not text.strip():
            raise DeskError("There is nothing to send.")
        with self._opened() as database, database.transaction() as session:
            member = self._member(session, by)
            chat, request = self._chat_of(session, reference, member)
            try:
                replying.send(
                    session,
                    self._library,
                    chat,
                    member,
                    text,
                    request=request,
                    now=datetime.now(UTC),
                )
            except replying.ReplyError as error:
                raise DeskError("The reply is too long: 3,000 characters at most.") from error
            self._trace(session, member, "replied", reference.upper(), chat.person_id)
        self._out.print(
            f"Saved. It is sent as {member.name} when the bot is running.", markup=False
        )

    def release(self, reference: str) -> None:
        """Let the bot talk again."""
        with self._opened() as database, database.transaction() as session:
            chat, _ = self._chat_of(session, reference, None)
            chat.held_until = None
            self._trace(session, None, "released_chat", reference.upper(), chat.person_id)
        self._out.print("The bot answers again.", markup=False)

    def gaps(self, since: date) -> None:
        """Report questions nobody could answer, and answers called wrong, by month and article."""
        with self._opened() as database, database.transaction() as session:
            rows = list(
                session.scalars(
                    select(Question)
                    .where(Question.month >= since.replace(day=1))
                    .order_by(Question.month)
                )
            )
            self._trace(session, None, "saw_gaps")
            counts = Counter((one.month, one.outcome, one.article or "-") for one in rows)
            unanswered = [
                (one.month, one.words, one.offered)
                for one in rows
                if one.outcome == "unanswered" and one.words
            ]
        table = Table("Month", "What happened", "Article, or the nearest", "How often")
        for (month, outcome, article), count in sorted(counts.items()):
            table.add_row(f"{month:%B %Y}", outcome.replace("_", " "), article, str(count))
        self._out.print(table)
        for month, words, offered in unanswered:
            self._out.print(
                f"{month:%B %Y}: {words!r}"
                + (f" (offered {', '.join(offered)})" if offered else ""),
                markup=False,
            )

    def export_person(self, person_id: str, by: str | None = None) -> None:
        """Print all that is held about a person. Third parties are for a human to take out."""
        with self._opened() as database, database.transaction() as session:
            person = self._person(session, person_id)
            member = self._member(session, by) if by else None
            self._trace(session, member, "exported_person", str(person.id), person.id)
            chat = session.scalar(select(Chat).where(Chat.person_id == person.id))
            if person.contact_safely:
                self._out.print(f"How to reach them safely: {person.contact_safely}", markup=False)
            if chat is None:
                self._out.print(
                    f"Name: {person.name}\nDate of birth: {person.born_on}\nNever linked to Telegram.",
                    markup=False,
                )
                for part in keeping_data.as_text(session, person, self._library.say):
                    self._out.print(part, markup=False)
                return
            self._out.print(persons_data.as_text(session, chat, self._library.say), markup=False)

    def note_review(self, person_id: str, on: date) -> None:
        """Write down when a person last had a review."""
        with self._opened() as database, database.transaction() as session:
            person = self._person(session, person_id)
            person.reviewed_on = on
            self._trace(session, None, "noted_review", str(person.id), person.id)
        self._out.print(f"Review on {on:%d %B %Y}.", markup=False)

    def erase_person(self, person_id: str) -> None:
        """Erase a person everywhere. Raises DeskError while a flag is open."""
        with self._opened() as database, database.transaction() as session:
            person = self._person(session, person_id)
            chat = session.scalar(select(Chat).where(Chat.person_id == person.id))
            if chat is not None and chats.has_open_flag(session, chat):
                raise DeskError(
                    "A flag is open. Close it first: nothing that staff must act on is erased."
                )
            self._trace(session, None, "erased_person", str(person.id), person.id)
            gone = erasure.erase(session, person, chat)
        self._out.print(f"Erased. {gone} rows went.", markup=False)

    def _trace(
        self,
        session: Session,
        member: Staff | None,
        action: str,
        about: str = audit.COMMAND,
        person_id: uuid.UUID | None = None,
    ) -> None:
        """Record what was seen or done, in the transaction that shows or does it."""
        now = datetime.now(UTC)
        audit.by_command(session, member, action, about, now, person_id=person_id)

    def _flag(self, session: Session, reference: str) -> Flag:
        flag = session.scalar(
            select(Flag).where(Flag.reference == reference.upper(), Flag.closed_at.is_(None))
        )
        if flag is None:
            message = f"There is no open flag {reference}."
            raise DeskError(message)
        return flag

    def _member(self, session: Session, email: str) -> Staff:
        found = staff.by_email(session, email)
        if found is None:
            message = f"No member of staff has the e-mail {email}."
            raise DeskError(message)
        return found

    def _person(self, session: Session, person_id: str) -> Person:
        try:
            person = session.get(Person, uuid.UUID(person_id))
        except ValueError:
            person = None
        if person is None:
            raise DeskError("There is no person with that id.")
        return person

    def _chat_of(
        self, session: Session, reference: str, member: Staff | None
    ) -> tuple[Chat, Request | None]:
        """Return whose chat a reference is about; what is hidden from somebody does not exist for them."""
        request = session.scalar(select(Request).where(Request.reference == reference.upper()))
        subject: Request | Flag | None = request or session.scalar(
            select(Flag).where(Flag.reference == reference.upper())
        )
        if subject is None or (member is not None and subject.hidden_from_id == member.id):
            message = f"There is no request or flag {reference}."
            raise DeskError(message)
        return subject.chat, request
