"""Deciding who comes in: one question, one answer, whatever was wrong (safety.md SEC-04 to SEC-06)."""

import secrets
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from passlib.totp import TOTP, TokenError
from sqlalchemy.orm import Session

from storage import audit, doors, recovery, staff
from storage.tables import Door, Staff

#: OWASP's minimum: 19 MiB, two passes, one lane (safety.md SEC-02).
HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
#: Nobody's: checked when there is no such account, so that the answer takes as long.
NOBODYS_HASH = HASHER.hash(secrets.token_hex(16))
NOBODYS_SECRET = TOTP.new().base32_key
#: A code counts for ten seconds more than its thirty, since people type slowly and clocks differ: a
#: deviation from ASVS 6.5.5, written down in docs/decisions/0014-how-staff-come-in.md.
GRACE_SECONDS = 10
MOST_FROM_ONE_ADDRESS, WITHIN = 30, timedelta(minutes=5)


@dataclass
class Addresses:
    """How often each address failed lately. In memory: it slows guessing, and is no record."""

    failures: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def too_many(self, address: str, now: datetime) -> bool:
        """Whether an address has failed too often to be heard now."""
        recent = self.failures[address]
        while recent and now - recent[0] > WITHIN:
            recent.popleft()
        return len(recent) >= MOST_FROM_ONE_ADDRESS

    def note(self, address: str, now: datetime) -> None:
        """Note a failure."""
        self.failures[address].append(now)


@dataclass(frozen=True)
class Entered:
    """Somebody who came in, and when they last did."""

    member: Staff
    door: Door
    last_in_at: datetime | None


def enter(
    session: Session,
    *,
    email: str,
    password: str,
    code: str,
    address: str,
    request_id: str,
    now: datetime,
) -> Entered | None:
    """Return who these belong to, or None. The caller commits, failures included.

    Password and code are always both checked, so that time tells nothing.
    """
    member = staff.by_email(session, email.strip())
    door = doors.of(session, member.id) if member else None
    right = _right_password(member, password)
    step = step_of(member.totp_secret if member else None, code, door, now)
    if member is None or door is None:
        recovery.use(session, None, code, now)
        return None
    may_recover = right and step is None and not doors.locked(door, now)
    # A code that opens once is not used up by whoever has the wrong password.
    recovered = recovery.use(session, member.id if may_recover else None, code, now)
    if doors.locked(door, now) or not right or (step is None and not recovered):
        doors.note_failure(door, now)
        _record(session, member, "sign_in_refused", address, request_id, now)
        return None
    before = doors.note_success(door, step, now)
    if recovered:
        _record(session, member, "used_recovery_code", address, request_id, now)
    if member.password_hash and HASHER.check_needs_rehash(member.password_hash):
        member.password_hash = HASHER.hash(password)
    _record(session, member, "signed_in", address, request_id, now)
    return Entered(member, door, before)


def confirms(session: Session, member: Staff, *, password: str, code: str, now: datetime) -> bool:
    """Whether somebody who is in is still who they were: password and a fresh code once more."""
    door = doors.of(session, member.id)
    step = step_of(member.totp_secret, code, door, now)
    right = _right_password(member, password) and not doors.locked(door, now)
    if not right or (step is None and not recovery.use(session, member.id, code, now)):
        doors.note_failure(door, now)
        return False
    door.last_step = door.last_step if step is None else step
    return True


def _right_password(member: Staff | None, password: str) -> bool:
    kept = member.password_hash if member else None
    try:
        return HASHER.verify(kept or NOBODYS_HASH, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def step_of(secret: str | None, code: str, door: Door | None, now: datetime) -> int | None:
    """Return the time step of a code that is right now and was not used before."""
    digits = "".join(letter for letter in code if letter.isdigit())
    try:
        match = TOTP.verify(
            digits,
            TOTP(key=secret or NOBODYS_SECRET),
            time=now,
            window=GRACE_SECONDS,
            last_counter=door.last_step if door else None,
        )
    except (TokenError, ValueError, TypeError):
        return None
    return int(match.counter) if secret else None


def _record(
    session: Session, member: Staff, action: str, address: str, request_id: str, now: datetime
) -> None:
    audit.record(
        session,
        staff_id=member.id,
        action=action,
        about=str(member.id),
        now=now,
        request_id=request_id,
        address=address,
    )
