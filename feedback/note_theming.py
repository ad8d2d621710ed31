"""What counted notes are about: read by machine, put right by staff, and counted. The caller commits."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from content.themes import load_themes
from feedback import theming
from feedback.themes.reader import Reader
from storage import counted, hearing_back
from storage import plans as stored
from storage.tables import CountedNote, Staff
from storage.tables.statements import ThemeSource


def read_next(session: Session, reader: Callable[[], Reader], now: datetime) -> bool:
    """Read what the next counted note is about; return False when all are read."""
    note = counted.next_unread_by_machine(session)
    if note is None:
        return False
    read = reader().read(note.answer.words or "")
    for found in read.taken:
        sure = round(found.confidence, 3)
        counted.say_theme(session, note, found.theme, ThemeSource.MACHINE, now, confidence=sure)
    note.tone = theming.tone(read.tone, _feelings(note))
    _remember(session, note, now)
    return True


def _feelings(note: CountedNote) -> Iterable[str]:
    """Return the face they picked as a statement would call it: five is great, one is awful."""
    faces = ("awful", "not_good", "ok", "good", "great")
    return () if note.answer.feeling is None else (faces[note.answer.feeling - 1],)


def _remember(session: Session, note: CountedNote, now: datetime) -> None:
    """Remember who raised what now stands, so that they can be told what came of it."""
    chat = stored.chat_of(session, note.answer.person_id)
    if chat is not None:
        themes = [one.theme for one in theming.stands(counted.themes_said(session, note))]
        hearing_back.note_raised(session, chat.id, themes, note.council, now)


def correct(
    session: Session,
    note: CountedNote,
    member: Staff,
    now: datetime,
    *,
    add: Iterable[str],
    remove: Iterable[str],
) -> list[theming.Said]:
    """Put right what a note is about, with who and when; return what now stands. Raises ThemeError."""
    add, remove = theming.known(add), theming.known(remove)
    for theme in (*add, *remove):
        refused = theme in remove
        counted.say_theme(session, note, theme, ThemeSource.STAFF, now, by=member, refused=refused)
    _remember(session, note, now)
    return theming.stands(counted.themes_said(session, note))


def people_by_theme(session: Session, council: str, since: datetime) -> dict[str, int]:
    """Return how many young people raised each theme: in a statement, or in a note that they let count.

    A statement that has lost its name counts as one person's.
    """
    whose: dict[str, set[str]] = {theme: set() for theme in load_themes()}
    for statement in hearing_back.read_since(session, council, since):
        who = str(statement.person_id or statement.chat_id or statement.reference)
        for one in theming.stands(hearing_back.themes_said(session, statement)):
            whose[one.theme].add(who)
    for note in counted.since(session, since, council):
        for one in theming.stands(counted.themes_said(session, note)):
            whose[one.theme].add(str(note.answer.person_id))
    return {theme: len(people) for theme, people in whose.items() if people}
