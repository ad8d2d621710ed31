"""A week of real life, on a clock that the test moves: many people, a clock change, and much that goes wrong.

Two scheduler processes plan and claim as in production; one is killed in the middle of its work.
What they write is delivered by the bot's own senders. Only the last step is made short: calls end
at the edge of the Bot API, in this process and on the test's clock, since over HTTP a week of them
would take the test's time and not Telegram's. How delivery speaks HTTP has tests of its own
(`tests/bot/test_delivery.py`).
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import reaching
from bot.engine import Engine
from bot.telegram.api import Sent
from bot.telegram.delivery import Deliverer
from bot.telegram.pacing import Pace
from bot.telegram.program import SENDERS
from checkins import events, hearing
from checkins.events import Draft, Sending
from checkins.hearing import Answer
from checkins.sending import Clock as Words
from people.hours import LONDON
from storage import chats
from storage import events as stored_events
from storage.database import Database
from storage.tables import Chat, Due, Person, Plan, Send, Task
from storage.tables.keeping_in_touch import DueKind, DueState
from storage.tables.outbox import SendState
from tests import cast, crowd
from tests.conftest import KEYS, ROOT
from tests.fakes.edge import Arrival, Clock, EdgeOfTelegram

#: Few enough for every run; `KITH_TEST_PEOPLE=5000` is the week that was asked for, and takes long.
PEOPLE = int(os.environ.get("KITH_TEST_PEOPLE", "500"))
#: Friday night to Friday night. The clocks go back on Sunday 25 October 2026.
START, DAYS = datetime(2026, 10, 23, 22, tzinfo=UTC), 7
BY_DAY, AT_NIGHT = timedelta(minutes=30), timedelta(hours=2)
#: On Tuesday at nine there is no Telegram for an hour; on Wednesday it is busy for a while.
AWAY = (datetime(2026, 10, 27, 9, tzinfo=UTC), datetime(2026, 10, 27, 10, tzinfo=UTC))
BUSY = (datetime(2026, 10, 28, 16, 30, tzinfo=UTC), datetime(2026, 10, 28, 16, 31, tzinfo=UTC))
KILLED_AT = datetime(2026, 10, 26, 16, 30, tzinfo=UTC)
BLOCKED_FROM = datetime(2026, 10, 28, 12, tzinfo=UTC)
#: Two hours before the first message may go, and an hour before Telegram is away.
NEWS_AT = datetime(2026, 10, 27, 8, tzinfo=UTC)
CATCH_UP = timedelta(minutes=120)
FAIR_AT = datetime(2026, 10, 30, 14, tzinfo=UTC)


@dataclass
class Week:
    """The world of the week."""

    database: Database
    engine: Engine
    clock: Clock
    telegram: EdgeOfTelegram
    environment: dict[str, str]
    schedulers: list[subprocess.Popen[str]] = field(default_factory=list)
    answers: dict[datetime, list[int]] = field(default_factory=lambda: defaultdict(list))
    heard: int = 0
    read: int = 0
    killed: int = 0
    senders: list[Deliverer] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the bot's senders, on the clock of the week."""
        pace = Pace(30)
        self.senders = [
            Deliverer(
                self.telegram,
                self.database,
                lanes,
                [],
                self.lost,
                pace,
                now=self.clock.now,
                steady=self.clock.steady,
            )
            for lanes in SENDERS
        ]
        self.words = Words(self.engine.library, LONDON)

    def lost(self, session: Session, send: Send, result: Sent, now: datetime) -> None:
        """Note who cannot be reached, as the bot does."""
        if result.unreachable:
            chat = session.get_one(Chat, send.chat_id)
            reaching.note_unreachable(session, self.engine, chat, result.unreachable, now)

    def start_scheduler(self) -> subprocess.Popen[str]:
        """Start a scheduler process."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.moved_scheduler"],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.schedulers.append(process)
        return process

    def tick(self) -> None:
        """Let both schedulers do what is due now, side by side; kill one at the set time."""
        now = self.clock.now()
        for process in self.schedulers:
            ask(process, now)
        if now == KILLED_AT:
            dies = self.schedulers.pop()
            self.wait_until_it_has_begun(now)
            dies.kill()
            dies.wait()
            close(dies)
            self.killed += 1
            self.start_scheduler()
            ask(self.schedulers[-1], now)
        for process in self.schedulers:
            wait_until_done(process)

    def wait_until_it_has_begun(self, now: datetime) -> None:
        """Wait until some of what is due now is sent, so that the kill comes in the middle."""
        query = select(func.count()).where(Due.settled_at == now)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with self.database.transaction() as session:
                if session.scalar(query):
                    return
            time.sleep(0.005)

    async def deliver(self, until: datetime) -> None:
        """Let the bot's senders work on the clock of the week until a time, or until nothing is left."""
        while self.clock.now() < until:
            tried = [await one.deliver_batch() for one in self.senders]
            if any(tried):
                self.clock.later(0.3)
                continue
            soonest = self.next_due()
            if soonest is None or soonest >= until:
                return
            self.clock.move_to(max(soonest, self.clock.now() + timedelta(seconds=0.3)))

    def next_due(self) -> datetime | None:
        """Return when the next message in the outbox may go."""
        with self.database.transaction() as session:
            return session.scalar(
                select(func.min(Send.due_at)).where(Send.state == SendState.WAITING)
            )

    def note_who_will_answer(self, chance: random.Random) -> None:
        """Four in ten answer, within hours; the others are silent."""
        for arrival in self.telegram.arrivals[self.read :]:
            if chance.random() < 0.4:
                at = arrival.at + timedelta(minutes=chance.randint(1, 300))
                self.answers[at].append(arrival.telegram_id)
        self.read = len(self.telegram.arrivals)

    def hear(self) -> None:
        """Let those answer whose time has come."""
        for at in sorted(at for at in self.answers if at <= self.clock.now()):
            for telegram_id in self.answers.pop(at):
                with self.database.transaction() as session:
                    self.hear_one(session, telegram_id)
                self.heard += 1

    def hear_one(self, session: Session, telegram_id: int) -> None:
        """Let somebody tap a face, as the bot takes it; one in fifty says STOP."""
        now, index = self.clock.now(), chats.index_of(telegram_id)
        chats.lock(session, index)
        chat = chats.find(session, index)
        assert chat is not None
        assert chat.person is not None
        if self.heard % 50 == 7:
            chat.stopped_at = now
        hearing.heard(session, chat.person, self.engine.library, LONDON, now)
        asked = session.scalar(
            select(Due)
            .where(
                Due.person_id == chat.person_id,
                Due.kind == DueKind.CHECK_IN,
                Due.state == DueState.SENT,
            )
            .order_by(Due.due_at.desc())
            .limit(1)
        )
        if asked is not None:
            said = Answer(asked.what, asked.id, feeling=4)
            hearing.answered(session, self.words, chat.person, said, now)


