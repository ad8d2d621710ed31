"""Announcements: what staff write to many, who may have it, and who wants news of what kind."""

import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import BlindIndex, Sealed
from storage.tables.base import Base, BigId, Moment
from storage.tables.people import Staff


class EventState(StrEnum):
    """How far an announcement has come. Its people are rows of `due_contacts`."""

    DRAFT = "draft"
    SENDING = "sending"
    CANCELLED = "cancelled"


class Event(Base):
    """One announcement: a job fair, a forum, or news without a date. Changing it undoes its approval."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'sending', 'cancelled')", name="state"),
        CheckConstraint("approved_by_id <> made_by_id", name="approved_by_another"),
        CheckConstraint("oldest >= youngest", name="ages"),
    )

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    council: Mapped[str] = mapped_column(String(40))
    interest: Mapped[str] = mapped_column(String(30))
    place: Mapped[str | None] = mapped_column(String(60))
    youngest: Mapped[int] = mapped_column(SmallInteger)
    oldest: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(Sealed("events.title"))
    words: Mapped[str] = mapped_column(Sealed("events.words"))
    happens_at: Mapped[Moment | None]
    state: Mapped[str] = mapped_column(String(10), default="draft", server_default="draft")
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[Moment]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[Moment | None]
    sent_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    sent_at: Mapped[Moment | None]
    #: Not sent later than this: the event itself, or a week after the news.
    last_at: Mapped[Moment | None]
    cancelled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    cancelled_at: Mapped[Moment | None]

    made_by: Mapped[Staff] = relationship(foreign_keys=[made_by_id])


class Interest(Base):
    """That a person asked for news of a kind, or of a place. Without one they get none."""

    __tablename__ = "interests"

    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    #: An interest's id, or `place:` and a place.
    name: Mapped[str] = mapped_column(String(66), primary_key=True)
    since: Mapped[Moment]


class TrialChat(Base):
    """The chat in which a member of staff gets test messages. Joined by a one-time code."""

    __tablename__ = "trial_chats"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    code_index: Mapped[bytes | None] = mapped_column(BlindIndex, unique=True)
    code_until: Mapped[Moment | None]
    chat_id: Mapped[int | None] = mapped_column(
        ForeignKey("chats.id", ondelete="SET NULL"), unique=True
    )
