"""Statements: what a young person told us, answer by answer, and everything that came of it."""

import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import Sealed, SealedJson
from storage.tables.base import Base, BigId, Moment
from storage.tables.chats import Chat
from storage.tables.people import Person, Staff


class Origin(StrEnum):
    """How a statement came about."""

    OWN = "own"
    EASY = "easy"
    WITH_WORKER = "with_worker"
    CHECK_IN = "check_in"
    SURVEY = "survey"


class StatementState(StrEnum):
    """Where a statement stands. OPENED is what the young person is told as "seen"."""

    DRAFT = "draft"
    KEPT = "kept"
    SENT = "sent"
    OPENED = "opened"
    IN_HAND = "in_hand"
    DONE = "done"
    CANNOT = "cannot"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


class Consent(StrEnum):
    """Whether the council may use somebody's words without their name."""

    YES = "yes"
    REWORDED = "reworded"
    NO = "no"


class ThemeSource(StrEnum):
    """Who said what a statement is about. Staff win over the person, the person over the machine."""

    MACHINE = "machine"
    PERSON = "person"
    STAFF = "staff"


STATES = ", ".join(f"'{one}'" for one in StatementState)
ORIGINS = ", ".join(f"'{one}'" for one in Origin)
CONSENTS = ", ".join(f"'{one}'" for one in Consent)
SOURCES = ", ".join(f"'{one}'" for one in ThemeSource)


class ScenarioCopy(Base):
    """A scenario exactly as it was when somebody began it: they finish the version they began."""

    __tablename__ = "scenario_copies"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    scenario: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    kept_at: Mapped[Moment]


class Statement(Base):
    """One statement, from its first question to what came of it.

    `chat_id` and `person_id` are emptied when it is old: what stays cannot be joined back.
    `stage` and `question` are where a draft waits. `answer_by` is when a complaint must be
    answered, `due_at` when its owner is to have followed it up. `tone` is there once its themes were
    read: good, problem, both or neither. `voice` is the same for what one author sends in a quarter, and
    says nothing else: people can be counted when names are long cut off.
    """

    __tablename__ = "statements"
    __table_args__ = (
        CheckConstraint(f"state in ({STATES})", name="state"),
        CheckConstraint(f"origin in ({ORIGINS})", name="origin"),
        Index("ix_statements_open", "due_at", postgresql_where=text("closed_at is null")),
        # One statement at a time: the rest are kept for later, and say so.
        Index(
            "uq_statements_active",
            "chat_id",
            unique=True,
            postgresql_where=text("state = 'draft' and rested_at is null"),
        ),
    )

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    chat_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    council: Mapped[str | None] = mapped_column(String(40), index=True)
    age_band: Mapped[str | None] = mapped_column(String(8))
    scenario: Mapped[str] = mapped_column(String(40), index=True)
    scenario_version: Mapped[int] = mapped_column(SmallInteger)
    copy_digest: Mapped[str] = mapped_column(ForeignKey("scenario_copies.digest"), index=True)
    origin: Mapped[str] = mapped_column(String(12))
    easy: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    state: Mapped[str] = mapped_column(String(10), index=True)
    stage: Mapped[str] = mapped_column(String(12))
    question: Mapped[str] = mapped_column(String(40), default="", server_default="")
    audience: Mapped[str | None] = mapped_column(String(30))
    complaint: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    hidden_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    route: Mapped[str | None] = mapped_column(String(20))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    feelings: Mapped[list[str]] = mapped_column(ARRAY(String(10)), server_default="{}")
    sorted: Mapped[bool | None] = mapped_column(Boolean)
    tone: Mapped[str | None] = mapped_column(String(8))
    voice: Mapped[uuid.UUID | None]
    new_voice: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    began_at: Mapped[Moment]
    touched_at: Mapped[Moment]
    rested_at: Mapped[Moment | None]
    sent_at: Mapped[Moment | None] = mapped_column(index=True)
    opened_at: Mapped[Moment | None]
    answer_by: Mapped[Moment | None]
    due_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None] = mapped_column(index=True)

    chat: Mapped[Chat | None] = relationship()
    person: Mapped[Person | None] = relationship()
    owner: Mapped[Staff | None] = relationship(foreign_keys=[owner_id])
    copy: Mapped[ScenarioCopy] = relationship()


class Answer(Base):
    """One answer as it was given. A changed one is a new row: the former keeps its words.

    `value` holds what was said: `picked`, `feeling` or `number`, and `words`, any of which may be
    missing. The answer that counts is the one with no `replaced_at`.
    """

    __tablename__ = "answers"
    __table_args__ = (
        CheckConstraint(f"consent in ({CONSENTS})", name="consent"),
        Index(
            "uq_answers_current",
            "statement_id",
            "question",
            unique=True,
            postgresql_where=text("replaced_at is null"),
        ),
    )

    id: Mapped[BigId]
    statement_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("statements.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[dict[str, Any]] = mapped_column(SealedJson("answers.value"))
    quotable: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    consent: Mapped[str] = mapped_column(String(10), default=Consent.NO, server_default="no")
    consent_at: Mapped[Moment | None]
    former_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("answers.id", ondelete="SET NULL"), index=True
    )
    update_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("inbox.id", ondelete="SET NULL"), index=True
    )
    given_at: Mapped[Moment]
    replaced_at: Mapped[Moment | None]

    statement: Mapped[Statement] = relationship()


class StatementEvent(Base):
    """That a statement came into a state: when, by whom, and what they said about it.

    Without `by_id` it was the young person or the clock.
    """

    __tablename__ = "statement_events"
    __table_args__ = (CheckConstraint(f"state in ({STATES})", name="state"),)

    id: Mapped[BigId]
    statement_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("statements.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[Moment]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    note: Mapped[str | None] = mapped_column(Sealed("statement_events.note"))


class StatementTheme(Base):
    """That somebody, or the machine, says what a statement is about, or (`refused`) is not about."""

    __tablename__ = "statement_themes"
    __table_args__ = (CheckConstraint(f"source in ({SOURCES})", name="source"),)

    id: Mapped[BigId]
    statement_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("statements.id", ondelete="CASCADE"), index=True
    )
    theme: Mapped[str] = mapped_column(String(60), index=True)
    source: Mapped[str] = mapped_column(String(8))
    refused: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    confidence: Mapped[float | None] = mapped_column(Float)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    at: Mapped[Moment]
