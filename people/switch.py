"""The off switch: who may use it, for what reason, and what is written down about it."""

import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from people import access
from people.access import May
from storage import audit, switch
from storage.tables import Staff

#: A reason shorter than this says nothing to colleagues.
SHORTEST, LONGEST = 10, 300


class SwitchError(Exception):
    """What was asked cannot be done; its text is the id of the sentence that says why."""


def check(session: Session, by: Staff, reason: str) -> str:
    """Return the reason as it is kept. Raises SwitchError when Kith may not be switched off with it."""
    if not access.allows(by, May.SWITCH_OFF):
        raise SwitchError("may_not_switch")
    if not SHORTEST <= len(reason.strip()) <= LONGEST:
        raise SwitchError("no_switch_reason")
    if switch.is_off(session):
        raise SwitchError("is_off")
    return reason.strip()


def turn_off(
    session: Session, by: Staff, reason: str, now: datetime, *, request_id: str, address: str | None
) -> None:
    """Switch Kith off and write it down. The caller commits.

    Danger is answered all the same, and what is said to many waits. Raises SwitchError.
    """
    kept = check(session, by, reason)
    try:
        with session.begin_nested():
            switch.turn_off(session, by.id, kept, now)
    except IntegrityError as error:
        raise SwitchError("is_off") from error
    _trace(session, by, "switched_off", now, request_id, address, kept)


def turn_on(
    session: Session, by: Staff, now: datetime, *, request_id: str, address: str | None
) -> None:
    """Switch Kith on again and write it down. The caller commits. Raises SwitchError."""
    if not access.allows(by, May.SWITCH_OFF):
        raise SwitchError("may_not_switch")
    if not switch.turn_on(session, by.id, now):
        raise SwitchError("is_on")
    _trace(session, by, "switched_on", now, request_id, address, None)


def by_command() -> str:
    """Return an id for what was typed as a command, where a page has that of its request."""
    return uuid.uuid4().hex


def _trace(
    session: Session,
    by: Staff,
    action: str,
    now: datetime,
    request_id: str,
    address: str | None,
    reason: str | None,
) -> None:
    audit.record(
        session,
        staff_id=by.id,
        action=action,
        about="kith",
        now=now,
        request_id=request_id,
        address=address,
        reason=reason,
    )
