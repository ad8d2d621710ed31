"""What staff must look at, the messages it is about, and the alerts that tell them."""

import uuid

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import Sealed, SealedJson
from storage.tables.base import Base, BigId, Moment
from storage.tables.chats import Chat
from storage.tables.people import Staff

LEVELS = "level in ('immediate', 'same_day', 'concern')"


class Flag(Base):
    """One episode that a person must read. The level says how fast, and never grades anyone."""

    __tablename__ = "flags"
    __table_args__ = (
        CheckConstraint(LEVELS, name="level"),
        # One open flag for a chat and an owner's view of it: the database keeps the promise too.
        Index(
            "uq_flags_open",
            "chat_id",
            "about_staff",
            unique=True,
            postgresql_where=text("closed_at is null"),
        ),
    )

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("chats.id"), index=True)
    level: Mapped[str] = mapped_column(String(10))
    categories: Mapped[list[str]] = mapped_column(ARRAY(String(30)))
    third_party: Mapped[bool] = mapped_column(Boolean)
    about_staff: Mapped[bool] = mapped_column(Boolean)
    hidden_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    why: Mapped[list[dict[str, str]]] = mapped_column(SealedJson("flags.why"))
    rules_version: Mapped[str] = mapped_column(String(64))
    raised_at: Mapped[Moment]
    last_sign_at: Mapped[Moment]
    said_wrong_at: Mapped[Moment | None]
    due_at: Mapped[Moment]
    opened_at: Mapped[Moment | None]
    opened_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None] = mapped_column(String(60))
    #: What was done, in the words of whoever closed it or asked for it to be closed.
    done: Mapped[str | None] = mapped_column(Sealed("flags.done"))
    #: Asked for by one person, agreed to by another: an immediate flag needs two.
    closing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    #: What a reader made of the level: `true`, `not_danger` or `wrong_level`; for future tests.
    verdict: Mapped[str | None] = mapped_column(String(12))
    snoozed_until: Mapped[Moment | None]
    #: Goes up with every change, so that two people at once do not overwrite each other.
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")

    chat: Mapped[Chat] = relationship()
    owner: Mapped[Staff | None] = relationship(foreign_keys=[owner_id])


class FlagMessage(Base):
    """That a message belongs to a flag. Flagged words outlive the routine ones."""

    __tablename__ = "flag_messages"

    flag_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("flags.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("messages.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    )


class Alert(Base):
    """That somebody must be told. It stays due until a channel has accepted it."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_due", "due_at", postgresql_where=text("accepted_at is null")),
        CheckConstraint(
            "num_nonnulls(flag_id, request_id, statement_id, task_id, kind) = 1",
            name="one_subject",
        ),
    )

    id: Mapped[BigId]
    flag_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("flags.id", ondelete="CASCADE"), index=True
    )
    request_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("requests.id", ondelete="CASCADE"), index=True
    )
    statement_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("statements.id", ondelete="CASCADE"), index=True
    )
    task_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("tasks.id", ondelete="CASCADE"), index=True
    )
    #: A letter about no young person, such as an empty rota; `about` says which one.
    kind: Mapped[str | None] = mapped_column(String(20))
    about: Mapped[str | None] = mapped_column(String(60))
    #: Makes a second letter about the same impossible.
    once_key: Mapped[str | None] = mapped_column(String(140), unique=True)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    urgent: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[Moment]
    due_at: Mapped[Moment]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    accepted_at: Mapped[Moment | None]
    channel: Mapped[str | None] = mapped_column(String(20))
    failure: Mapped[str | None] = mapped_column(String(60))
