"""What was written in a check-in counts only once its author says so, as it then stood, until they say no."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from rich.console import Console
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkins import hearing
from checkins.hearing import Answer
from checkins.sending import Clock
from content.library import Library
from feedback import counted, note_theming, theming
from feedback.desk import StatementDeskError
from feedback.notes_desk import NotesDesk, NotesDeskError
from feedback.themes.reader import Found, Reading
from people.hours import LONDON
from storage import chats, erasure, persons_data
from storage import counted as stored
from storage.tables import Chat, CheckInAnswer, CountedNote, Look, NoteTheme, Raised, Staff
from storage.tables.people import Role
from tests import cast
from tests.cast import NOW

WORDS = "the damp in my flat makes me ill"
LATER = timedelta(minutes=5)


@pytest.fixture
def wren(session: Session) -> Staff:
    """Wren is Amara's adviser."""
    return cast.wren(session)


@pytest.fixture
def amara(session: Session, wren: Staff) -> Chat:
    """Amara's chat."""
    return cast.chat(session, cast.AMARA, cast.person(session, wren))


def writes(
    session: Session, library: Library, chat: Chat, words: str = WORDS, *, minute: int = 0
) -> str:
    """Write something in a check-in; return the name of the note as it now stands."""
    assert chat.person is not None
    at = NOW + timedelta(minutes=minute)
    said = Answer("how_are_you", feeling=2 if minute == 0 else None, words=words)
    hearing.answered(session, Clock(library, LONDON), chat.person, said, at)
    return counted.stamp(at)


def says(session: Session, chat: Chat, stamp: str, *, wanted: bool) -> None:
    """Say whether it may be counted."""
    assert chat.person is not None
    counted.set_counted(session, chat.person, stamp, NOW + LATER, wanted=wanted)


class FixedReader:
    """Reads repairs in everything."""

    def read(self, text: str) -> Reading:
        """Return repairs for sure."""
        return Reading((Found("repairs", 0.9, (text[:5],)),), "neither", "", 0.0)


def read_all(session: Session) -> None:
    """Read what every counted note is about."""
    while note_theming.read_next(session, FixedReader, NOW + LATER):  # type: ignore[arg-type]
        pass


def count(session: Session, table: type[CountedNote | NoteTheme | Raised]) -> int:
    """Return how many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_nothing_counts_before_somebody_says_so(
    session: Session, library: Library, amara: Chat
) -> None:
    writes(session, library, amara)

    read_all(session)

    assert [one.counted for one in counted.notes(session, amara)] == [False]
    assert note_theming.people_by_theme(session, cast.COUNCIL, NOW - LATER) == {}


def test_what_may_count_gets_its_themes_and_raises_them(
    session: Session, library: Library, amara: Chat
) -> None:
    says(session, amara, writes(session, library, amara), wanted=True)

    read_all(session)

    [note] = session.scalars(select(CountedNote))
    assert note.tone == "problem"
    assert note_theming.people_by_theme(session, cast.COUNCIL, NOW - LATER) == {"repairs": 1}
    assert note_theming.people_by_theme(session, cast.OTHER_COUNCIL, NOW - LATER) == {}
    assert [one.theme for one in session.scalars(select(Raised))] == ["repairs"]


def test_more_words_are_not_counted_with_the_first(
    session: Session, library: Library, amara: Chat
) -> None:
    first = writes(session, library, amara)
    says(session, amara, first, wanted=True)
    read_all(session)

    second = writes(session, library, amara, "and my mum hit me", minute=1)

    assert count(session, CountedNote) == count(session, NoteTheme) == count(session, Raised) == 0
    says(session, amara, first, wanted=True)
    assert count(session, CountedNote) == 0
    says(session, amara, second, wanted=True)
    assert count(session, CountedNote) == 1


def test_a_no_takes_it_out_of_every_count(session: Session, library: Library, amara: Chat) -> None:
    stamp = writes(session, library, amara)
    says(session, amara, stamp, wanted=True)
    read_all(session)

    says(session, amara, stamp, wanted=False)

    assert count(session, CountedNote) == count(session, NoteTheme) == count(session, Raised) == 0
    assert session.scalars(select(CheckInAnswer.words)).one() == WORDS


def test_nobody_says_so_for_somebody_else(session: Session, library: Library, amara: Chat) -> None:
    stamp = writes(session, library, amara)
    ben = cast.chat(session, cast.BEN, cast.person(session, name="Ben"))

    says(session, ben, stamp, wanted=True)

    assert count(session, CountedNote) == 0
    assert counted.notes(session, ben) == ()
    assert counted.notes(session, cast.chat(session)) == ()


def test_staff_win_over_the_machine(
    session: Session, library: Library, amara: Chat, wren: Staff
) -> None:
    says(session, amara, writes(session, library, amara), wanted=True)
    read_all(session)
    [note] = session.scalars(select(CountedNote))

    stands = note_theming.correct(
        session, note, wren, NOW, add=["housing_wait"], remove=["repairs"]
    )

    assert [(one.theme, one.source) for one in stands] == [("housing_wait", "staff")]
    with pytest.raises(theming.ThemeError):
        note_theming.correct(session, note, wren, NOW, add=["weather"], remove=[])


@contextmanager
def _within(session: Session) -> Iterator[object]:
    """Give the test's session wherever a database is opened."""

    class Opened:
        @contextmanager
        def transaction(self) -> Iterator[Session]:
            yield session

    yield Opened()


