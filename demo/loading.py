"""Loading the demonstration: once, and only into an empty database."""

from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.engine import Engine
from demo import STAFF, password, totp_secret
from demo.fortnight import live
from storage import staff
from storage.database import Database
from storage.tables import Person


def load(database: Database, engine: Engine, key: str, now: datetime) -> list[str]:
    """Make the people when there are none, and live their fortnight up to now.

    Return a line for each who was invited and has not joined, with their one-time code. The sign-ins
    are made from the installation's own key, so that they can be printed at each start. All of it is
    one transaction: a start that is broken off leaves nothing behind.
    """
    with database.transaction() as session:
        if session.scalar(select(func.count()).select_from(Person)):
            return []
        _add_staff(session, key, now)
        return live(session, engine, now)


def _add_staff(session: Session, key: str, now: datetime) -> None:
    hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
    for one in STAFF:
        if staff.by_email(session, one["email"]) is not None:
            continue
        made = staff.add(
            session,
            email=one["email"],
            name=one["name"],
            role=one["role"],
            council=one["council"],
            now=now,
        )
        made.password_hash = hasher.hash(password(key, made.email))
        made.totp_secret = totp_secret(key, made.email)
