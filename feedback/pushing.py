"""A message to one of many: what was changed, or a survey. Sent once, by day, and never at a bad moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content.library import Library
from content.themes import load_themes
from people.hours import LONDON
from storage import actions, saying
from storage.saying import Press, Saying
from storage.tables import Action, Chat, Push, Survey
from storage.tables.hearing_back import PushState
from storage.tables.outbox import Lane

#: Nobody is written to between 9 in the evening and 9 in the morning.
QUIET_FROM, QUIET_UNTIL = time(21), time(9)
#: What could not be sent within this is not news any more.
TOO_LATE = timedelta(days=7)


#: The topic that somebody turns off to get no surveys. What we did with their words is none.
SURVEY, ANYTHING = "survey", ""


@dataclass(frozen=True)
class Sparing:
    """What keeping in touch knows about leaving somebody alone. It is our neighbour: `wiring` joins us.

    `why_held` is asked with the topic, `allowed_at` says when their own quiet hours end.
    """

    why_held: Callable[[Session, Chat, str, datetime], str | None]
    allowed_at: Callable[[Session, Chat, ZoneInfo, datetime], datetime]


def by_day(now: datetime, zone: ZoneInfo = LONDON) -> datetime:
    """Return now, or when the quiet hours end, by the clock on their wall."""
    local = now.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, zone).astimezone(now.tzinfo)


def why_not(session: Session, chat: Chat | None, now: datetime) -> str | None:
    """Return why somebody is not written to now, or None when they may be."""
    if chat is None:
        return "not_linked"
    if chat.stopped_at is not None:
        return "stopped"
    if chat.unreachable_at is not None:
        return "unreachable"
    if chat.paused_until is not None and chat.paused_until > now:
        return "paused"
    if chat.held_until is not None and chat.held_until > now:
        return "held"
    return "flag_open" if actions.serious_flag_open(session, chat) else None


def send_next(
    session: Session,
    library: Library,
    sparing: Sparing,
    now: datetime,
    zone: ZoneInfo = LONDON,
) -> bool:
    """Send the next message that is due, or write down why not; return False when none is due.

    At most once: it counts as sent before it leaves, and goes in the lane that is never repeated.
    """
    push = actions.next_due(session, now)
    if push is None:
        return False
    chat = session.get(Chat, push.chat_id) if push.chat_id else None
    later = by_day(now, zone)
    if chat is not None:
        later = sparing.allowed_at(session, chat, zone, later)
    if later > now:
        push.due_at = later
        return True
    reason = _why_not(session, sparing, push, chat, now)
    push.settled_at = now
    if reason is not None or chat is None:
        push.state, push.reason = PushState.NOT_SENT, reason
        return True
    push.state = PushState.SENT
    said = _saying(session, library, push)
    saying.say(session, chat, said, lane=Lane.BULK, once_key=f"push{push.id}", now=now)
    return True


def _why_not(
    session: Session, sparing: Sparing, push: Push, chat: Chat | None, now: datetime
) -> str | None:
    if now - push.made_at > TOO_LATE:
        return "too_late"
    ours = why_not(session, chat, now)
    if ours is not None or chat is None:
        return ours
    if push.survey_id and actions.in_a_statement(session, chat):
        return "in_a_statement"
    return sparing.why_held(session, chat, SURVEY if push.survey_id else ANYTHING, now)


def _saying(session: Session, library: Library, push: Push) -> Saying:
    if push.action_id is not None:
        return about_action(library, session.get_one(Action, push.action_id))
    return about_survey(library, session.get_one(Survey, push.survey_id).scenario)


def about_survey(library: Library, scenario: str) -> Saying:
    """Return what everybody who is sent a survey reads."""
    text = library.say("survey.invite", title=library.scenarios[scenario].title)
    start = Press(library.label("survey_start"), f"survey:{scenario}")
    return Saying("survey.invite", text, ((start, Press(library.label("survey_no"), "survey:no")),))


def about_action(library: Library, action: Action) -> Saying:
    """Return what everybody who raised a theme is told about an action."""
    text = library.say(
        "wedid.push",
        theme=load_themes()[action.theme].title,
        title=action.title,
        did=action.did or "",
    )
    row = (
        Press(library.label("we_did"), "wedid:0"),
        Press(library.label("hear_stop"), "hear:no"),
    )
    return Saying("wedid.push", text, (row,))
