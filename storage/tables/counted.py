"""What somebody said in a check-in and lets the council count, without their name."""

import uuid

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, BigId, Moment
from storage.tables.keeping_in_touch import CheckInAnswer
from storage.tables.statements import SOURCES


class CountedNote(Base):
    """That the words of a check-in may be counted, as they stood when its author said so.

    It is there as long as they say so: more words, or a no, take it away with its themes. `tone` is there
    once its themes were read.
    """

    __tablename__ = "counted_notes"

    id: Mapped[BigId]
    answer_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("check_in_answers.id", ondelete="CASCADE"), unique=True
    )
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    council: Mapped[str] = mapped_column(String(40))
    tone: Mapped[str | None] = mapped_column(String(8))
    at: Mapped[Moment] = mapped_column(index=True)

    answer: Mapped[CheckInAnswer] = relationship()


class NoteTheme(Base):
    """That somebody, or the machine, says what a counted note is about, or (`refused`) is not about."""

    __tablename__ = "note_themes"
    __table_args__ = (CheckConstraint(f"source in ({SOURCES})", name="source"),)

    id: Mapped[BigId]
    note_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("counted_notes.id", ondelete="CASCADE"), index=True
    )
    theme: Mapped[str] = mapped_column(String(60), index=True)
    source: Mapped[str] = mapped_column(String(8))
    refused: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    confidence: Mapped[float | None] = mapped_column(Float)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    at: Mapped[Moment]
