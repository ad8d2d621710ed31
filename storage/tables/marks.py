"""What people made of a flag, kept for future tests after a second look."""

import uuid

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, BigId, Moment
from storage.tables.flags import LEVELS, Flag
from storage.tables.people import Staff


class Mark(Base):
    """One person's verdict on a flag, and whether a second person agreed. It holds no word."""

    __tablename__ = "marks"
    __table_args__ = (
        CheckConstraint("verdict in ('true', 'not_danger', 'wrong_level')", name="verdict"),
        CheckConstraint(LEVELS.replace("level", "right_level", 1), name="right_level"),
        CheckConstraint("second_id <> by_id", name="two_people"),
    )

    id: Mapped[BigId]
    flag_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("flags.id", ondelete="CASCADE"), unique=True
    )
    verdict: Mapped[str] = mapped_column(String(12))
    #: What it should have been, when the level was wrong.
    right_level: Mapped[str | None] = mapped_column(String(10))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[Moment]
    second_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    second_at: Mapped[Moment | None]
    agreed: Mapped[bool | None] = mapped_column(Boolean)

    flag: Mapped[Flag] = relationship()
    by: Mapped[Staff] = relationship(foreign_keys=[by_id])
