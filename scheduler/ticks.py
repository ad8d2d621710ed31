"""The table of ticks, and the APScheduler process that wakes them. Rows decide what is due, not timers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler

from scheduler import retention
from storage import health
from storage.database import Database

logger = structlog.get_logger()
#: Does one piece of due work; False when nothing is left.
Work = Callable[[datetime], bool]
MOST_ROUNDS = 10_000


@dataclass(frozen=True)
class Tick:
    """One kind of work: what it is called, how often we look, and what it does."""

    name: str
    every: timedelta
    work: Work


def table(database: Database, send_alerts: Work) -> tuple[Tick, ...]:
    """Return every tick there is."""

    def forget(now: datetime) -> bool:
        with database.transaction() as session:
            return retention.forget_next(session, now) > 0

    return (
        Tick("alerts", timedelta(seconds=10), send_alerts),
        Tick("retention", timedelta(minutes=10), forget),
    )


def run_due(database: Database, tick: Tick, now: datetime) -> None:
    """Run one tick until nothing is left, and leave a sign of life."""
    for _ in range(MOST_ROUNDS):
        if not tick.work(now):
            break
    with database.transaction() as session:
        health.beat(session, f"tick.{tick.name}", datetime.now(UTC))


def run_for_ever(database: Database, ticks: tuple[Tick, ...]) -> None:
    """Wake every tick at its pace, one at a time each, late rather than never."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    clock = BlockingScheduler(timezone=UTC, job_defaults=defaults)
    for tick in ticks:
        clock.add_job(
            _safely,
            "interval",
            (database, tick),
            seconds=tick.every.total_seconds(),
            next_run_time=datetime.now(UTC),
        )
    clock.start()


def _safely(database: Database, tick: Tick) -> None:
    """Run a tick; a failure is logged and the next one comes anyway."""
    try:
        run_due(database, tick, datetime.now(UTC))
    except Exception as error:  # noqa: BLE001 (the edge: one failed tick must not end the clock)
        logger.error(  # noqa: TRY400 (a traceback may hold what people wrote)
            "tick failed", tick=tick.name, failure=type(error).__name__
        )
