"""Who: young people, staff, and the one-time invitations that join a person to a chat."""

import uuid
from datetime import date
from enum import StrEnum
from functools import cached_property

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import BlindIndex, Sealed
from storage.tables.base import Base, BigId, Moment


class Role(StrEnum):
    """What a member of staff may do."""

    ADVISER = "adviser"
    MANAGER = "manager"
    PARTICIPATION = "participation"
    ADMIN = "admin"


class Staff(Base):
    """A member of staff with a named account."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("role in ('adviser', 'manager', 'participation', 'admin')", name="role"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    council: Mapped[str] = mapped_column(String(40))
    #: Read no more: `topics` holds more than one. It goes with the next release.
    specialist_in: Mapped[str | None] = mapped_column(String(40))
    topics: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), default=list, server_default=text("'{}'")
    )
    phone: Mapped[str | None] = mapped_column(String(30))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(Sealed("staff.totp_secret"))
    added_at: Mapped[Moment]
    left_at: Mapped[Moment | None]

    @cached_property
    def covers(self) -> frozenset[uuid.UUID]:
        """Return whose work they do now, since those are away. `people/cover.py` fills it in, as of a moment."""
        return frozenset()


class Person(Base):
    """A young person we are here for."""

    __tablename__ = "people"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(Sealed("people.name"))
    born_on: Mapped[str] = mapped_column(Sealed("people.born_on"))
    council: Mapped[str] = mapped_column(String(40))
    adviser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    added_at: Mapped[Moment]
    reviewed_on: Mapped[date | None] = mapped_column(Date)

    adviser: Mapped[Staff | None] = relationship()


class Invitation(Base):
    """A one-time code given face to face. We keep only what proves it, never the code."""

    __tablename__ = "invitations"

    id: Mapped[BigId]
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    code_index: Mapped[bytes] = mapped_column(BlindIndex, unique=True)
    made_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]

    person: Mapped[Person] = relationship()
