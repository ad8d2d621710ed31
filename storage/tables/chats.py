"""Telegram chats: who is at the other end, where the talk stands, and the buttons we sent."""

import uuid
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import BlindIndex, Sealed, SealedJson
from storage.tables.base import Base, BigId, Moment
from storage.tables.people import Person, Staff


class Chat(Base):
    """One private Telegram chat. Without a person it is a stranger's, and soon forgotten."""

    __tablename__ = "chats"

    id: Mapped[BigId]
    telegram_index: Mapped[bytes] = mapped_column(BlindIndex, unique=True)
    telegram_id: Mapped[str] = mapped_column(Sealed("chats.telegram_id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), unique=True
    )
    age: Mapped[int | None] = mapped_column(SmallInteger)
    council: Mapped[str | None] = mapped_column(String(40))
    memory: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("chats.memory"))
    stopped_at: Mapped[Moment | None]
    paused_until: Mapped[Moment | None]
    held_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    held_until: Mapped[Moment | None]
    unreachable_at: Mapped[Moment | None]
    unreachable_why: Mapped[str | None] = mapped_column(String(12))
    code_tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    code_tries_since: Mapped[Moment | None]
    began_at: Mapped[Moment]
    heard_at: Mapped[Moment] = mapped_column(index=True)

    person: Mapped[Person | None] = relationship()
    held_by: Mapped[Staff | None] = relationship()


class Notice(Base):
    """That somebody was told how Kith works, in which version, and that they agreed."""

    __tablename__ = "notices"

    id: Mapped[BigId]
    chat_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[str] = mapped_column(String(80))
    shown_at: Mapped[Moment]
    agreed_at: Mapped[Moment | None]


class Button(Base):
    """A button we sent: what it does, bound to one chat and message, once, for a while."""

    __tablename__ = "buttons"

    id: Mapped[BigId]
    token: Mapped[str] = mapped_column(String(32), unique=True)
    chat_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), index=True
    )
    send_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("outbox.id", ondelete="CASCADE"), index=True
    )
    action: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[Moment] = mapped_column(index=True)
    used_at: Mapped[Moment | None]
