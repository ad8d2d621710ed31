"""Requests to see or to erase one's data: from whichever way they came, with one calendar month to answer.

UK GDPR article 12(3): within one month of receipt. They are requests like any other, so that they are
listed, late, answered and kept like them.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from storage.tables import Chat, Request, Staff
from storage.tables.base import new_reference

SEE, ERASE = "see_my_data", "erase_my_data"
KINDS = (SEE, ERASE)
END_OF_DAY = time(23, 59)


class DataRequestError(Exception):
    """A request cannot be noted as asked; its text is the id of the sentence that says why."""


def one_month_after(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the same day next month, or of its last day (PRIV-12: the ICO's calendar month)."""
    day = at.astimezone(zone).date()
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    last = monthrange(year, month)[1]
    return datetime.combine(date(year, month, min(day.day, last)), END_OF_DAY, zone).astimezone(UTC)


def note(
    session: Session,
    chat: Chat,
    member: Staff,
    kind: str,
    received_at: datetime,
    zone: ZoneInfo,
    now: datetime,
) -> Request:
    """Note a request that came by letter, by call or in person. The caller commits.

    Raises DataRequestError.
    """
    if kind not in KINDS:
        raise DataRequestError("no_data_kind")
    if received_at > now:
        raise DataRequestError("contact_to_come")
    adviser = chat.person.adviser if chat.person else None
    owner = adviser if adviser and adviser.left_at is None else member
    made = Request(
        reference=new_reference("R"),
        chat_id=chat.id,
        kind=kind,
        route="adviser",
        staff_id=owner.id,
        asked_at=received_at,
        due_at=one_month_after(received_at, zone),
    )
    session.add(made)
    session.flush()
    return made
