"""A wish to reach a person: its kind, topic and clock, who has it, and what came back."""

import uuid

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import Sealed
from storage.tables.base import Base, BigId, Moment
from storage.tables.chats import Chat
from storage.tables.people import Staff


class Request(Base):
    """One request for a person. Answered by a named member of staff, then closed."""

    __tablename__ = "requests"

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    chat_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), index=True
    )
    update_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("inbox.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[str] = mapped_column(String(30))
    topic: Mapped[str | None] = mapped_column(String(30))
    route: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    hidden_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str | None] = mapped_column(Sealed("requests.words"))
    asked_at: Mapped[Moment]
    due_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[Moment | None]

    chat: Mapped[Chat] = relationship()
    staff: Mapped[Staff | None] = relationship(foreign_keys=[staff_id])
