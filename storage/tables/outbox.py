"""What must be sent to Telegram: written with its cause, sent after the commit, by lane."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.encryption import SealedJson
from storage.tables.base import Base, BigId, Moment


class Lane(StrEnum):
    """Who goes first. Values sort in the order of urgency."""

    SAFETY = "1_safety"
    REPLY = "2_reply"
    STAFF = "3_staff"
    BULK = "4_bulk"


class SendState(StrEnum):
    """What became of a send. Telegram never tells a bot that something was read.

    Failed: Telegram refused it, or its hour is over. Unknown: it may have arrived, and must not go twice. Dropped:
    we let it be, because it was called off or is not for now any more. `failure` says why.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


#: What is still to go, word for word as in its indexes and in every question that they answer. As
#: parameters the states would fit no index once PostgreSQL plans a question for all its values.
UNSENT = text("state in ('waiting', 'sending')")


class Send(Base):
    """One call to Telegram. Replies are sent at least once, bulk at most once."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'sending', 'sent', 'failed', 'unknown', 'dropped')", name="state"
        ),
        # The order in which a lane is served, and the line of one chat in it.
        Index("ix_outbox_queue", "lane", "id", postgresql_where=UNSENT),
        Index("ix_outbox_line", "chat_id", "lane", "id", postgresql_where=UNSENT),
    )

    id: Mapped[BigId]
    chat_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), index=True
    )
    update_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("inbox.id", ondelete="SET NULL"), index=True
    )
    lane: Mapped[str] = mapped_column(String(10))
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    method: Mapped[str] = mapped_column(String(30))
    body: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("outbox.body"))
    reply_id: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    made_at: Mapped[Moment]
    due_at: Mapped[Moment]
    #: Later than this it is not sent any more: what we start ourselves has its hour.
    not_after: Mapped[Moment | None]
    claimed_until: Mapped[Moment | None]
    sent_at: Mapped[Moment | None] = mapped_column(index=True)
    telegram_message_id: Mapped[int | None] = mapped_column(BigInteger)
    failure: Mapped[str | None] = mapped_column(String(60))
