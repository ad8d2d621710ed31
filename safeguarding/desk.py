"""What whoever keeps the test data reads from the command line: flags that two people agreed on."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from people import access
from people.access import May
from storage import audit, marks, staff
from storage.database import Database
from storage.tables import Mark, Message, Staff


class MarksDeskError(Exception):
    """What was asked cannot be done; the sentence says why."""


class MarksDesk:
    """The desk at which marks are read. Nothing leaves the machine by itself."""

    def __init__(self, opened: Callable[[], AbstractContextManager[Database]]) -> None:
        """Remember how to open the database; it is opened for each piece of work."""
        self._opened = opened

    def agreed(self, by: str, now: datetime) -> list[str]:
        """Return a line of JSON for each flag that two people agreed on. That they were read is kept.

        Raises MarksDeskError for whoever does not take second looks.
        """
        with self._opened() as database, database.transaction() as session:
            member = _member(session, by)
            found = marks.agreed(session, access.own_flags(member))
            audit.by_command(session, member, "exported_marks", str(member.id), now)
            return list(_lines(found))


def _lines(found: list[tuple[Mark, list[Message]]]) -> Iterator[str]:
    """Return each as whoever writes test messages needs it: words and level, nobody's name."""
    for mark, said in found:
        yield json.dumps(
            {
                "flag": mark.flag.reference,
                "words": [one.text for one in said],
                "categories": mark.flag.categories,
                "level": mark.flag.level,
                "verdict": mark.verdict,
                "right_level": mark.right_level,
                "rules": mark.flag.rules_version,
            },
            ensure_ascii=False,
        )


def _member(session: Session, email: str) -> Staff:
    found = staff.by_email(session, email)
    if found is None or not access.allows(found, May.LOOK_AGAIN):
        message = f"{email} does not take second looks."
        raise MarksDeskError(message)
    return found
