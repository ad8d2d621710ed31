"""How long it is kept who was away, who was on duty, and when Kith was switched off."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.rows import change
from storage.tables import Absence, Alert, Duty, SwitchedOff

ROTA = timedelta(days=730)
SWITCHED_OFF = timedelta(days=2192)

RULES: dict[str, str] = {
    "absences": "24 months after they end",
    "duties": "24 months after their day",
    "switched_off": "6 years",
    "recovery_codes": "as long as the account, until new ones are made",
}


def forget(session: Session, now: datetime) -> int:
    """Delete what is past its time, and return how many rows went. The caller commits."""
    last_day = (now - ROTA).date()
    return sum(
        change(session, delete(table).where(*old))
        for table, old in (
            (Absence, (Absence.until_on < last_day,)),
            (Duty, (Duty.day < last_day,)),
            (SwitchedOff, (SwitchedOff.on_at < now - SWITCHED_OFF,)),
            (Alert, (Alert.kind.is_not(None), Alert.made_at < now - ROTA)),
        )
    )
