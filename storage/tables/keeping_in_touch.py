"""Keeping in touch: what was agreed, what is due, what came back, and who was in touch when."""

import uuid
from collections.abc import Collection
from datetime import date, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    TextClause,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.encryption import Sealed, SealedJson
from storage.tables.base import Base, BigId, Moment
from storage.tables.people import Person, Staff


class Every(StrEnum):
    """How often somebody wants to be asked how they are, most often first."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class DueKind(StrEnum):
    """Why we write first. Each is a topic that somebody can turn off."""

    CHECK_IN = "check_in"
    NUDGE = "nudge"
    RIGHTS_DATE = "rights_date"
    IN_TOUCH = "in_touch"
    SURVEY = "survey"
    EVENT = "event"
    BIRTHDAY = "birthday"


class DueState(StrEnum):
    """What became of something due. Whatever is not sent has a reason."""

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class ContactKind(StrEnum):
    """How somebody was in touch. A message from Kith is never a visit."""

    BOT = "bot"
    CALL = "call"
    VISIT = "visit"
    MESSAGE = "message"
    OTHER = "other"


class Status(StrEnum):
    """The DfE's terms for a birthday window."""

    IN_TOUCH = "in_touch"
    NOT_IN_TOUCH = "not_in_touch"
    RETURNED_HOME = "returned_home"
    NO_LONGER_REQUIRES = "no_longer_requires_services"


#: What the tick of check-ins claims, and what the tick of announcements does.
OUR_TURN = (
    DueKind.CHECK_IN,
    DueKind.NUDGE,
    DueKind.RIGHTS_DATE,
    DueKind.IN_TOUCH,
    DueKind.BIRTHDAY,
)
EVENTS = (DueKind.EVENT,)


def waiting(kinds: Collection[str]) -> TextClause:
    """Return the words of an index over what waits of some kinds, and of the question that it answers."""
    named = ", ".join(f"'{kind}'" for kind in kinds)
    return text(f"state = '{DueState.WAITING}' and kind in ({named})")


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({allowed})", name=column)


class Plan(Base):
    """What is agreed with one person about when we write first. Times are local wall time.

    Every change makes the version one higher: what was due under an older one is not sent.
    """

    __tablename__ = "plans"
    __table_args__ = (
        _one_of("every", Every),
        CheckConstraint("set_by in ('standard', 'person', 'staff')", name="set_by"),
        CheckConstraint("weekday between 0 and 6", name="weekday"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(Integer)
    every: Mapped[str] = mapped_column(String(12))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[time] = mapped_column(Time)
    topics_off: Mapped[list[str]] = mapped_column(
        ARRAY(String(12)), default=list, server_default="{}"
    )
    quiet_from: Mapped[time] = mapped_column(Time)
    quiet_to: Mapped[time] = mapped_column(Time)
    lesson_days: Mapped[list[int]] = mapped_column(
        ARRAY(SmallInteger), default=list, server_default="{}"
    )
    lessons_from: Mapped[time | None] = mapped_column(Time)
    lessons_to: Mapped[time | None] = mapped_column(Time)
    snoozed_until: Mapped[Moment | None]
    #: Set when nobody answered the number of times we ask; cleared when we hear from them.
    asking_stopped_at: Mapped[Moment | None]
    #: When we last offered to ask less, so that nobody is offered it each time.
    offered_less_at: Mapped[Moment | None]
    pathway_review_on: Mapped[date | None] = mapped_column(Date)
    set_by: Mapped[str] = mapped_column(String(8))
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[Moment]
    #: Which date of birth and version the rows in `due_contacts` were planned from.
    planned_from: Mapped[str | None] = mapped_column(Sealed("plans.planned_from"))
    #: The planner looks at a plan again from this moment on.
    plan_again_at: Mapped[Moment] = mapped_column(index=True)

    person: Mapped[Person] = relationship()


class Due(Base):
    """One contact to come: sent at most once, or kept with the reason why it was not."""

    __tablename__ = "due_contacts"
    __table_args__ = (
        _one_of("kind", DueKind),
        _one_of("state", DueState),
        CheckConstraint(
            "state in ('waiting', 'sent') or reason is not null", name="reason_when_not_sent"
        ),
        Index("ix_due_contacts_due", "due_at", "id", postgresql_where=text("state = 'waiting'")),
        # One for each that claims, holding exactly what it asks for: with the kind as a filter, the
        # database may read and sort all that waits instead of taking the first.
        Index("ix_due_contacts_our_turn", "due_at", "id", postgresql_where=waiting(OUR_TURN)),
        Index("ix_due_contacts_events", "due_at", "id", postgresql_where=waiting(EVENTS)),
        Index("ix_due_contacts_person_id_due_at", "person_id", "due_at"),
        Index(
            "ix_due_contacts_look_again",
            "look_again_at",
            "id",
            postgresql_where=text("look_again_at is not null"),
        ),
    )

    id: Mapped[BigId]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    #: The id of what is said: a question, a line of the rights calendar, an event.
    what: Mapped[str] = mapped_column(String(60))
    #: The check-in that a nudge is about.
    about_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("due_contacts.id", ondelete="CASCADE"), index=True
    )
    due_at: Mapped[Moment]
    #: Later than this it is not sent any more.
    expires_at: Mapped[Moment]
    #: The version of the plan it was planned under; null when it does not hang on one.
    version: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default="waiting", server_default="waiting")
    reason: Mapped[str | None] = mapped_column(String(40))
    #: What happens instead, when it was not sent.
    afterwards: Mapped[str | None] = mapped_column(String(40))
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    send_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("outbox.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]
    #: When something came back to it, and what: "answered", "one_word", "not_now" or "wrote".
    answered_at: Mapped[Moment | None]
    answer: Mapped[str | None] = mapped_column(String(10))
    #: When to look whether something came back; null when nothing is left to look for.
    look_again_at: Mapped[Moment | None]

    person: Mapped[Person] = relationship()


class CheckInAnswer(Base):
    """What somebody said when we asked. A category is "said by them" until staff confirm it."""

    __tablename__ = "check_in_answers"
    __table_args__ = (
        CheckConstraint("feeling between 1 and 5", name="feeling"),
        CheckConstraint("category_of in ('living', 'activity')", name="category_of"),
    )

    id: Mapped[BigId]
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    due_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("due_contacts.id", ondelete="SET NULL"), index=True
    )
    question: Mapped[str] = mapped_column(String(60))
    question_version: Mapped[int] = mapped_column(SmallInteger)
    feeling: Mapped[int | None] = mapped_column(SmallInteger)
    words: Mapped[str | None] = mapped_column(Sealed("check_in_answers.words"))
    #: When the last of the words came: what somebody says about them is about them as they then stood.
    words_at: Mapped[Moment | None]
    category_of: Mapped[str | None] = mapped_column(String(10))
    category: Mapped[str | None] = mapped_column(Sealed("check_in_answers.category"))
    at: Mapped[Moment] = mapped_column(index=True)
    confirmed_as: Mapped[str | None] = mapped_column(Sealed("check_in_answers.confirmed_as"))
    confirmed_at: Mapped[Moment | None]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))


