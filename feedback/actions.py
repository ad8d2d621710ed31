"""You said, we did: what the council did about a theme, and telling everybody who raised it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content.themes import load_themes
from feedback import pushing
from people.hours import LONDON
from storage import actions
from storage.tables import Action, Push, Staff
from storage.tables.base import new_reference
from storage.tables.hearing_back import ActionStatus, PushState
from storage.tables.people import Role

LONGEST_TITLE, LONGEST_DID = 120, 600
#: Whose work it is to say what the council did.
WRITERS = frozenset({Role.PARTICIPATION, Role.MANAGER})


class ActionError(Exception):
    """An action cannot be kept or published as asked; the sentence says why."""


@dataclass(frozen=True)
class Change:
    """What to change of an action; what is None stays as it is."""

    title: str | None = None
    did: str | None = None
    status: str | None = None
    minute: str | None = None
    due_on: date | None = None
    done_on: date | None = None
    owner: Staff | None = None


def add(
    session: Session,
    member: Staff,
    theme: str,
    council: str,
    title: str,
    change: Change,
    now: datetime,
) -> Action:
    """Keep what the council means to do, or did, about a theme. Raises ActionError."""
    _may_write(member, council)
    if theme not in load_themes():
        message = f"There is no theme {theme}. `kith themes list` shows them."
        raise ActionError(message)
    action = Action(
        reference=new_reference("A"),
        theme=theme,
        council=council,
        title=title,
        status=ActionStatus.PLANNED,
        owner_id=member.id,
        made_at=now,
        changed_at=now,
    )
    _apply(action, Change(**{**vars(change), "title": title}))
    session.add(action)
    session.flush()
    return action


def update(action: Action, member: Staff, change: Change, now: datetime) -> None:
    """Change an action. Raises ActionError."""
    _may_write(member, action.council)
    _apply(action, change)
    action.changed_at = now


def _apply(action: Action, change: Change) -> None:
    if change.status is not None and change.status not in set(ActionStatus):
        message = f"The status must be one of {', '.join(ActionStatus)}."
        raise ActionError(message)
    _fits(change.title, LONGEST_TITLE, "title")
    _fits(change.did, LONGEST_DID, "text of what was done")
    for name in ("title", "did", "status", "minute", "due_on", "done_on"):
        value = getattr(change, name)
        if value is not None:
            setattr(action, name, value)
    if change.owner is not None:
        action.owner_id = change.owner.id


def _fits(text: str | None, most: int, what: str) -> None:
    if text is not None and not 0 < len(text.strip()) <= most:
        message = f"The {what} needs between 1 and {most} characters."
        raise ActionError(message)


def _may_write(member: Staff, council: str) -> None:
    if member.role not in WRITERS or member.council != council:
        raise ActionError("Only the participation team and managers of that council may do that.")


def publish(
    session: Session, action: Action, member: Staff, now: datetime, zone: ZoneInfo = LONDON
) -> list[Push]:
    """Let everybody read an action, and tell once whoever raised its theme. The caller commits.

    Who raised it and wants to hear back is told by day, if nothing speaks against it then. Raises
    ActionError for one without words, or one that is published already.
    """
    _may_write(member, action.council)
    if action.published_at is not None:
        message = f"{action.reference} is published already. Nobody is told twice."
        raise ActionError(message)
    if not action.did:
        raise ActionError("Say first what was done, in words for young people: --did.")
    action.published_at, action.published_by_id = now, member.id
    pushes = [
        Push(
            action_id=action.id,
            chat_id=chat.id,
            person_id=chat.person_id,
            state=PushState.WAITING,
            made_at=now,
            due_at=pushing.by_day(now, zone),
        )
        for chat in actions.who_raised(session, action)
    ]
    session.add_all(pushes)
    session.flush()
    return pushes
