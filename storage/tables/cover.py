"""Who is away and who covers, who is on duty, when a council is open, and whether Kith is switched off."""

import uuid
from datetime import date

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import Sealed
from storage.tables.base import Base, BigId, Moment
from storage.tables.people import Staff


class Absence(Base):
    """That somebody is away on some days, and who looks after their people then. Never why."""

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="days"),)

    id: Mapped[BigId]
    staff_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    cover_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    from_on: Mapped[date] = mapped_column(Date)
    #: The last day away.
    until_on: Mapped[date] = mapped_column(Date, index=True)
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[Moment]
    #: Called off, or back before the last day.
    ended_at: Mapped[Moment | None]
    #: When both were told that it is over.
    said_back_at: Mapped[Moment | None]

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    cover: Mapped[Staff | None] = relationship(foreign_keys=[cover_id])


class ToldAway(Base):
    """That a young person was told who looks after their messages: once for each absence."""

    __tablename__ = "told_away"

    absence_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("absences.id", ondelete="CASCADE"), primary_key=True
    )
    chat_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    told_at: Mapped[Moment]


class Duty(Base):
    """Who is on duty in a council on one day."""

    __tablename__ = "duties"

    council: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[Moment]

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])


class OpeningHours(Base):
    """When the people of a council are at work, by day of the week: before what its file says."""

    __tablename__ = "opening_hours"

    council: Mapped[str] = mapped_column(String(40), primary_key=True)
    hours: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[Moment]


class AlsoFor(Base):
    """That a specialist has a flag or a request as well, because of its topic: this one and no other."""

    __tablename__ = "also_for"
    __table_args__ = (
        CheckConstraint("num_nonnulls(flag_id, request_id) = 1", name="one_subject"),
        UniqueConstraint("flag_id", "staff_id"),
        UniqueConstraint("request_id", "staff_id"),
    )

    id: Mapped[BigId]
    flag_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("flags.id", ondelete="CASCADE")
    )
    request_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("requests.id", ondelete="CASCADE")
    )
    staff_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    topic: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[Moment]


class SwitchedOff(Base):
    """That somebody switched Kith off, why, and who switched it on again."""

    __tablename__ = "switched_off"
    __table_args__ = (
        # It is off once or not at all: the database keeps the promise too.
        Index(
            "uq_switched_off_now",
            text("(on_at is null)"),
            unique=True,
            postgresql_where=text("on_at is null"),
        ),
    )

    id: Mapped[BigId]
    reason: Mapped[str] = mapped_column(Sealed("switched_off.reason"))
    off_at: Mapped[Moment]
    off_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    on_at: Mapped[Moment | None]
    on_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))

    off_by: Mapped[Staff] = relationship(foreign_keys=[off_by_id])
