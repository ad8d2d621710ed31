"""The record of who saw and did what. Added to in the same transaction as what it records.

Each row's `chain` is the hash of the row before it and of its own facts, so that a row that is
changed, taken out or slipped in shows (safety.md SEC-31). The hash covers no personal data.
"""

import hashlib
import uuid
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from storage.tables import LateTrace, Staff, Trace

#: One chain for the installation: whoever adds to it waits for the one before.
CHAIN_LOCK = 7_164_213
FIRST = bytes(32)
BATCH = 2_000
#: Where something was done: not in a browser, but with a command on the machine itself.
COMMAND = "command"
#: Why a row stands later in the chain than it happened.
LATE = "written late"


def record(
    session: Session,
    *,
    staff_id: uuid.UUID | None,
    action: str,
    about: str,
    now: datetime,
    request_id: str,
    person_id: uuid.UUID | None = None,
    reason: str | None = None,
    address: str | None = None,
) -> Trace:
    """Add a row to the chain. The caller commits, and with it whatever the row is about."""
    session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    before = session.scalar(select(Trace.chain).order_by(Trace.id.desc()).limit(1)) or FIRST
    trace = Trace(
        at=now,
        staff_id=staff_id,
        action=action,
        about=about,
        person_id=person_id,
        reason=reason,
        address=address,
        request_id=request_id,
    )
    trace.chain = link(before, trace)
    session.add(trace)
    session.flush()
    return trace


def by_command(
    session: Session,
    member: Staff | None,
    action: str,
    about: str,
    now: datetime,
    *,
    person_id: uuid.UUID | None = None,
) -> None:
    """Record what somebody saw or did with a command. Without a name it was whoever may run commands."""
    record(
        session,
        staff_id=member.id if member else None,
        action=action,
        about=about,
        now=now,
        request_id=uuid.uuid4().hex,
        person_id=person_id,
        address=COMMAND,
    )


def write_later(
    session: Session,
    *,
    staff_id: uuid.UUID,
    action: str,
    about: str,
    now: datetime,
    request_id: str,
    person_id: uuid.UUID | None,
    address: str | None,
) -> None:
    """Keep what the audit could not take, until `write_next` can add it. The caller commits."""
    session.add(
        LateTrace(
            at=now,
            staff_id=staff_id,
            action=action,
            about=about,
            request_id=request_id,
            person_id=person_id,
            address=address,
        )
    )
    session.flush()


def write_next(session: Session) -> bool:
    """Add what waited longest to the chain, as of its own time; False when nothing waits."""
    late = session.scalar(
        select(LateTrace).order_by(LateTrace.id).limit(1).with_for_update(skip_locked=True)
    )
    if late is None:
        return False
    record(
        session,
        staff_id=late.staff_id,
        action=late.action,
        about=late.about,
        now=late.at,
        request_id=late.request_id,
        person_id=late.person_id,
        reason=LATE,
        address=late.address,
    )
    session.delete(late)
    return True


def link(before: bytes, trace: Trace) -> bytes:
    """Return the hash of a row and of all the rows before it."""
    facts = (
        trace.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(trace.staff_id or ""),
        trace.action,
        trace.about,
        str(trace.person_id or ""),
        trace.request_id,
    )
    return hashlib.sha256(before + "\x1f".join(facts).encode()).digest()


def first_broken(session: Session) -> int | None:
    """Return the number of the first row whose link does not hold, or None when the chain is whole.

    A chain that was cut off at its end is not seen by this: that takes a copy kept elsewhere.
    """
    before, last = FIRST, 0
    while True:
        rows = session.scalars(
            select(Trace).where(Trace.id > last).order_by(Trace.id).limit(BATCH)
        ).all()
        for row in rows:
            if row.chain != link(before, row):
                return row.id
            before, last = row.chain, row.id
        session.expire_all()
        if len(rows) < BATCH:
            return None


def length(session: Session) -> int:
    """Return how many rows the chain has."""
    return session.query(Trace).count()
