"""Actions, surveys and the messages to many: who raised what, who is due one, why somebody got none."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from storage.tables import Action, Chat, Flag, HearBack, Person, Push, Raised, Statement, Survey
from storage.tables.hearing_back import PushState
from storage.tables.statements import StatementState

SERIOUS = ("immediate", "same_day")


def by_reference(session: Session, reference: str) -> Action | None:
    """Return an action, held until the caller commits."""
    query = select(Action).where(Action.reference == reference.upper())
    return session.scalar(query.with_for_update())


def listed(session: Session, council: str | None = None) -> list[Action]:
    """Return the actions of a council, or all, newest first."""
    query = select(Action).order_by(Action.id.desc())
    if council is not None:
        query = query.where(Action.council == council)
    return list(session.scalars(query))


def published(session: Session, council: str, most: int, skip: int = 0) -> list[Action]:
    """Return what everybody may read of a council, newest first."""
    query = (
        select(Action)
        .where(Action.council == council, Action.published_at.is_not(None))
        .order_by(Action.published_at.desc(), Action.id.desc())
    )
    return list(session.scalars(query.limit(most).offset(skip)))


def who_raised(session: Session, action: Action) -> list[Chat]:
    """Return the chats of everybody who raised the theme of an action and wants to hear back.

    Only who is linked: a stranger's chat is nobody's.
    """
    query = (
        select(Chat)
        .join(Raised, Raised.chat_id == Chat.id)
        .join(HearBack, HearBack.chat_id == Chat.id)
        .where(
            Raised.theme == action.theme,
            Raised.council == action.council,
            HearBack.wanted,
            Chat.person_id.is_not(None),
        )
        .order_by(Chat.id)
    )
    return list(session.scalars(query))


def people_in(session: Session, council: str) -> list[tuple[Person, Chat | None]]:
    """Return everybody of a council, with their chat when they are linked."""
    query = (
        select(Person, Chat)
        .join(Chat, Chat.person_id == Person.id, isouter=True)
        .where(Person.council == council)
        .order_by(Person.added_at, Person.id)
    )
    return [(person, chat) for person, chat in session.execute(query)]


def serious_flag_open(session: Session, chat: Chat) -> bool:
    """Whether a flag that must be read the same day or sooner is open."""
    query = select(
        exists().where(Flag.chat_id == chat.id, Flag.closed_at.is_(None), Flag.level.in_(SERIOUS))
    )
    return bool(session.scalar(query))


def asked_since(session: Session, chat: Chat, scenario: str, since: datetime) -> bool:
    """Whether somebody was sent this survey, or made such a statement themselves, since a moment."""
    sent = exists().where(
        Push.survey_id == Survey.id,
        Survey.scenario == scenario,
        Push.chat_id == chat.id,
        Push.state != PushState.NOT_SENT,
        Push.made_at >= since,
    )
    told = exists().where(
        Statement.chat_id == chat.id,
        Statement.scenario == scenario,
        Statement.state != StatementState.DRAFT,
        Statement.began_at >= since,
    )
    return bool(session.scalar(select(sent | told)))


def in_a_statement(session: Session, chat: Chat) -> bool:
    """Whether somebody is in the middle of telling us something."""
    query = select(
        exists().where(
            Statement.chat_id == chat.id,
            Statement.state == StatementState.DRAFT,
            Statement.rested_at.is_(None),
        )
    )
    return bool(session.scalar(query))


def next_due(session: Session, now: datetime) -> Push | None:
    """Return the next message to one of many that is due. Two schedulers never take the same."""
    return session.scalar(
        select(Push)
        .where(Push.state == PushState.WAITING, Push.due_at <= now)
        .order_by(Push.due_at, Push.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def surveys(session: Session, council: str, most: int) -> list[tuple[Survey, dict[str, int]]]:
    """Return the newest surveys of a council, each with how many messages are in which state."""
    query = select(Survey).where(Survey.council == council).order_by(Survey.id.desc()).limit(most)
    found = list(session.scalars(query))
    name = func.coalesce(Push.reason, Push.state)
    counts: dict[int | None, dict[str, int]] = {}
    rows = session.execute(
        select(Push.survey_id, name, func.count())
        .where(Push.survey_id.in_([one.id for one in found]))
        .group_by(Push.survey_id, name)
    )
    for survey_id, state, count in rows:
        counts.setdefault(survey_id, {})[state] = count
    return [(one, counts.get(one.id, {})) for one in found]


def outcome(pushes: Sequence[Push]) -> dict[str, int]:
    """Return how many messages are in which state, by the reason where there is one."""
    counts: dict[str, int] = {}
    for one in pushes:
        name = str(one.reason or one.state)
        counts[name] = counts.get(name, 0) + 1
    return counts


def reviewed_since(person: Person, since: date | None) -> bool:
    """Whether somebody had a review on a day or after it; everybody when no day is given."""
    return since is None or (person.reviewed_on is not None and person.reviewed_on >= since)
