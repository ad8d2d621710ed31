"""What Telegram sent, raw, kept before Telegram is told that we have it."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.encryption import BlindIndex, Sealed
from storage.tables.base import Base, BigId, Moment


class Update(Base):
    """One raw update: saved once whatever Telegram repeats, handled once whatever dies."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        Index(
            "ix_inbox_waiting",
            "telegram_index",
            "id",
            postgresql_where=text("handled_at is null"),
        ),
    )

    id: Mapped[BigId]
    bot_id: Mapped[int] = mapped_column(BigInteger)
    update_id: Mapped[int] = mapped_column(BigInteger)
    telegram_index: Mapped[bytes] = mapped_column(BlindIndex)
    raw: Mapped[str | None] = mapped_column(Sealed("inbox.raw"))
    received_at: Mapped[Moment] = mapped_column(index=True)
    handled_at: Mapped[Moment | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    outcome: Mapped[str | None] = mapped_column(String(20))


class UpdateOutcome(StrEnum):
    """How the handling of an update ended."""

    ANSWERED = "answered"
    NOTHING_TO_SAY = "nothing_to_say"
    FAILED = "failed"
