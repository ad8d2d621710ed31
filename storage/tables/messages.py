"""What was said, in both directions. Words are sealed; ids and times are not."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.encryption import Sealed
from storage.tables.base import Base, BigId, Moment


class Message(Base):
    """One message. An edit is a new row that points at the first: nothing is overwritten."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("direction in ('in', 'out')", name="direction"),
        CheckConstraint("level in ('immediate', 'same_day', 'concern', 'none')", name="level"),
        Index("ix_messages_chat_id_at", "chat_id", "at"),
    )

    id: Mapped[BigId]
    chat_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("chats.id", ondelete="CASCADE"))
    update_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("inbox.id", ondelete="SET NULL"), index=True
    )
    direction: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(Sealed("messages.text"))
    telegram_message_id: Mapped[int | None] = mapped_column(BigInteger)
    edit_of_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("messages.id", ondelete="CASCADE"), index=True
    )
    level: Mapped[str] = mapped_column(String(10), default="none", server_default="none")
    degraded: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    reply_ids: Mapped[str | None] = mapped_column(String(400))
    at: Mapped[Moment]
