"""Letters to staff about no young person: who covers whom, and a rota with nobody on it."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from content.library import Library
from people.hours import day_name
from storage import absences
from storage.tables import Absence, Alert, Staff

#: The address of a letter, its subject and its text.
Letter = tuple[str | None, str, str]
Values = dict[str, str]


def letter(
    session: Session, alert: Alert, library: Library, address: str, duty_email: str | None
) -> Letter:
    """Return one letter. It goes to the person it is for, whether they are away or not."""
    kind = alert.kind or ""
    staff = session.get(Staff, alert.staff_id) if alert.staff_id else None
    values = {"address": address, **VALUES[kind](session, alert)}
    to = staff.email if staff else duty_email
    which = kind
    if kind == "cover_back" and staff is not None and values["away_id"] != str(staff.id):
        which = "cover_over"
    subject = library.say(f"alert.{which}_subject", **values)
    return to, subject, library.say(f"alert.{which}", **values)


def _absence(session: Session, alert: Alert) -> Values:
    """Return what is said about an absence. How much is open is counted when the letter goes."""
    about = session.get_one(Absence, int(alert.about or 0))
    kept = absences.count_kept(session, about.staff_id, about.cover_id) if about.cover_id else 0
    return {
        "away_id": str(about.staff_id),
        "name": about.staff.name,
        "cover": about.cover.name if about.cover else "",
        "from": day_name(about.from_on),
        "until": day_name(about.until_on),
        "open": str(absences.count_theirs(session, about.staff_id)),
        "kept": str(kept),
    }


def _rota(_session: Session, alert: Alert) -> Values:
    council, _, day = (alert.about or "").partition(" ")
    return {"council": council, "day": day_name(date.fromisoformat(day))}


VALUES: dict[str, Callable[[Session, Alert], Values]] = {
    "cover_set": _absence,
    "cover_back": _absence,
    "rota_empty": _rota,
}
