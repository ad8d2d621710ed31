"""`python -m benchmarks.keeping`: what is due, planned and claimed; and sending to many at the allowed rate.

Beside it, in the same run and the same PostgreSQL, APScheduler's own job store with a job for each person:
what decision 4 turned down. Writes `docs/benchmarks-keeping.md`.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete, func, select, update

from benchmarks import machine, report
from benchmarks.processes import Started
from checkins import sending
from storage import due
from storage.database import Database, connect, embedded_url, unlock, upgrade
from storage.tables import Due, Person, Plan, Send
from storage.tables.keeping_in_touch import DueKind, DueState
from tests import crowd
from tests.fakes.telegram import FakeTelegram

ROOT = Path(__file__).parent.parent
PROGRAM = Path(sys.executable).with_name("kith")
KEY = "b" * 40
BATCH = 500
#: Two thirds of Telegram's 30 a second: what the pace lets messages to many have.
ALLOWED = 20.0
#: Starting, the plans of the first look, and a machine that is busy.
PATIENCE = 900.0
HEAD_START = timedelta(seconds=90)
#: How many the week that was asked for has.
WEEK = 5_000


@dataclass(frozen=True)
class Rate:
    """How many of something in how many seconds."""

    count: int
    seconds: float

    @property
    def each(self) -> float:
        """Milliseconds for one."""
        return 1000 * self.seconds / max(1, self.count)


@dataclass(frozen=True)
class Sent:
    """What came of sending to many."""

    people: int
    arrived: int
    twice: int
    refused: int
    seconds: float
    last_drift: float


def main() -> int:
    """Measure, print and write."""
    options = _options()
    busy, started = machine.busy(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kith-keep-", ignore_cleanup_errors=True) as folder:
        database = connect(embedded_url(Path(folder)))
        upgrade(database)
        unlock(database, (KEY,))
        crowd.populate(database, options.people, datetime.now(UTC))
        ours = _due_rows(database, options.rows, options.people)
        theirs = _job_store(database, options.people)
        sent = _send(Path(folder), database, options.people)
        database.close()
    text = _written(options, [*machine.facts(), report.business(busy)], ours, theirs, sent, started)
    options.out.write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0 if sent.twice == 0 and sent.arrived == sent.people else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keeping", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="how many due rows")
    parser.add_argument("--people", type=int, default=5_000, help="how many people and jobs")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-keeping.md")
    parser.add_argument("--on", type=date.fromisoformat, default=datetime.now(UTC).date())
    return parser.parse_args()


def _timed(work: Callable[[], int]) -> Rate:
    began = time.monotonic()
    count = work()
    return Rate(count, time.monotonic() - began)


def _due_rows(database: Database, rows: int, claims: int) -> tuple[Rate, Rate]:
    """Plan many rows, then claim and settle some, each in a transaction of its own as a tick does."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        people = list(session.scalars(select(Person.id)))

    def plan() -> int:
        for first in range(0, rows, BATCH):
            with database.transaction() as session:
                for number in range(first, min(rows, first + BATCH)):
                    due.add(
                        session,
                        person_id=people[number % len(people)],
                        kind=DueKind.IN_TOUCH,
                        what="bench",
                        due_at=now - timedelta(seconds=rows - number),
                        expires_at=now + timedelta(days=1),
                        once_key=f"bench{number}",
                        now=now,
                    )
        return rows

    def claim() -> int:
        for _ in range(claims):
            with database.transaction() as session:
                one = due.claim(session, now, sending.KINDS)
                if one is not None:
                    due.settle(one, DueState.SKIPPED, "bench", None, now)
        return claims

    both = _timed(plan), _timed(claim)
    with database.transaction() as session:
        session.execute(delete(Due))
    return both


def _job_store(database: Database, jobs: int) -> tuple[Rate, Rate]:
    """Do the same with a job for each person in APScheduler's store: add them, then look and take each out."""
    now = datetime.now(UTC)
    store = SQLAlchemyJobStore(engine=database.engine)
    clock = BackgroundScheduler(timezone=UTC, jobstores={"default": store})
    clock.start(paused=True)

    def add() -> int:
        for number in range(jobs):
            clock.add_job(
                print, "date", run_date=now - timedelta(seconds=1), id=str(number), args=(number,)
            )
        return jobs

    def take() -> int:
        found = store.get_due_jobs(datetime.now(UTC))
        for job in found:
            store.remove_job(job.id)
        return len(found)

    result = _timed(add), _timed(take)
    clock.shutdown(wait=False)
    return result


