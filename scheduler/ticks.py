"""The table of ticks, and the APScheduler process that wakes them. Rows decide what is due, not timers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler import retention, watchdog
from scheduler.watchdog import Pulse
from storage import audit, health
from storage.database import Database

logger = structlog.get_logger()
#: Does one piece of due work; False when nothing is left.
Work = Callable[[datetime], bool]
Now = Callable[[], datetime]
#: More than there can be rows: what never says that nothing is left is a fault, and ends here.
MOST_ROUNDS = 1_000_000
#: A long run leaves a sign of life on its way, too.
BEAT_EVERY = 200


@dataclass(frozen=True)
class Tick:
    """One kind of work: what it is called, how often we look, and what it does."""

    name: str
    every: timedelta
    work: Work


def table(
    database: Database, send_alerts: Work, read_themes: Work, push: Work, *more: Tick
) -> tuple[Tick, ...]:
    """Return every tick there is."""

    def forget(now: datetime) -> bool:
        with database.transaction() as session:
            return retention.forget_next(session, now) > 0

    def write_audit(_now: datetime) -> bool:
        with database.transaction() as session:
            return audit.write_next(session)

    return (
        Tick("alerts", timedelta(seconds=10), send_alerts),
        *more,
        Tick("themes", timedelta(minutes=1), read_themes),
        Tick("pushes", timedelta(seconds=30), push),
        Tick("audit", timedelta(minutes=1), write_audit),
        Tick("retention", timedelta(minutes=10), forget),
    )


def utc_now() -> datetime:
    """Return the time. The clock of this process is read here and nowhere else."""
    return datetime.now(UTC)


def run_due(database: Database, tick: Tick, now: Now, pulse: Pulse | None = None) -> int:
    """Run one tick until nothing is left, leave signs of life, and return how much was done.

    The time is asked for again each round: a long run may reach into somebody's quiet hours.
    """
    done = 0
    while done < MOST_ROUNDS and tick.work(now()):
        done += 1
        if pulse is not None:
            pulse.beat(tick.name)
        if done % BEAT_EVERY == 0:
            _beat(database, tick)
    _beat(database, tick)
    return done


def _beat(database: Database, tick: Tick) -> None:
    with database.transaction() as session:
        health.beat(session, f"tick.{tick.name}", utc_now())


def run_once(database: Database, ticks: Iterable[Tick], now: datetime) -> None:
    """Run everything until nothing is due, as if at a time: one kind of work may make another due."""
    everything = tuple(ticks)
    while sum(run_due(database, one, lambda: now) for one in everything):
        continue


def run_for_ever(database: Database, ticks: tuple[Tick, ...]) -> None:
    """Wake every tick at its pace, one at a time each, late rather than never.

    Raises DeadTickError when one is stuck or the clock's own thread has died: whoever runs this
    process starts it again, and what was due is still due.
    """
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    clock = BackgroundScheduler(timezone=UTC, job_defaults=defaults)
    pulse = Pulse({tick.name: tick.every.total_seconds() for tick in ticks})
    for tick in ticks:
        clock.add_job(
            _safely,
            "interval",
            (database, tick, pulse),
            seconds=tick.every.total_seconds(),
            next_run_time=utc_now(),
        )
    clock.start()
    watchdog.watch(pulse)


def _safely(database: Database, tick: Tick, pulse: Pulse) -> None:
    """Run a tick; a failure is logged and the next one comes anyway."""
    pulse.beat(tick.name)
    try:
        run_due(database, tick, utc_now, pulse)
    except Exception as error:  # noqa: BLE001 (the edge: one failed tick must not end the clock)
        logger.error(  # noqa: TRY400 (a traceback may hold what people wrote)
            "tick failed", tick=tick.name, failure=type(error).__name__
        )
    pulse.beat(tick.name)
