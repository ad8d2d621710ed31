"""How well the service is: ages, never a flag that says "running" (safety.md REL-02)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from storage import asked, due, health, hearing_back, inbox, outbox
from storage.database import Database
from storage.tables import Flag
from storage.tables.outbox import Lane

#: Past these ages something is wrong and a person should be woken (safety.md 1.4, HZ-03).
LIMITS = {
    "last_poll": timedelta(minutes=2),
    "oldest_unhandled_update": timedelta(minutes=1),
    "oldest_unsent_safety_reply": timedelta(minutes=1),
    "oldest_unopened_flag": None,
    "last_tick": timedelta(minutes=2),
    "oldest_due_contact": timedelta(minutes=15),
}


class RotaState(StrEnum):
    """Whether every council has somebody on duty on its next working day. It wakes nobody by itself."""

    FILLED = "somebody is on duty on the next working day"
    EMPTY = "nobody is on duty on the next working day"


@dataclass(frozen=True)
class Ages:
    """What the service knows of itself. An age of None means that there is nothing of the kind."""

    ages: dict[str, timedelta | None] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    database: bool = False
    model: bool = False
    expects_poll: bool = True

    @property
    def well(self) -> bool:
        """Whether all is as it should be. Without the model the service still answers danger."""
        return self.database and self.model and not self.late()

    def late(self) -> list[str]:
        """Return what is older than it may be."""
        found = []
        for name, limit in LIMITS.items():
            age = self.ages.get(name)
            if name == "last_poll" and not self.expects_poll:
                continue
            never = name in {"last_poll", "last_tick"} and age is None
            if limit is not None and (never or (age is not None and age > limit)):
                found.append(name)
        return found

    def seconds(self) -> dict[str, float | None]:
        """Return the ages in seconds."""
        return {
            name: None if age is None else age.total_seconds() for name, age in self.ages.items()
        }

    def as_dict(self) -> dict[str, object]:
        """Return what `/readyz` says."""
        return {
            "ready": self.well,
            "database": "up" if self.database else "down",
            "model": "up" if self.model else "down",
            "late": self.late(),
            "ages_in_seconds": self.seconds(),
            "counts": self.counts,
            "rota": RotaState.EMPTY if self.counts.get("empty_rotas") else RotaState.FILLED,
        }


def measure(
    database: Database | None,
    model_up: Callable[[], bool],
    now: datetime,
    *,
    expects_poll: bool,
    empty_rotas: Callable[[Session, datetime], int] = lambda _session, _now: 0,
) -> Ages:
    """Return the ages as of now. A database that does not answer is a finding, not an error."""
    model = model_up()
    if database is None:
        return Ages(
            dict.fromkeys(LIMITS),
            database=False,
            model=model,
            expects_poll=expects_poll,
        )
    try:
        with database.transaction() as session:
            beats = health.last_beats(session)
            ticks = [at for part, at in beats.items() if part.startswith("tick.")]
            moments = {
                "last_poll": beats.get("poll"),
                "oldest_unhandled_update": inbox.oldest_unhandled_at(session),
                "oldest_unsent_safety_reply": outbox.oldest_unsent_at(session, Lane.SAFETY),
                "oldest_unopened_flag": session.scalar(
                    select(func.min(Flag.raised_at)).where(
                        Flag.opened_at.is_(None), Flag.closed_at.is_(None)
                    )
                ),
                "oldest_unsent_message": outbox.oldest_unsent_at(session, Lane.REPLY),
                "oldest_unsent_letter": health.oldest_letter_at(session),
                "last_tick": max(ticks, default=None),
                "oldest_due_contact": due.oldest_due_at(session, now),
            }
            counts = {
                "overdue_statements": hearing_back.count_overdue(session, now),
                "empty_rotas": empty_rotas(session, now),
                "overdue_questions": asked.count_overdue(session, now),
            }
    except (SQLAlchemyError, OSError):
        return Ages(
            dict.fromkeys(LIMITS),
            database=False,
            model=model,
            expects_poll=expects_poll,
        )
    return Ages(
        {name: None if at is None else now - at for name, at in moments.items()},
        counts,
        database=True,
        model=model,
        expects_poll=expects_poll,
    )
