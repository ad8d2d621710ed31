"""What people made of a flag, for future tests: the first mark at closing, then a second look by somebody else.

No words are copied: a mark points at its flag, and goes with it. Nothing leaves the machine by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from safeguarding.levels import Level
from storage import marks
from storage.tables import Flag, Mark, Staff


class Verdict(StrEnum):
    """What a reader made of the level."""

    TRUE = "true"
    NOT_DANGER = "not_danger"
    WRONG_LEVEL = "wrong_level"


class MarkingError(Exception):
    """A flag cannot be marked like this; its text is the id of the sentence that says why."""


@dataclass(frozen=True)
class Marked:
    """A verdict, and the level that would have been right when it was the wrong one."""

    verdict: Verdict
    level: str | None = None


def given(verdict: str, level: str, flag: Flag) -> Marked:
    """Return what the form says. Raises MarkingError when it says nothing that can be kept."""
    if verdict not in set(Verdict):
        raise MarkingError("no_verdict")
    if verdict != Verdict.WRONG_LEVEL:
        return Marked(Verdict(verdict))
    if level not in {Level.IMMEDIATE, Level.SAME_DAY, Level.CONCERN} or level == flag.level:
        raise MarkingError("no_right_level")
    return Marked(Verdict.WRONG_LEVEL, level)


def mark(session: Session, flag: Flag, by: Staff, marked: Marked, now: datetime) -> None:
    """Keep what somebody made of a flag, in place of what was there before. The caller commits."""
    kept = marks.of(session, flag) or Mark(flag_id=flag.id)
    kept.verdict, kept.right_level = marked.verdict, marked.level
    kept.by_id, kept.at = by.id, now
    kept.second_id = kept.second_at = kept.agreed = None
    session.add(kept)
    session.flush()


def look_again(session: Session, flag: Flag, by: Staff, *, agrees: bool, now: datetime) -> None:
    """Take the second look, once, by somebody else. The caller commits. Raises MarkingError."""
    kept = marks.of(session, flag)
    if kept is None or kept.agreed is not None:
        raise MarkingError("no_mark")
    if kept.by_id == by.id:
        raise MarkingError("second_person_mark")
    kept.second_id, kept.second_at, kept.agreed = by.id, now, agrees
    session.flush()
