"""That somebody opened the record of a young person who is not theirs: why, and until when."""

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import Sealed
from storage.tables.base import Base, BigId, Moment
from storage.tables.people import Person, Staff


class Opening(Base):
    """One record opened in an emergency, for a few hours, with a reason that others read."""

    __tablename__ = "openings"

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    why: Mapped[str] = mapped_column(Sealed("openings.why"))
    #: The adviser, when something about them is open: they are not told.
    hidden_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[Moment]
    until: Mapped[Moment] = mapped_column(index=True)

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    person: Mapped[Person] = relationship()
