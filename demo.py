"""Made-up people for `make demo`: plainly synthetic, loaded once, and only into an empty database."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from people import records
from storage import staff
from storage.database import Database
from storage.tables import Person

#: e-mail, name, role. Addresses under example.org reach nobody (RFC 2606).
STAFF = (
    ("wren.demo@example.org", "Wren Demo", "adviser"),
    ("lee.demo@example.org", "Lee Demo", "manager"),
)
#: name, years old, council.
YOUNG_PEOPLE = (
    ("Amara Demo", 17, "cheshire_east"),
    ("Ben Demo", 19, "cheshire_east"),
    ("Cleo Demo", 22, "cambridgeshire"),
)


def load(database: Database, council: str) -> list[str]:
    """Make the people when there are none, and return a line for each with their one-time code."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        if session.scalar(select(func.count()).select_from(Person)):
            return []
        for email, name, role in STAFF:
            if staff.by_email(session, email) is None:
                staff.add(session, email=email, name=name, role=role, council=council, now=now)
        lines = []
        for name, years, where in YOUNG_PEOPLE:
            born = date(now.year - years, 1, 1)
            _, code = records.invite(
                session, adviser=STAFF[0][0], name=name, born_on=born, council=where, now=now
            )
            lines.append(f"{name}, {years}, {where}: send the bot  /start {code}")
        return lines