def ask(process: subprocess.Popen[str], now: datetime) -> None:
    """Ask a scheduler to do what is due at a time; plans are made at the first."""
    assert process.stdin is not None
    process.stdin.write(f"{now.isoformat()}{' plans' if now == START else ''}\n")
    process.stdin.flush()


def wait_until_done(process: subprocess.Popen[str]) -> None:
    """Wait for the answer of a scheduler, past the alerts that it prints."""
    assert process.stdout is not None
    while (line := process.stdout.readline()) != "done\n":
        assert line, "a scheduler has ended"


def close(process: subprocess.Popen[str]) -> None:
    """Close the pipes of a process that has ended."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue


@pytest.fixture
def week(database: Database, engine: Engine) -> Iterator[Week]:
    """Give a week that has not begun, with two schedulers."""
    clock = Clock(START)
    telegram = EdgeOfTelegram(
        clock,
        away=lambda now: AWAY[0] <= now < AWAY[1],
        busy=lambda now: BUSY[0] <= now < BUSY[1],
    )
    with tempfile.TemporaryDirectory(prefix="kith") as folder:
        environment = {
            **{name: one for name, one in os.environ.items() if not name.startswith("KITH_")},
            "KITH_DATABASE_URL": database.url,
            "KITH_SECRET_KEYS": KEYS[0],
            "KITH_DATA_DIR": folder,
            "KITH_DEMO": "1",
            "KITH_LOG_LEVEL": "ERROR",
        }
        made = Week(database, engine, clock, telegram, environment)
        crowd.populate(database, PEOPLE, START)
        for _ in range(2):
            made.start_scheduler()
        yield made
        for process in made.schedulers:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(30)
            close(process)


def announce(week: Week) -> str:
    """Announce a job fair to whoever asked for such news, approved by a second person."""
    sending = Sending(week.engine.library, LONDON, per_hour=60, approve_above=20)
    with week.database.transaction() as session:
        wren, lee = cast.wren(session), cast.lee(session)
        for person in session.scalars(select(Person).order_by(Person.id).limit(PEOPLE // 50)):
            stored_events.ask_for(session, person.id, ("job_fairs",), week.clock.now())
        written = Draft("job_fairs", "Job fair", "Come and meet people.", FAIR_AT)
        fair = events.draft(session, week.engine.library, wren, written, week.clock.now())
        events.approve(fair, lee, week.clock.now())
        events.send(session, sending, fair, wren, week.clock.now())
        return fair.reference


def steps() -> Iterator[datetime]:
    """Yield the times at which the schedulers look: each half hour by day, now and then at night."""
    at = START
    while at < START + timedelta(days=DAYS):
        yield at
        at += BY_DAY if 7 <= at.hour < 22 else AT_NIGHT


def live_through(week: Week) -> None:
    """Let the week happen."""
    chance = random.Random(5)  # noqa: S311 (chance that must repeat itself)
    every = list(steps())
    for at, following in zip(every, [*every[1:], START + timedelta(days=DAYS)], strict=True):
        week.clock.move_to(at)
        if at == NEWS_AT:
            announce(week)
        if at >= BLOCKED_FROM and not week.telegram.blocked:
            week.telegram.blocked = set(range(1, PEOPLE, 40))
        week.hear()
        week.tick()
        asyncio.run(week.deliver(following))
        week.note_who_will_answer(chance)
    week.clock.move_to(START + timedelta(days=DAYS))
    week.tick()
    asyncio.run(week.deliver(week.clock.now() + timedelta(minutes=10)))


def test_a_week_of_real_life(week: Week) -> None:
    live_through(week)

    with week.database.transaction() as session:
        rows = (
            session.execute(
                select(Due, Send, Plan)
                .outerjoin(Send, Send.id == Due.send_id)
                .join(Plan, Plan.person_id == Due.person_id)
            )
            .tuples()
            .all()
        )
        telegram_ids = {
            one.person_id: int(one.telegram_id) for one in session.scalars(select(Chat))
        }
        tasks = Counter(session.scalars(select(Task.kind)))
        sends = {one.id: one for one in session.scalars(select(Send))}
    ended = START + timedelta(days=DAYS)
    due = [(one, send, plan) for one, send, plan in rows if one.due_at <= ended]
    arrivals = week.telegram.arrivals

    # Each due contact was sent once, or there is the reason why it was not.
    assert [one.id for one, _, _ in due if one.state == DueState.WAITING] == []
    assert [one.id for one, _, _ in due if one.state != DueState.SENT and not one.reason] == []
    assert {one.person_id for one, _, _ in due if one.kind == DueKind.CHECK_IN} == set(telegram_ids)
    made = [send.id for one, send, _ in due if send is not None]
    assert len(made) == len(set(made)) == len(sends)
    assert {one.state for one in sends.values()} <= {"sent", "failed", "unknown", "dropped"}
    assert [one.id for one in sends.values() if one.state != "sent" and not one.failure] == []

    # Nothing arrived twice, and all that was sent arrived.
    arrived = Counter(one.telegram_id for one in arrivals)
    reached = Counter(
        telegram_ids[one.person_id]
        for one, send, _ in due
        if send is not None and send.state in {SendState.SENT, SendState.UNKNOWN}
    )
    assert arrived == reached
    assert len(arrivals) > PEOPLE

    # Nothing at night, by the clock on the wall, the night of the clock change included.
    assert [one for one in arrivals if not 9 <= one.at.astimezone(LONDON).hour < 21] == []

    # Nothing later than it may be caught up with.
    late = [
        (send.sent_at - one.due_at, one.id)
        for one, send, _ in due
        if send is not None and send.sent_at is not None and one.kind != DueKind.EVENT
    ]
    assert max(late)[0] <= CATCH_UP

    check_that_the_clock_change_changed_nothing(due)
    check_what_went_wrong(week, arrivals, due, tasks)


def check_that_the_clock_change_changed_nothing(
    due: Sequence[tuple[Due, Send | None, Plan]],
) -> None:
    """Whoever agreed to ten o'clock was asked at ten o'clock, on either side of the change."""
    asked = [(one, plan) for one, _, plan in due if one.kind == DueKind.CHECK_IN]
    days = {one.due_at.astimezone(LONDON).date() for one, _ in asked}
    assert {date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26)} <= days
    planned = [(one, plan) for one, plan in asked if "~" not in one.once_key]
    assert [
        one.id for one, plan in planned if planned_for(one).astimezone(LONDON).time() != plan.at
    ] == []


def planned_for(one: Due) -> datetime:
    """Return when a check-in was planned for: its row is put off by seconds while its chat is busy."""
    return datetime.strptime(one.once_key.rpartition(".")[2], "%Y%m%d%H%M").replace(tzinfo=UTC)


def check_what_went_wrong(
    week: Week,
    arrivals: list[Arrival],
    due: Sequence[tuple[Due, Send | None, Plan]],
    tasks: Counter[str],
) -> None:
    """Everything that was to go wrong did; else this test shows nothing."""
    assert week.killed == 1
    assert week.heard > PEOPLE // 10
    assert [one for one in arrivals if AWAY[0] <= one.at < AWAY[1]] == []
    caught_up = [one for one in arrivals if AWAY[1] <= one.at < AWAY[0] + CATCH_UP]
    assert caught_up
    assert week.telegram.refused > 0
    assert week.telegram.limits.refused == 0
    failures = Counter(send.failure for _, send, _ in due if send is not None and send.failure)
    assert failures["blocked"] > 0
    assert failures["timed_out"] > 0
    assert tasks["blocked"] > 0
    reasons = Counter(one.reason for one, _, _ in due if one.reason)
    assert reasons["stopped"] + reasons["heard_from"] > 0
    assert Counter(one.kind for one, _, _ in due)[DueKind.NUDGE] > PEOPLE // 10
    assert Counter(one.kind for one, _, _ in due)[DueKind.EVENT] == PEOPLE // 50
