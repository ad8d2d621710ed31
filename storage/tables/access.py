"""Staff at the door, and the record of what they looked at and did."""

import uuid
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.encryption import BlindIndex, Sealed, SealedJson
from storage.tables.base import Base, BigId, Moment


class Door(Base):
    """What it takes for one member of staff to come in, and how often somebody failed to."""

    __tablename__ = "doors"

    staff_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True
    )
    #: Changes with every password, code or role, and thereby ends every visit at once.
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    link_index: Mapped[bytes | None] = mapped_column(BlindIndex, unique=True)
    link_until: Mapped[Moment | None]
    #: The time step of the last code that was accepted: no code opens twice.
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    failing_since: Mapped[Moment | None]
    locked_until: Mapped[Moment | None]
    last_in_at: Mapped[Moment | None]


class RecoveryCode(Base):
    """What opens the door once without an authenticator app. We keep what proves it, never the code."""

    __tablename__ = "recovery_codes"

    id: Mapped[BigId]
    staff_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    code_index: Mapped[bytes] = mapped_column(BlindIndex, unique=True)
    made_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class Visit(Base):
    """One browser that is signed in or signing in. The cookie holds a random id, the rest is here."""

    __tablename__ = "visits"

    id_index: Mapped[bytes] = mapped_column(BlindIndex, primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(SealedJson("visits.data"))
    staff_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    began_at: Mapped[Moment]
    seen_at: Mapped[Moment] = mapped_column(index=True)


class Trace(Base):
    """That somebody saw or did something. Rows are only ever added, each chained to the last.

    `about` is an opaque reference, never a name or a word. What is hashed holds no personal data,
    so erasing a person leaves the chain whole.
    """

    __tablename__ = "traces"

    id: Mapped[BigId]
    at: Mapped[Moment] = mapped_column(index=True)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(60), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    reason: Mapped[str | None] = mapped_column(Sealed("traces.reason"))
    address: Mapped[str | None] = mapped_column(Sealed("traces.address"))
    request_id: Mapped[str] = mapped_column(String(32))
    chain: Mapped[bytes] = mapped_column(LargeBinary(32))


class Note(Base):
    """What a member of staff wrote down about a flag, for colleagues. Never sent to the young person."""

    __tablename__ = "notes"

    id: Mapped[BigId]
    flag_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("flags.id", ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(Sealed("notes.words"))
    at: Mapped[Moment]
