"""The world of a journey: a fake Telegram, the real bot as a process, the real model, a database."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from nlu import server, training
from people import records
from storage import duties, staff
from storage.database import Database
from storage.tables import Flag, Person, Send
from tests.conftest import KEYS, ROOT
from tests.fakes.mail import FakeMail
from tests.fakes.telegram import FakeTelegram

NLU_TOKEN = "n" * 40
AMARA, BEN, STRANGER = 7001, 7002, 7003
#: Shorter words turn up in any log by chance.
SHORTEST_TELLING = 9


@pytest.fixture(scope="session")
def rasa() -> Iterator[str]:
    """Serve the real trained model and give the URL."""
    with server.start(training.train(ROOT / "var"), token=NLU_TOKEN, data_dir=ROOT / "var") as url:
        yield url


@dataclass
class World:
    """Everything around the bot, and the bot itself as a process that can be killed."""

    telegram: FakeTelegram
    mail: FakeMail
    database: Database
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_bot(self, **changed: str) -> None:
        """Start the bot, and wait until it asks for updates."""
        calls = self.telegram.state()["calls"].get("getUpdates", 0)
        self.process = self.run("bot", **changed)
        deadline = time.monotonic() + 90
        while self.telegram.state()["calls"].get("getUpdates", 0) <= calls:
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def run(self, *command: str, **changed: str) -> subprocess.Popen[bytes]:
        """Start a process of ours, its output in the log."""
        with self.log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli", *command],
                env={**self.environment, **changed},
                cwd=ROOT,
                stdout=out,
                stderr=out,
            )
        self.processes.append(process)
        return process

    def wait_until(self, happened: Callable[[], bool], seconds: float = 15) -> None:
        """Wait until something is so that only the bot can bring about."""
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def pause(self, seconds: float) -> None:
        """Let the bot get somewhere before something happens to it."""
        time.sleep(seconds)

    def wait_until_sent(self, seconds: float = 15) -> None:
        """Wait until nothing is left in the outbox."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self.session() as session:
                if (
                    session.scalar(select(Send.id).where(Send.state.in_(("waiting", "sending"))))
                    is None
                ):
                    return
            time.sleep(0.05)
        raise AssertionError("replies were left unsent")

    def assert_nothing_leaked(self) -> None:
        """Look through logs and mail for words, names and the token (FT-49, PRIV-40)."""
        outputs = self.log.read_text("utf-8", "replace") + "".join(
            text for _, text in self.mail.messages
        )
        words = [
            text
            for text in self.telegram.said
            if len(text) > SHORTEST_TELLING and not text.startswith("/menu")
        ]
        leaked = [
            text
            for text in (*words, self.telegram.token, NLU_TOKEN, KEYS[0], "Amara")
            if text in outputs
        ]
        assert leaked == []

    def kill_bot(self) -> None:
        """Kill the bot as `kill -9` does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def kith(self, *arguments: str, stdin: str = "", ok: bool = True) -> str:
        """Run a command and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            env=self.environment,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        with self.log.open("a") as out:
            out.write(done.stderr)
        assert (done.returncode == 0) is ok, done.stdout + done.stderr
        return done.stdout if ok else done.stdout + done.stderr

    def invite(
        self,
        name: str = "Amara",
        born: str = "2008-05-01",
        adviser: str = "wren@example.org",
        council: str = "cheshire_east",
    ) -> str:
        """Make a record and return the code."""
        printed = self.kith(
            "invite",
            "--adviser",
            adviser,
            "--name",
            name,
            "--born",
            born,
            "--council",
            council,
        )
        return printed.rsplit("Code: ", 1)[1].strip()

    def join(self, chat_id: int, **about: str) -> None:
        """Invite somebody and let them join from this chat."""
        with self.database.transaction() as session:
            _, code = records.invite(
                session,
                adviser=about.get("adviser", "wren@example.org"),
                name=about.get("name", "Amara"),
                born_on=date.fromisoformat(about.get("born", "2008-05-01")),
                council=about.get("council", "cheshire_east"),
                now=datetime.now(UTC),
            )
        self.telegram.ask(chat_id, f"/start {code}")
        self.telegram.press(chat_id, "OK, got it")

    def flags(self) -> list[Flag]:
        """Return every flag there is."""
        with self.session() as session:
            return list(session.scalars(select(Flag).order_by(Flag.id)))

    def session(self) -> Session:
        """Return a session on the same database."""
        return self.database.sessions()

    def person(self, name: str) -> Person:
        """Return a young person by name."""
        with self.session() as session:
            return next(one for one in session.scalars(select(Person)) if one.name == name)

    def wait_until_handled(self, seconds: float = 15) -> None:
        """Wait until nothing is left in the inbox or at Telegram."""
        from storage import inbox

        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self.session() as session:
                if (
                    inbox.oldest_unhandled_at(session) is None
                    and not self.telegram.state()["waiting"]
                ):
                    return
            time.sleep(0.05)
        raise AssertionError("updates were left unhandled")


@pytest.fixture
def world(database: Database, rasa: str) -> Iterator[World]:
    """Give a world in which the bot does not run yet."""
    with (
        tempfile.TemporaryDirectory(prefix="kith") as folder,
        FakeTelegram() as telegram,
        FakeMail() as mail,
    ):
        environment = {
            **{
                name: value
                for name, value in os.environ.items()
                # A bot that is started fifty times keeps what it compiled, as it does in use.
                if not name.startswith("KITH_") and name != "PYTHONDONTWRITEBYTECODE"
            },
            "KITH_TELEGRAM_TOKEN": telegram.token,
            "KITH_TELEGRAM_API_URL": telegram.url,
            "KITH_DEMO": "1",
            "KITH_DATABASE_URL": database.url,
            "KITH_SECRET_KEYS": KEYS[0],
            "KITH_DATA_DIR": folder,
            "KITH_NLU_URL": rasa,
            "KITH_NLU_TOKEN": NLU_TOKEN,
            "KITH_SMTP_URL": mail.url,
            "KITH_LOG_LEVEL": "DEBUG",
            # A busy test machine may make Rasa slow; what slowness does has a journey of its own.
            "KITH_NLU_TIMEOUT": "10",
            "PYTHONWARNINGS": "ignore",
        }
        made = World(telegram, mail, database, environment, Path(folder) / "log")
        made.log.touch()
        yield made
        for process in made.processes:
            if process.poll() is None:
                process.terminate()
                process.wait(20)
        made.assert_nothing_leaked()


@pytest.fixture
def talking(world: World) -> World:
    """Give a world in which the bot runs, and Wren is an adviser whom Lee manages."""
    with world.database.transaction() as session:
        for email, name, role in (
            ("wren@example.org", "Wren Hart", "adviser"),
            ("lee@example.org", "Lee Moss", "manager"),
        ):
            staff.add(
                session,
                email=email,
                name=name,
                role=role,
                council="cheshire_east",
                now=datetime.now(UTC),
            )
        put_on_duty(session, "lee@example.org")
    world.start_bot()
    return world


def put_on_duty(session: Session, email: str, *, days: int = 21) -> None:
    """Fill the rota, so that nobody is alarmed about an empty one."""
    now = datetime.now(UTC)
    member = staff.by_email(session, email)
    assert member is not None
    for ahead in range(days):
        day = (now + timedelta(days=ahead)).date()
        duties.put(session, member.council, day, member.id, by=None, now=now)


def ready(url: str) -> dict[str, object]:
    """Return what `/readyz` says."""
    return dict(httpx.get(f"{url}/readyz").json())
