"""What made-up members of staff do in the fortnight, each through the function their pages use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from checkins import events, noting
from demo.talk import DemoError, Room
from feedback import actions, asking
from feedback import casework as told
from feedback.hearing import Step
from people import replying
from safeguarding import casework
from storage import audit
from storage.tables import Asked, Flag, Message, Person, Request, Staff, Statement
from storage.tables.statements import StatementState

#: Where the trace of a page says which click it was.
REQUEST_ID = "demo"
PER_HOUR, WITHOUT_A_SECOND = 60, 25


@dataclass(frozen=True)
class Act:
    """One thing somebody does at a moment."""

    room: Room
    member: Staff
    staff: dict[str, Staff]
    about: str
    more: dict[str, Any]
    now: datetime

    def trace(self, action: str, about: str) -> None:
        """Leave the trace that the page would."""
        audit.record(
            self.room.session,
            staff_id=self.member.id,
            action=action,
            about=about,
            now=self.now,
            request_id=REQUEST_ID,
            person_id=self.room.chat(self.about).person_id,
        )

    @property
    def person(self) -> Person:
        """The young person it is about."""
        found = self.room.chat(self.about).person
        if found is None:
            message = f"{self.about} has no record."
            raise DemoError(message)
        return found

    def flag(self) -> Flag:
        """Return their newest flag."""
        of_theirs = select(Flag).where(Flag.chat_id == self.room.chat(self.about).id)
        found = self.room.session.scalar(of_theirs.order_by(Flag.id.desc()).limit(1))
        if found is None:
            message = f"Nothing {self.about} wrote raised a flag."
            raise DemoError(message)
        return found

    def statement(self) -> Statement:
        """Return the newest statement of theirs that was sent."""
        sent = Statement.person_id == self.person.id, Statement.sent_at.is_not(None)
        query = select(Statement).where(*sent).order_by(Statement.id.desc()).limit(1)
        return self.room.session.scalars(query).one()

    def last_seen(self) -> int:
        """Return the newest message in their chat."""
        chat_id = self.room.chat(self.about).id
        query = select(Message.id).where(Message.chat_id == chat_id)
        return self.room.session.scalar(query.order_by(Message.id.desc()).limit(1)) or 0


def _reads_flag(act: Act) -> None:
    flag = act.flag()
    casework.opened(flag, act.member, act.now)
    act.trace("read_flag", flag.reference)


def _takes_flag(act: Act) -> None:
    flag = act.flag()
    casework.take(flag, act.member, flag.version)
    act.trace("took_flag", flag.reference)


def _hands_flag(act: Act) -> None:
    flag = act.flag()
    casework.hand_over(flag, act.staff[act.more["to"]], flag.version)
    act.trace("handed_over_flag", flag.reference)


def _notes(act: Act) -> None:
    flag = act.flag()
    casework.write_down(act.room.session, flag, act.member, act.more["words"], act.now)
    act.trace("noted_flag", flag.reference)


def _snoozes_flag(act: Act) -> None:
    flag = act.flag()
    casework.put_off(
        act.room.session,
        flag,
        act.member,
        hours=act.more["hours"],
        why=act.more["words"],
        version=flag.version,
        now=act.now,
    )
    act.trace("snoozed_flag", flag.reference)


def _closes_flag(act: Act) -> None:
    flag = act.flag()
    casework.close(
        act.room.session,
        flag,
        act.member,
        outcome=act.more["outcome"],
        done=act.more["done"],
        verdict=act.more["verdict"],
        version=flag.version,
        last_seen=act.last_seen(),
        now=act.now,
    )
    act.trace("closed_flag", flag.reference)


def _agrees_to_close(act: Act) -> None:
    flag, seen = act.flag(), act.last_seen()
    session = act.room.session
    casework.agree_to_close(
        session, flag, act.member, version=flag.version, last_seen=seen, now=act.now
    )
    act.trace("agreed_flag", flag.reference)


def _replies(act: Act) -> None:
    chat, room = act.room.chat(act.about), act.room
    waiting = select(Request).where(Request.chat_id == chat.id, Request.closed_at.is_(None))
    request = room.session.scalar(waiting.order_by(Request.id.desc()).limit(1))
    words = act.more["words"]
    replying.send(
        room.session, room.engine.library, chat, act.member, words, request=request, now=act.now
    )
    act.trace("replied", request.reference if request else str(act.person.id))


def _reads_statement(act: Act) -> None:
    one = act.statement()
    told.read(act.room.session, act.room.engine.library, one, act.member, act.now)
    act.trace("read_statement", one.reference)


def _steps(act: Act) -> None:
    one, step = act.statement(), Step(StatementState(act.more["state"]), act.more["words"])
    told.take(act.room.session, act.room.engine.library, one, act.member, step, act.now)
    act.trace("moved_statement", one.reference)


def _logs(act: Act) -> None:
    noting.log_contact(
        act.room.session,
        act.person,
        act.member,
        act.more["kind"],
        act.now,
        two_way=not act.more.get("one_way", False),
        zone=act.room.engine.zone,
        now=act.now,
    )
    act.trace("logged_contact", str(act.person.id))


def _holds(act: Act) -> None:
    until = act.now + timedelta(days=act.more["days"])
    session, kind = act.room.session, act.more["kind"]
    noting.note_circumstance(session, act.person, act.member, kind, until, act.now)
    act.trace("noted_circumstance", str(act.person.id))


def _announces(act: Act) -> None:
    session, engine = act.room.session, act.room.engine
    happens_at = act.now + timedelta(days=act.more["in_days"])
    written = events.Draft(act.about, act.more["title"], act.more["words"], happens_at)
    event = events.draft(session, engine.library, act.member, written, act.now)
    sending = events.Sending(engine.library, engine.zone, PER_HOUR, WITHOUT_A_SECOND)
    events.send(session, sending, event, act.member, act.now)


def _acts_on(act: Act) -> None:
    done_on = act.now.date() if act.more["status"] == "done" else None
    change = actions.Change(did=act.more["words"], status=act.more["status"], done_on=done_on)
    session, council = act.room.session, act.member.council
    one = actions.add(session, act.member, act.about, council, act.more["title"], change, act.now)
    if act.more.get("publish"):
        actions.publish(session, one, act.member, act.now, act.room.engine.zone)


def _question(act: Act) -> Asked:
    query = select(Asked).where(Asked.chat_id == act.room.chat(act.about).id)
    return act.room.session.scalars(query.order_by(Asked.id.desc()).limit(1)).one()


def _passes_on(act: Act) -> None:
    session, library = act.room.session, act.room.engine.library
    asking.approve(session, library, _question(act), act.member, "", act.now)


def _answers_question(act: Act) -> None:
    asking.answer(
        act.room.session,
        act.room.engine.library,
        _question(act),
        act.member,
        by=act.more["answered_by"],
        text=act.more["words"],
        now=act.now,
    )


ACTS: dict[str, Callable[[Act], None]] = {
    "reads_flag": _reads_flag,
    "takes_flag": _takes_flag,
    "hands_flag": _hands_flag,
    "notes": _notes,
    "snoozes_flag": _snoozes_flag,
    "closes_flag": _closes_flag,
    "agrees_to_close": _agrees_to_close,
    "replies": _replies,
    "reads_statement": _reads_statement,
    "steps": _steps,
    "logs": _logs,
    "holds": _holds,
    "announces": _announces,
    "acts_on": _acts_on,
    "passes_on": _passes_on,
    "answers_question": _answers_question,
}
