"""Working on a flag: taking it, writing it down, putting it off, and closing it with an outcome.

No flag closes by itself. An immediate one takes two people, and none closes while the young
person's last word is unanswered (features.md N14; safety.md SEC-25).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from people.hours import Rota
from people.records import council_of
from safeguarding import flags, marking
from safeguarding.levels import Level
from storage import casework
from storage.tables import Alert, Flag, Note, Staff

#: These answer the young person by themselves; after any other, their last word needs a reply.
IN_TOUCH = frozenset({"spoke_with_them", "visited", "emergency_services"})
#: The longest a flag is put off: until tomorrow, seen again by whoever is at work then.
LONGEST_SNOOZE = timedelta(hours=24)
#: An immediate flag is never put off for longer than this.
LONGEST_URGENT_SNOOZE = timedelta(hours=1)
SHORTEST_DONE = 10
LONGEST_SAFELY = 300


class Outcome(StrEnum):
    """What came of it, in the words of the closing form."""

    SPOKE = "spoke_with_them"
    EMERGENCY = "emergency_services"
    REFERRED = "referred_on"
    VISITED = "visited"
    FALSE_ALARM = "false_alarm"
    OTHER = "other"


class CaseworkError(Exception):
    """What was asked cannot be done; its text is the id of the sentence that says why."""


def opened(flag: Flag, by: Staff, now: datetime) -> None:
    """Note who read a flag first, and when. The caller commits.

    Whoever escalated it asked for somebody else to read it.
    """
    if flag.opened_at is None and flag.escalated_by_id == by.id:
        return
    flag.opened_at = flag.opened_at or now
    flag.opened_by_id = flag.opened_by_id or by.id


def take(flag: Flag, by: Staff, version: int) -> None:
    """Make somebody the owner. Raises CaseworkError when a colleague changed the flag meanwhile."""
    _same(flag, version)
    flag.owner_id = by.id
    flag.version += 1


def hand_over(session: Session, flag: Flag, to: Staff, version: int, now: datetime) -> None:
    """Give a flag to a colleague, who is told; never to somebody it is about. The caller commits."""
    _same(flag, version)
    if flag.hidden_from_id == to.id:
        raise CaseworkError("not_to_them")
    flag.owner_id = to.id
    flag.version += 1
    urgent = Level(flag.level).at_least(Level.SAME_DAY)
    session.add(Alert(flag_id=flag.id, staff_id=to.id, urgent=urgent, made_at=now, due_at=now))


def escalate(
    session: Session,
    flag: Flag,
    by: Staff,
    *,
    level: str,
    why: str,
    rota: Rota,
    version: int,
    now: datetime,
) -> None:
    """Ask for more, or faster, help: the level stays or goes up, and managers are told (again).

    Nobody has read it as it now is, so its clock begins anew; one that was put off comes back.
    The caller commits.
    """
    _same(flag, version)
    if level not in {Level.IMMEDIATE, Level.SAME_DAY, Level.CONCERN} or not Level(level).at_least(
        Level(flag.level)
    ):
        raise CaseworkError("no_level")
    if not why.strip():
        raise CaseworkError("no_reason_escalate")
    write_down(session, flag, by, why, now)
    flag.level = level
    flag.due_at = flags.due_at(Level(level), rota, now)
    flag.opened_at = flag.opened_by_id = flag.snoozed_until = flag.closing_id = None
    flag.escalated_by_id = by.id
    flag.version += 1
    council = council_of(flag.chat) or by.council
    flags.tell_managers(session, flag, but=by.id, council=council, now=now)


def note_safely(flag: Flag, words: str, version: int) -> None:
    """Keep how a young person can be reached safely, or forget it. The caller commits."""
    _same(flag, version)
    if flag.chat.person is None:
        raise CaseworkError("no_record")
    if len(words.strip()) > LONGEST_SAFELY:
        raise CaseworkError("safely_too_long")
    flag.chat.person.contact_safely = words.strip() or None
    flag.version += 1


def write_down(session: Session, flag: Flag, by: Staff, words: str, now: datetime) -> None:
    """Keep a note for colleagues. The caller commits."""
    if not words.strip():
        raise CaseworkError("empty_note")
    session.add(Note(flag_id=flag.id, staff_id=by.id, words=words.strip(), at=now))


def put_off(
    session: Session, flag: Flag, by: Staff, *, hours: int, why: str, version: int, now: datetime
) -> None:
    """Put a flag off for some hours, with a reason that is kept as a note."""
    _same(flag, version)
    longest = LONGEST_URGENT_SNOOZE if flag.level == "immediate" else LONGEST_SNOOZE
    if not why.strip():
        raise CaseworkError("no_reason")
    if not timedelta(0) < timedelta(hours=hours) <= longest:
        raise CaseworkError("too_long_urgent" if flag.level == "immediate" else "too_long")
    write_down(session, flag, by, why, now)
    flag.snoozed_until = now + timedelta(hours=hours)
    flag.version += 1


def close(
    session: Session,
    flag: Flag,
    by: Staff,
    *,
    outcome: str,
    done: str,
    verdict: str,
    right_level: str = "",
    version: int,
    last_seen: int,
    now: datetime,
) -> bool:
    """Close a flag; return False when an immediate one now waits for a second person.

    `last_seen` is the newest message that whoever closes it had in front of them. Raises CaseworkError when it may not be closed, or a colleague changed it meanwhile.
    """
    _same(flag, version)
    if flag.opened_at is None:
        raise CaseworkError("not_read")
    if outcome not in set(Outcome):
        raise CaseworkError("no_outcome")
    if len(done.strip()) < SHORTEST_DONE:
        raise CaseworkError("no_words")
    try:
        marked = marking.given(verdict, right_level, flag)
    except marking.MarkingError as error:
        raise CaseworkError(str(error)) from error
    _answered(session, flag, outcome, last_seen)
    marking.mark(session, flag, by, marked, now)
    flag.outcome, flag.done, flag.verdict = outcome, done.strip(), verdict
    flag.version += 1
    if flag.level == "immediate" and flag.closing_id in {None, by.id}:
        flag.closing_id = by.id
        return False
    flag.closed_at, flag.closed_by_id, flag.snoozed_until = now, by.id, None
    return True


def agree_to_close(
    session: Session, flag: Flag, by: Staff, *, version: int, last_seen: int, now: datetime
) -> None:
    """Close an immediate flag as the second person who agrees with the first."""
    _same(flag, version)
    if flag.closing_id is None or flag.closing_id == by.id:
        raise CaseworkError("second_person")
    _answered(session, flag, flag.outcome or "", last_seen)
    flag.closed_at, flag.closed_by_id, flag.snoozed_until = now, by.id, None
    flag.version += 1


def reopen_closing(flag: Flag, version: int) -> None:
    """Say no to closing an immediate flag: it goes on."""
    _same(flag, version)
    flag.closing_id = None
    flag.version += 1


def _same(flag: Flag, version: int) -> None:
    if flag.closed_at is not None:
        raise CaseworkError("closed")
    if flag.version != version:
        raise CaseworkError("changed")


def _answered(session: Session, flag: Flag, outcome: str, last_seen: int) -> None:
    last = casework.last_word(session, flag.chat_id)
    if last is None:
        return
    if last.id > last_seen:
        raise CaseworkError("new_words")
    if last.direction == "in" and outcome not in IN_TOUCH:
        raise CaseworkError("unanswered")
