"""Recovery codes: ten that open the door once each without the authenticator app. Kept as what proves them."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.encryption import blind_index
from storage.tables import RecoveryCode
from storage.tables.base import REFERENCE_LETTERS

HOW_MANY = 10
#: Four groups of four of 26 letters: 75 bits, and easy to read from paper.
GROUPS, LETTERS = 4, 4
COLUMN = "recovery_codes.code"


def new(session: Session, staff_id: uuid.UUID, now: datetime) -> list[str]:
    """Return a fresh set; the codes before it open nothing any more. The caller commits."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    codes = [_code() for _ in range(HOW_MANY)]
    session.add_all(
        RecoveryCode(staff_id=staff_id, code_index=_index(code), made_at=now) for code in codes
    )
    session.flush()
    return codes


def use(session: Session, staff_id: uuid.UUID | None, code: str, now: datetime) -> bool:
    """Use a code up; False when it is nobody's, another's or used. The caller commits.

    Asked in the same way without an account, so that time tells nothing.
    """
    found = session.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.code_index == _index(code),
            RecoveryCode.staff_id == staff_id,
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    if found is None:
        return False
    found.used_at = now
    return True


def left(session: Session, staff_id: uuid.UUID) -> int:
    """Return how many of somebody's codes still open the door."""
    query = select(func.count()).select_from(RecoveryCode)
    mine = (RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query.where(*mine)) or 0


def _code() -> str:
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(GROUPS * LETTERS))
    return "-".join(letters[start : start + LETTERS] for start in range(0, len(letters), LETTERS))


def _index(code: str) -> bytes:
    """Return what proves a code, however it was typed: capitals, spaces and dashes do not matter."""
    return blind_index("".join(filter(str.isalnum, code.upper())), column=COLUMN)
