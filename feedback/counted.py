"""What somebody says in a check-in may count, without their name, once they say so. The caller commits.

Consent is to the words as they stood: a note is named by the moment its last words came, so that a
yes to fewer words is never a yes to more.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from storage import counted
from storage.tables import Chat, Person

#: More than this make a list that nobody reads; the newest are first.
MOST_LISTED = 8


@dataclass(frozen=True)
class Note:
    """What somebody wrote in a check-in, and whether it is counted."""

    stamp: str
    at: datetime
    question: str
    words: str
    counted: bool = False


def stamp(moment: datetime) -> str:
    """Return the name of a note whose last words came at a moment."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")


def notes(session: Session, chat: Chat) -> tuple[Note, ...]:
    """Return what whoever is in a chat wrote in check-ins, newest first."""
    if chat.person_id is None:
        return ()
    return tuple(
        Note(
            stamp(answer.words_at), answer.words_at, answer.question, answer.words, note is not None
        )
        for answer, note in counted.written(session, chat.person_id, MOST_LISTED)
        if answer.words_at is not None and answer.words
    )


def set_counted(
    session: Session, person: Person, which: str, now: datetime, *, wanted: bool
) -> None:
    """Count a note or leave it out, as its author says. What is not theirs, or has changed, stays as it is."""
    for answer, note in counted.written(session, person.id, MOST_LISTED):
        if answer.words_at is None or stamp(answer.words_at) != which:
            continue
        if wanted and note is None:
            counted.count_in(session, answer, person.council, now)
        if not wanted and note is not None:
            counted.leave_out(session, [answer.id])
