"""Whether somebody can be reached on Telegram: noted when it changes, and their adviser told once."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import effects
from bot.engine import Engine
from people import routing
from safeguarding.levels import Level
from storage import chats, reaching
from storage.tables import Chat, Message

#: safety.md FT-16: blocked soon after danger is itself something to look at.
BLOCKED_MATTERS_FOR = timedelta(days=7)
#: An adviser hears of the same person once in this time, however often they come and go.
TOLD_ONCE_IN = timedelta(days=1)
#: Which kind of task each reason is; one word for the adviser's list.
TASKS = {"blocked": "blocked", "deactivated": "not_delivered", "no_chat": "not_delivered"}


def note_reachable(session: Session, chat: Chat, now: datetime) -> None:
    """Note that we hear from them. The caller commits."""
    if chat.unreachable_at is None:
        return
    chat.unreachable_at = chat.unreachable_why = None
    if chat.person_id is not None:
        for kind in set(TASKS.values()):
            reaching.close_task(session, chat.person_id, kind, now)


def note_unreachable(session: Session, engine: Engine, chat: Chat, why: str, now: datetime) -> None:
    """Note that nothing reaches them, and why. The caller commits.

    Their adviser gets one task; after danger it is itself a worry, and a flag (FT-16).
    """
    if chat.unreachable_at is not None:
        return
    chat.unreachable_at, chat.unreachable_why = now, why
    _tell_adviser(session, engine, chat, why, now)
    levels = chats.levels_since(session, chat, now - BLOCKED_MATTERS_FOR)
    if any(Level(level).at_least(Level.SAME_DAY) for level in levels):
        _raise(session, engine, chat, now)


def _tell_adviser(session: Session, engine: Engine, chat: Chat, why: str, now: datetime) -> None:
    if chat.person is None:
        return
    due = routing.due(engine.rota(chat.person.council, session), now)
    tried = {"at": now.isoformat(), "what": "message", "came": why}
    reaching.give_task(
        session, chat.person, TASKS[why], tried, once_in=TOLD_ONCE_IN, due_at=due, now=now
    )


def _raise(session: Session, engine: Engine, chat: Chat, now: datetime) -> None:
    message = Message(chat_id=chat.id, direction="in", kind="blocked", at=now)
    session.add(message)
    session.flush()
    sign = effects.unscreened("blocked_after_danger", Level.SAME_DAY)
    effects.flag(session, engine, chat, message, sign, now)