def _send(folder: Path, database: Database, people: int) -> Sent:
    """Let a check-in be due for everybody at once, with two schedulers and a bot as in production."""
    due_at = datetime.now(UTC) + HEAD_START
    zone = _where_it_is_midday()
    with database.transaction() as session:
        session.execute(
            update(Plan).values(
                quiet_from=wall_time(0),
                quiet_to=wall_time(0),
                plan_again_at=due_at + timedelta(days=1),
            )
        )
        for person_id in session.scalars(select(Person.id)):
            due.add(
                session,
                person_id=person_id,
                kind=DueKind.CHECK_IN,
                what="going_well",
                due_at=due_at,
                expires_at=due_at + timedelta(hours=2),
                once_key=f"all.{person_id}",
                now=due_at,
            )
    with FakeTelegram() as telegram, ExitStack() as ends:
        environment = _environment(folder, database, telegram, zone)
        for name in ("bot", "scheduler", "scheduler"):
            command = Started(name, [PROGRAM, name], folder=folder, environment=environment)
            ends.enter_context(command)
        _wait_until_sent(database, due_at)
        arrivals = telegram.sent()
        refused = int(telegram.state()["refused"])
    chats = [one.chat_id for one in arrivals]
    last = max((one.at for one in arrivals), default=due_at.timestamp())
    first = min((one.at for one in arrivals), default=due_at.timestamp())
    ideal = people / ALLOWED
    return Sent(
        people,
        len(set(chats)),
        len(chats) - len(set(chats)),
        refused,
        last - first,
        last - due_at.timestamp() - ideal,
    )


def _where_it_is_midday() -> str:
    """Return a zone where nobody is asleep now, since nothing is sent at night."""
    ahead = (12 - datetime.now(UTC).hour + 12) % 24 - 12
    # The sign of these names is the other way round.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def _wait_until_sent(database: Database, due_at: datetime) -> None:
    # The next ones are planned as soon as these are sent.
    waiting = select(func.count()).where(
        Due.kind == DueKind.CHECK_IN, Due.state == DueState.WAITING, Due.due_at <= due_at
    )
    unsent = select(func.count()).where(Send.state.in_(("waiting", "sending")))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with database.transaction() as session:
            if not session.scalar(waiting) and not session.scalar(unsent):
                return
        time.sleep(1)


def _environment(
    folder: Path, database: Database, telegram: FakeTelegram, zone: str
) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
    return kept | {
        "KITH_TELEGRAM_TOKEN": telegram.token,
        "KITH_TELEGRAM_API_URL": telegram.url,
        "KITH_DATABASE_URL": database.url,
        "KITH_SECRET_KEYS": KEY,
        "KITH_DATA_DIR": str(folder / "data"),
        "KITH_TIMEZONE": zone,
        "KITH_LOG_LEVEL": "ERROR",
    }


def _written(
    options: argparse.Namespace,
    facts: list[str],
    ours: tuple[Rate, Rate],
    theirs: tuple[Rate, Rate],
    sent: Sent,
    started: float,
) -> str:
    minutes = (time.monotonic() - started) / 60
    rows = "\n".join(
        f"| {what} | {mine.count:,} | {mine.each:.2f} | {peer.count:,} | {peer.each:.2f} | {peer.each / mine.each:.2f} |"
        for what, mine, peer in (
            ("plan one", ours[0], theirs[0]),
            ("claim one and settle it", ours[1], theirs[1]),
        )
    )
    return f"""# Benchmarks: keeping in touch

Written by `make bench`; do not edit. Compare the ratios, not the milliseconds.

- Measured on {options.on.day} {options.on:%B %Y}, in {minutes:.1f} minutes
{"".join(f"- {one}{chr(10)}" for one in facts)}
## What is due

| | Kith: rows | ms each | APScheduler: jobs | ms each | Ratio |
| --- | --- | --- | --- | --- | --- |
{rows}

Kith's rows are planned {BATCH} to a transaction and claimed one to a transaction, with the others still waiting. APScheduler's
`SQLAlchemyJobStore`, in the same PostgreSQL, has one job for each person; *claim* is finding the due jobs and taking each out.
It reads all due jobs at once and holds none of them: a second scheduler on the same store would run each a second time.
A ratio above 1 is in Kith's favour.

## {sent.people:,} check-ins due at the same moment

Two `kith scheduler` processes and one `kith bot`, over HTTP to a fake Telegram that refuses more than 30 a second.

| What | Measured | Wanted |
| --- | --- | --- |
| people who got it | {sent.arrived:,} | {sent.people:,} |
| got it twice | {sent.twice} | 0 |
| refused by Telegram | {sent.refused} | 0 |
| from the first to the last | {sent.seconds:.0f} s | {sent.people / ALLOWED:.0f} s at {ALLOWED:.0f} a second |
| drift of the last one: later than at that rate | {sent.last_drift:.0f} s | 0 s |
| share of the allowed rate | {sent.people / ALLOWED / max(1.0, sent.seconds):.2f} | 1 |

A week of {WEEK:,} people with all that goes wrong in it is a test, not a benchmark: [benchmarks-week.md](benchmarks-week.md).
"""


if __name__ == "__main__":
    sys.exit(main())