class Circumstance(Base):
    """In hospital, in custody, bereaved, or paused by staff: a time in which we do not ask."""

    __tablename__ = "circumstances"

    id: Mapped[BigId]
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(Sealed("circumstances.kind"))
    since: Mapped[Moment]
    until: Mapped[Moment | None]
    noted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    noted_at: Mapped[Moment]


class Contact(Base):
    """One contact in the ledger. From the bot at most one a day; calls and visits by staff."""

    __tablename__ = "contacts"
    __table_args__ = (
        _one_of("kind", ContactKind),
        Index("ix_contacts_person_id_at", "person_id", "at"),
        Index(
            "uq_contacts_bot_day",
            "person_id",
            "on_day",
            unique=True,
            postgresql_where=text("kind = 'bot'"),
        ),
    )

    id: Mapped[BigId]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[Moment]
    #: The local day, for "at most one a day".
    on_day: Mapped[date] = mapped_column(Date)
    two_way: Mapped[bool] = mapped_column(Boolean)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    noted_at: Mapped[Moment]


class InTouch(Base):
    """The status of one birthday window. Its dates follow from the date of birth, which is sealed."""

    __tablename__ = "in_touch"
    __table_args__ = (
        _one_of("status", Status),
        UniqueConstraint("person_id", "birthday"),
        CheckConstraint("birthday between 17 and 21", name="birthday"),
    )

    id: Mapped[BigId]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    #: The age they turn.
    birthday: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(28))
    #: What it rests on: the kind of a contact and when, or that staff said so.
    evidence: Mapped[str] = mapped_column(String(20))
    evidence_at: Mapped[Moment | None]
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[Moment]


class Task(Base):
    """Something an adviser must do because Kith has tried what it can. An alert says that it is there."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint(
            "kind in ('silent', 'blocked', 'not_delivered', 'one_word', 'low', 'not_sent')",
            name="kind",
        ),
        # One open task of a kind for a person: nobody is told the same thing every day.
        Index(
            "uq_tasks_open",
            "person_id",
            "kind",
            unique=True,
            postgresql_where=text("closed_at is null"),
        ),
    )

    id: Mapped[BigId]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    #: What was tried: when, how, and what came of it. Never words.
    tried: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson("tasks.tried"))
    made_at: Mapped[Moment]
    due_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None] = mapped_column(String(60))

    person: Mapped[Person] = relationship()
    staff: Mapped[Staff | None] = relationship(foreign_keys=[staff_id])
