"""Made-up people for `make demo`: plainly synthetic, loaded once, and only into an empty database."""

import base64
import hmac
from datetime import UTC, date, datetime

from argon2 import PasswordHasher
from sqlalchemy import func, select

from people import records
from storage import staff
from storage.database import Database
from storage.tables import Person

#: e-mail, name, role. Addresses under example.org reach nobody (RFC 2606).
STAFF = (
    ("wren.demo@example.org", "Wren Demo", "adviser"),
    ("lee.demo@example.org", "Lee Demo", "manager"),
    ("pat.demo@example.org", "Pat Demo", "participation"),
    ("ada.demo@example.org", "Ada Demo", "admin"),
)
#: name, years old, council.
YOUNG_PEOPLE = (
    ("Amara Demo", 17, "cheshire_east"),
    ("Ben Demo", 19, "cheshire_east"),
    ("Cleo Demo", 22, "cambridgeshire"),
)


def load(database: Database, council: str, key: str) -> list[str]:
    """Make the people when there are none, and return a line for each with their one-time code.

    The sign-ins are made from the installation's own key, so that they can be printed at each start.
    """
    now = datetime.now(UTC)
    with database.transaction() as session:
        if session.scalar(select(func.count()).select_from(Person)):
            return []
        for email, name, role in STAFF:
            if staff.by_email(session, email) is None:
                made = staff.add(
                    session, email=email, name=name, role=role, council=council, now=now
                )
                made.password_hash = PasswordHasher(
                    memory_cost=19_456, time_cost=2, parallelism=1
                ).hash(password(key, email))
                made.totp_secret = totp_secret(key, email)
        lines = []
        for name, years, where in YOUNG_PEOPLE:
            born = date(now.year - years, 1, 1)
            _, code = records.invite(
                session, adviser=STAFF[0][0], name=name, born_on=born, council=where, now=now
            )
            lines.append(f"{name}, {years}, {where}: send the bot  /start {code}")
        return lines


def sign_ins(key: str) -> list[str]:
    """Return a line for each made-up member of staff: how to sign in, one a role."""
    return [
        f"{role}: {email}  password {password(key, email)}  authenticator key {totp_secret(key, email)}"
        for email, _, role in STAFF
    ]


def password(key: str, email: str) -> str:
    """Return the password of a made-up member of staff."""
    letters = base64.b32encode(_made(key, email, "password")).decode().casefold()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8, 12))


def totp_secret(key: str, email: str) -> str:
    """Return the authenticator key of a made-up member of staff."""
    return base64.b32encode(_made(key, email, "code")[:20]).decode()


def _made(key: str, email: str, what: str) -> bytes:
    return hmac.digest(key.encode(), f"demo {what} {email}".encode(), "sha256")
