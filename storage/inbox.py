"""The inbox: raw updates saved once, and handed out one chat at a time, in order."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.tables import Update


def save(
    session: Session,
    bot_id: int,
    updates: Sequence[tuple[bytes, dict[str, Any]]],
    now: datetime,
) -> int:
    """Save raw updates, each with its chat's index; return how many are new.

    One that Telegram repeats is ignored by its key. The caller commits before telling
    Telegram anything (safety.md SEC-50).
    """
    if not updates:
        return 0
    rows = [
        {
            "bot_id": bot_id,
            "update_id": raw["update_id"],
            "telegram_index": index,
            "raw": json.dumps(raw, ensure_ascii=True),
            "received_at": now,
        }
        for index, raw in updates
    ]
    saved = session.scalars(
        insert(Update)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["bot_id", "update_id"])
        .returning(Update.id)
    )
    return len(saved.all())


def waiting_chats(session: Session, limit: int = 500) -> list[bytes]:
    """Return the indexes of chats with something unhandled, longest waiting first."""
    return list(
        session.scalars(
            select(Update.telegram_index)
            .where(Update.handled_at.is_(None))
            .group_by(Update.telegram_index)
            .order_by(func.min(Update.id))
            .limit(limit)
        )
    )


def next_for(session: Session, index: bytes) -> Update | None:
    """Return the oldest unhandled update of a chat."""
    return session.scalar(
        select(Update)
        .where(Update.telegram_index == index, Update.handled_at.is_(None))
        .order_by(Update.id)
        .limit(1)
    )


def oldest_unhandled_at(session: Session) -> datetime | None:
    """Return when the oldest unhandled update was received."""
    return session.scalar(select(func.min(Update.received_at)).where(Update.handled_at.is_(None)))