def desk(session: Session) -> tuple[NotesDesk, io.StringIO]:
    """Return the desk, and what it prints."""
    out = io.StringIO()
    console = Console(file=out, width=200)
    return NotesDesk(lambda: _within(session), console, LONDON), out  # type: ignore[arg-type,return-value]


def test_only_who_looks_after_them_reads_and_corrects_a_note(
    session: Session, library: Library, amara: Chat, wren: Staff
) -> None:
    says(session, amara, writes(session, library, amara), wanted=True)
    read_all(session)
    [note] = session.scalars(select(CountedNote))
    cast.staff(session, "Kit")
    hers, shown = desk(session)
    others, empty = desk(session)

    hers.list(wren.email, NOW)
    hers.correct(note.reference, wren.email, ["moves"], [], NOW)
    others.list("kit@example.org", NOW)

    assert WORDS in shown.getvalue()
    assert f"{note.reference}: " in shown.getvalue()
    assert WORDS not in empty.getvalue()
    with pytest.raises(NotesDeskError):
        others.correct(note.reference, "kit@example.org", ["moves"], [], NOW)
    with pytest.raises(StatementDeskError):
        others.list("nobody@example.org", NOW)
    assert [one.reference for one in session.scalars(select(Look))] == [note.reference]


def test_counts_name_nobody_and_hide_small_numbers(
    session: Session, library: Library, wren: Staff
) -> None:
    cast.staff(session, "Pat", Role.PARTICIPATION)
    board, shown = desk(session)
    for number in range(4):
        chat = cast.chat(session, 8000 + number, cast.person(session, wren, name=f"P{number}"))
        says(session, chat, writes(session, library, chat), wanted=True)
    read_all(session)

    board.counts("pat@example.org", date(2026, 11, 1))
    assert "fewer than 5: 1 more" in shown.getvalue()

    fifth = cast.chat(session, cast.AMARA, cast.person(session, wren))
    says(session, fifth, writes(session, library, fifth), wanted=True)
    read_all(session)
    board.counts("pat@example.org", date(2026, 11, 1))
    assert "│ 5" in shown.getvalue()
    with pytest.raises(NotesDeskError):
        board.counts(wren.email, date(2026, 11, 1))


def test_my_data_says_whether_it_counts(session: Session, library: Library, amara: Chat) -> None:
    stamp = writes(session, library, amara)
    assert "counted without your name: no" in persons_data.as_text(session, amara, library.say)

    says(session, amara, stamp, wanted=True)

    assert "counted without your name: yes" in persons_data.as_text(session, amara, library.say)


def test_erasing_takes_the_consent_and_its_themes_with_it(
    session: Session, library: Library, amara: Chat
) -> None:
    says(session, amara, writes(session, library, amara), wanted=True)
    read_all(session)
    assert amara.person is not None

    erasure.erase(session, amara.person, amara)

    assert count(session, CountedNote) == count(session, NoteTheme) == 0


def test_deleting_words_in_the_chat_takes_them_out_of_the_counts(
    session: Session, library: Library, amara: Chat
) -> None:
    says(session, amara, writes(session, library, amara), wanted=True)
    read_all(session)

    chats.forget_words(session, amara)

    assert stored.since(session, NOW - LATER) == []
    assert counted.notes(session, amara) == ()
