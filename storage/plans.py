"""What is agreed with each person about when we write first, and what they answered so far."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, joinedload

from storage.tables import Chat, CheckInAnswer, Circumstance, Due, Flag, Person, Plan
from storage.tables.keeping_in_touch import DueKind, DueState

#: More than the rules ever look back.
FEW = 12


def of(session: Session, person_id: uuid.UUID) -> Plan | None:
    """Return the plan of a person, when one was made."""
    return session.get(Plan, person_id)


def locked(session: Session, person_id: uuid.UUID) -> Plan | None:
    """Return the plan of a person and hold it until the caller commits."""
    return session.scalar(select(Plan).where(Plan.person_id == person_id).with_for_update())


def if_free(session: Session, person_id: uuid.UUID) -> Plan | None:
    """Return the plan of a person, held until the caller commits; None while somebody else holds it.

    Never waits: whoever holds it may be waiting for a row that we hold.
    """
    return session.scalar(
        select(Plan).where(Plan.person_id == person_id).with_for_update(skip_locked=True)
    )


def person_without(session: Session) -> Person | None:
    """Return somebody who has joined a chat and has no plan yet. Held until the caller commits."""
    return session.scalar(
        select(Person)
        .join(Chat, Chat.person_id == Person.id)
        .where(~exists().where(Plan.person_id == Person.id))
        .limit(1)
        .with_for_update(skip_locked=True, of=Person)
    )


def next_to_look_at(session: Session, now: datetime) -> Plan | None:
    """Return the plan that has waited longest to be looked at, with whose it is; other planners skip it."""
    return session.scalar(
        select(Plan)
        .options(joinedload(Plan.person, innerjoin=True))
        .where(Plan.plan_again_at <= now)
        .order_by(Plan.plan_again_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=Plan)
    )


def chat_of(session: Session, person_id: uuid.UUID) -> Chat | None:
    """Return the chat that a person joined from."""
    return session.scalar(select(Chat).where(Chat.person_id == person_id))


def asked(session: Session, person_id: uuid.UUID) -> list[str]:
    """Return what they were asked in check-ins, newest first."""
    return list(
        session.scalars(
            select(Due.what)
            .where(
                Due.person_id == person_id,
                Due.kind == DueKind.CHECK_IN,
                Due.state == DueState.SENT,
            )
            .order_by(Due.due_at.desc(), Due.id.desc())
            .limit(FEW)
        )
    )


def last_turn_at(session: Session, person_id: uuid.UUID) -> datetime | None:
    """Return when it was last their turn to be asked, whether or not that was sent."""
    return session.scalar(
        select(func.max(Due.due_at)).where(
            Due.person_id == person_id,
            Due.kind == DueKind.CHECK_IN,
            Due.state.in_((DueState.SENT, DueState.SKIPPED, DueState.EXPIRED)),
        )
    )


def feelings(session: Session, person_id: uuid.UUID) -> list[int]:
    """Return the faces they picked, newest first."""
    rows = session.scalars(
        select(CheckInAnswer.feeling)
        .where(CheckInAnswer.person_id == person_id, CheckInAnswer.feeling.is_not(None))
        .order_by(CheckInAnswer.id.desc())
        .limit(FEW)
    )
    return [one for one in rows if one is not None]


def last_answer_at(session: Session, person_id: uuid.UUID) -> datetime | None:
    """Return when they last answered a check-in."""
    return session.scalar(
        select(func.max(CheckInAnswer.at)).where(CheckInAnswer.person_id == person_id)
    )


def levels_open(
    session: Session, chat: Chat, *visible: ColumnElement[bool], at: datetime | None = None
) -> frozenset[str]:
    """Return the levels of the flags that are open in a chat, or were at a moment: those that are visible."""
    still: ColumnElement[bool] = Flag.closed_at.is_(None)
    if at is not None:
        still = (Flag.raised_at <= at) & (still | (Flag.closed_at >= at))
    return frozenset(
        session.scalars(select(Flag.level).where(Flag.chat_id == chat.id, still, *visible))
    )


def circumstances(session: Session, person_id: uuid.UUID, now: datetime) -> list[Circumstance]:
    """Return what is so with somebody now: in hospital, in custody, bereaved, left alone."""
    return list(
        session.scalars(
            select(Circumstance).where(
                Circumstance.person_id == person_id,
                Circumstance.since <= now,
                Circumstance.until.is_(None) | (Circumstance.until > now),
            )
        )
    )


def look_again(plan: Plan, now: datetime) -> None:
    """Let the planner look at a plan in a day. The caller commits."""
    plan.plan_again_at = now + timedelta(days=1)
