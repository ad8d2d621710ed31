"""The world of the week that is lived through on a clock of its own: what happens in it, and who does it."""

import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import reaching
from bot.engine import Engine
from bot.telegram.api import Sent
from bot.telegram.delivery import Deliverer
from bot.telegram.pacing import Pace
from bot.telegram.program import SENDERS
from checkins import hearing
from checkins.hearing import Answer
from checkins.sending import Clock as Words
from people.hours import LONDON
from storage import chats
from storage.database import Database
from storage.tables import Chat, Due, Send
from storage.tables.keeping_in_touch import DueKind, DueState
from storage.tables.outbox import Lane, SendState
from tests.conftest import ROOT
from tests.fakes.edge import Clock, EdgeOfTelegram

#: Friday night to Friday night. The clocks go back on Sunday 25 October 2026.
START, DAYS = datetime(2026, 10, 23, 22, tzinfo=UTC), 7
KILLED_AT = datetime(2026, 10, 26, 16, 30, tzinfo=UTC)


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
    pace: Pace = field(default_factory=lambda: Pace(30))
    senders: list[Deliverer] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the bot's senders, on the clock of the week."""
        self.senders = [
            Deliverer(
                self.telegram,
                self.database,
                lanes,
                [],
                self.lost,
                self.pace,
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
            # As the senders do, wait for room when what is due must wait for it.
            rest = max(0.3, self.pace.wait(Lane.BULK, self.clock.steady()))
            self.clock.move_to(max(soonest, self.clock.now() + timedelta(seconds=rest)))

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
