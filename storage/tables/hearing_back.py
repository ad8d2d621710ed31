"""What comes back to young people: actions, questions to the council, surveys, and who is told."""

import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import Sealed
from storage.tables.base import Base, BigId, Moment
from storage.tables.chats import Chat
from storage.tables.people import Staff


class ActionStatus(StrEnum):
    """How far the council is with something it promised."""

    PLANNED = "planned"
    IN_HAND = "in_hand"
    DONE = "done"
    CANNOT = "cannot"


class AskedState(StrEnum):
    """Where a question to the council stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    ANSWERED = "answered"


class PushState(StrEnum):
    """What became of a message to one of many. It is sent at most once."""

    WAITING = "waiting"
    SENT = "sent"
    NOT_SENT = "not_sent"


STATUSES = ", ".join(f"'{one}'" for one in ActionStatus)
ASKED_STATES = ", ".join(f"'{one}'" for one in AskedState)
PUSH_STATES = ", ".join(f"'{one}'" for one in PushState)


class Action(Base):
    """What the council did about a theme: "you said, we did". Staff write it to be read by all."""

    __tablename__ = "actions"
    __table_args__ = (CheckConstraint(f"status in ({STATUSES})", name="status"),)

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    theme: Mapped[str] = mapped_column(String(60), index=True)
    council: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(120))
    did: Mapped[str | None] = mapped_column(String(600))
    minute: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(8))
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    made_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    due_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    published_at: Mapped[Moment | None] = mapped_column(index=True)
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))

    owner: Mapped[Staff] = relationship(foreign_keys=[owner_id])


class Asked(Base):
    """A question to councillors or managers. Staff read it without knowing whose it is.

    `words` are what was written; `put` is how it is published, which may be reworded so that it
    gives nobody away.
    """

    __tablename__ = "asked"
    __table_args__ = (
        CheckConstraint(f"state in ({ASKED_STATES})", name="state"),
        Index(
            "ix_asked_open", "asked_at", postgresql_where=text("state in ('waiting', 'approved')")
        ),
    )

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    chat_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="SET NULL"), index=True
    )
    council: Mapped[str] = mapped_column(String(40), index=True)
    state: Mapped[str] = mapped_column(String(8))
    words: Mapped[str | None] = mapped_column(Sealed("asked.words"))
    put: Mapped[str | None] = mapped_column(Sealed("asked.put"))
    why: Mapped[str | None] = mapped_column(Sealed("asked.why"))
    answer: Mapped[str | None] = mapped_column(Sealed("asked.answer"))
    answered_by: Mapped[str | None] = mapped_column(String(80))
    asked_at: Mapped[Moment]
    due_at: Mapped[Moment]
    moderated_at: Mapped[Moment | None]
    moderated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[Moment | None] = mapped_column(index=True)
    kept_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))

    chat: Mapped[Chat | None] = relationship()


class Survey(Base):
    """That a scenario was sent to a group: which, to whom, by whom and when."""

    __tablename__ = "surveys"

    id: Mapped[BigId]
    scenario: Mapped[str] = mapped_column(String(40), index=True)
    council: Mapped[str] = mapped_column(String(40))
    youngest: Mapped[int | None] = mapped_column(SmallInteger)
    oldest: Mapped[int | None] = mapped_column(SmallInteger)
    had_review_since: Mapped[date | None] = mapped_column(Date)
    sent_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[Moment]


class Push(Base):
    """One message of many, to one chat: about an action or a survey. A reason stands where none went."""

    __tablename__ = "pushes"
    __table_args__ = (
        CheckConstraint(f"state in ({PUSH_STATES})", name="state"),
        CheckConstraint("num_nonnulls(action_id, survey_id) = 1", name="one_subject"),
        UniqueConstraint("action_id", "chat_id"),
        UniqueConstraint("survey_id", "person_id"),
        Index("ix_pushes_due", "due_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[BigId]
    action_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("actions.id", ondelete="CASCADE")
    )
    survey_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("surveys.id", ondelete="CASCADE")
    )
    chat_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(20))
    made_at: Mapped[Moment]
    due_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]


class HearBack(Base):
    """Whether somebody wants to be told what changed because of what they said."""

    __tablename__ = "hear_backs"

    chat_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True
    )
    wanted: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[Moment]


class Raised(Base):
    """That somebody raised a theme in a council: no words, no statement, so that they can be told.

    A statement is cut off from its name long before the council has done something about it.
    """

    __tablename__ = "raised"

    chat_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[str] = mapped_column(String(60), primary_key=True)
    council: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[Moment]


class Look(Base):
    """That a member of staff read a young person's words: who, what and when."""

    __tablename__ = "looks"

    id: Mapped[BigId]
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )
    chat_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("chats.id", ondelete="SET NULL"), index=True
    )
    what: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(10))
    at: Mapped[Moment] = mapped_column(index=True)
