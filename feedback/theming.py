"""What a statement is about: read by machine, said by its author, put right by staff. The caller commits.

Staff win over the machine, theme by theme. What the author chose is kept beside, and nothing said
before is overwritten.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from content.themes import load_themes
from feedback import hearing
from feedback.themes.reader import Reader, tone_of
from people.hours import Rota
from storage import hearing_back
from storage.tables import NoteTheme, Staff, Statement, StatementTheme
from storage.tables.statements import ThemeSource

BAD, GOOD = frozenset({"not_good", "awful"}), frozenset({"great", "good"})


class ThemeError(Exception):
    """A theme cannot be set as asked; the sentence says why."""


@dataclass(frozen=True)
class Said:
    """What stands about one theme: who said so, and how sure the machine was."""

    theme: str
    source: str
    confidence: float | None = None


def stands(rows: Iterable[StatementTheme | NoteTheme]) -> list[Said]:
    """Return the themes that stand, by area: the last word of staff, else the machine's."""
    themes = load_themes()
    last: dict[str, StatementTheme | NoteTheme] = {}
    for row in rows:
        before = last.get(row.theme)
        overruled = before is not None and before.source == ThemeSource.STAFF
        if row.theme in themes and (row.source == ThemeSource.STAFF or not overruled):
            last[row.theme] = row
    kept = [one for one in last.values() if not one.refused]
    return [
        Said(one.theme, one.source, one.confidence)
        for one in sorted(kept, key=lambda row: list(themes).index(row.theme))
    ]


def chosen_areas(statement: Statement, answered: Iterable[str]) -> list[str]:
    """Return the areas whose questions the author answered, as the scenario names them."""
    areas = {one["id"]: one.get("area", "") for one in statement.copy.body["questions"]}
    return list(dict.fromkeys(area for one in answered if (area := areas.get(one, ""))))


def tone(read: str, feelings: Iterable[str]) -> str:
    """Return how a statement sounds: how they say they feel counts as much as their words."""
    felt = set(feelings)
    good = read in {"good", "both"} or bool(felt & GOOD)
    problem = read in {"problem", "both"} or bool(felt & BAD)
    return tone_of(float(good), float(problem))


def read_next(
    session: Session,
    reader: Callable[[], Reader],
    rota: Callable[[Session, str], Rota],
    now: datetime,
) -> bool:
    """Read what the next statement is about; return False when all are read.

    Its author, when we know them, is remembered for what they raised. What is not well gets an owner
    and a day.
    """
    statement = hearing_back.next_unread_by_machine(session)
    if statement is None:
        return False
    answers = hearing_back.words_of(session, statement)
    text = "\n".join(words for _, words in answers)
    read = reader().read(text) if text else None
    for found in read.taken if read else ():
        hearing_back.say_theme(
            session,
            statement,
            found.theme,
            ThemeSource.MACHINE,
            now,
            confidence=round(found.confidence, 3),
        )
    for area in chosen_areas(statement, (question for question, _ in answers)):
        hearing_back.say_theme(session, statement, area, ThemeSource.PERSON, now)
    statement.tone = tone(read.tone if read else "neither", statement.feelings)
    _remember(session, statement, now)
    hearing.open_follow_up(session, statement, rota(session, statement.council or ""), now)
    return True


def _remember(session: Session, statement: Statement, now: datetime) -> None:
    """Remember who raised what now stands. A stranger cannot be told later."""
    if statement.chat_id is None or statement.person_id is None or statement.council is None:
        return
    themes = [one.theme for one in stands(hearing_back.themes_said(session, statement))]
    hearing_back.note_raised(session, statement.chat_id, themes, statement.council, now)


def known(themes: Iterable[str]) -> list[str]:
    """Return these themes. Raises ThemeError for one that does not exist."""
    wanted = list(themes)
    unknown = [one for one in wanted if one not in load_themes()]
    if unknown:
        message = f"There is no theme {', '.join(unknown)}. `kith themes list` shows them."
        raise ThemeError(message)
    return wanted


def correct(
    session: Session,
    statement: Statement,
    member: Staff,
    now: datetime,
    *,
    add: Iterable[str],
    remove: Iterable[str],
) -> list[Said]:
    """Put right what a statement is about, with who and when; return what now stands.

    Raises ThemeError for a theme that does not exist.
    """
    add, remove = known(add), known(remove)
    for theme in add:
        hearing_back.say_theme(session, statement, theme, ThemeSource.STAFF, now, by=member)
    for theme in remove:
        hearing_back.say_theme(
            session, statement, theme, ThemeSource.STAFF, now, by=member, refused=True
        )
    _remember(session, statement, now)
    return stands(hearing_back.themes_said(session, statement))
