"""What was counted and what was released of it: so that no later release gives an earlier one away."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import SealedJson
from storage.tables.base import Base, BigId, Moment
from storage.tables.people import Staff


class Count(Base):
    """The numbers of some months as they were counted once. They never change; a later count is a new row.

    `what` says what was counted: statements of one month, people of a quarter, or how far people got.
    """

    __tablename__ = "counts"
    __table_args__ = (Index("ix_counts_of", "council", "what", "first_month", "last_month"),)

    id: Mapped[BigId]
    council: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(12))
    first_month: Mapped[date] = mapped_column(Date)
    last_month: Mapped[date] = mapped_column(Date)
    cells: Mapped[list[Any]] = mapped_column(SealedJson("counts.cells"))
    counted_at: Mapped[Moment]


class Release(Base):
    """One set of figures that left Kith: what was shown in each place. Shown again, it is the same."""

    __tablename__ = "releases"
    __table_args__ = (Index("ix_releases_of", "council", "first_month", "last_month"),)

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    council: Mapped[str] = mapped_column(String(40))
    first_month: Mapped[date] = mapped_column(Date)
    last_month: Mapped[date] = mapped_column(Date)
    shown: Mapped[list[Any]] = mapped_column(SealedJson("releases.shown"))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[Moment]

    made_by: Mapped[Staff | None] = relationship()
