"""What could not be written into the audit at once, until it is."""

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.encryption import Sealed
from storage.tables.base import Base, BigId, Moment


class LateTrace(Base):
    """That somebody read an immediate flag while the audit could not be written. It is not chained yet."""

    __tablename__ = "late_traces"

    id: Mapped[BigId]
    at: Mapped[Moment]
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    action: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[uuid.UUID | None]
    address: Mapped[str | None] = mapped_column(Sealed("late_traces.address"))
    request_id: Mapped[str] = mapped_column(String(32))
