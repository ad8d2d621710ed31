"""Conversations drawn at random, for a second reader to see what screening missed. They hold no word."""

import uuid
from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, BigId, Moment
from storage.tables.chats import Chat
from storage.tables.flags import LEVELS


class Draw(Base):
    """One week of one council: how many there were to draw from, and with which seed it can be redone."""

    __tablename__ = "draws"
    __table_args__ = (UniqueConstraint("council", "week_on"),)

    id: Mapped[BigId]
    council: Mapped[str] = mapped_column(String(40))
    #: The Monday it began on.
    week_on: Mapped[date] = mapped_column(Date)
    seed: Mapped[int] = mapped_column(BigInteger)
    among: Mapped[int] = mapped_column(Integer)
    #: Only whoever agreed to these words is in it.
    notice: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[Moment]


class SecondRead(Base):
    """One day of one chat, drawn to be read, and what was found."""

    __tablename__ = "second_reads"
    __table_args__ = (
        CheckConstraint("finding in ('nothing', 'missed')", name="finding"),
        CheckConstraint(LEVELS, name="level"),
        UniqueConstraint("chat_id", "day"),
    )

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    draw_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("draws.id", ondelete="CASCADE"), index=True
    )
    chat_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("chats.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    reader_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    read_at: Mapped[Moment | None] = mapped_column(index=True)
    finding: Mapped[str | None] = mapped_column(String(8))
    level: Mapped[str | None] = mapped_column(String(10))
    flag_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("flags.id", ondelete="SET NULL")
    )

    draw: Mapped[Draw] = relationship()
    chat: Mapped[Chat] = relationship()
