"""The long-running processes and what they share: built from the settings.

Each imports its own parts when it starts, so that the scheduler carries no conversation in memory
and the dashboard none until somebody practises.
"""

import asyncio
import hashlib
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError

from content.library import Library
from settings import Settings
from storage.database import Database, DatabaseError, open_database
from wiring.base import load_library

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.practice import Bubble, Talk
    from scheduler.ticks import Tick, Work


def send_alerts(settings: Settings, database: Database, library: Library) -> "Work":
    """Return the function that sends one due alert."""
    from mail import notifier
    from safeguarding import alerts

    smtp = settings.smtp_url.get_secret_value() if settings.smtp_url else None
    notify = notifier(smtp, settings.mail_from)

    def send(now: datetime) -> bool:
        with database.sessions() as session:
            return alerts.send_next(
                session,
                notify,
                library,
                address=settings.dashboard_address(),
                duty_email=settings.duty_email,
                now=now,
            )

    return send


def ticks(settings: Settings, database: Database) -> "tuple[Tick, ...]":
    """Return everything that happens by the clock."""
    from zoneinfo import ZoneInfo

    from checkins.sending import Clock
    from scheduler import cover, keeping, off
    from scheduler.ticks import table

    library, zone = load_library(settings), ZoneInfo(settings.timezone)
    everything = table(
        database,
        send_alerts(settings, database, library),
        read_themes(settings, database, library),
        pushes(settings, database, library),
        *keeping.ticks(database, Clock(library, zone)),
        *cover.ticks(database, library, zone),
    )
    return off.waiting(database, everything)


def run_scheduler(settings: Settings, database: Database) -> None:
    """Run the clock until it is stopped, or until a tick is dead: then end at once, to be started again."""
    from scheduler.ticks import run_for_ever
    from scheduler.watchdog import DeadTickError

    try:
        run_for_ever(database, ticks(settings, database))
    except DeadTickError:
        # A thread that hangs would hold up an orderly end for ever.
        os._exit(1)


def read_themes(settings: Settings, database: Database, library: Library) -> "Work":
    """Return the function that reads what one statement, or note that may count, is about. The reader is loaded when there is one."""
    from zoneinfo import ZoneInfo

    from feedback import note_theming, theming
    from feedback.themes.reader import Reader
    from people import opening
    from people.hours import Rota

    kept: list[Reader] = []
    zone = ZoneInfo(settings.timezone)

    def reader() -> Reader:
        if not kept:
            kept.append(Reader.load())
        return kept[0]

    def rota(session: "Session", council_id: str) -> Rota:
        return opening.rota(session, library, council_id or settings.council, zone)

    def read(now: datetime) -> bool:
        with database.transaction() as session:
            done = theming.read_next(session, reader, rota, now) or note_theming.read_next(
                session, reader, now
            )
        if not done:
            # Eighty megabytes are not kept for the next one, which may come tomorrow.
            kept.clear()
        return done

    return read


def pushes(settings: Settings, database: Database, library: Library) -> "Work":
    """Return the function that sends one message to one of many."""
    from zoneinfo import ZoneInfo

    from checkins import standing
    from feedback import pushing

    zone = ZoneInfo(settings.timezone)
    sparing = pushing.Sparing(standing.why_chat_is_held, standing.allowed_at)

    def push(now: datetime) -> bool:
        with database.transaction() as session:
            return pushing.send_next(session, library, sparing, now, zone)

    return push


async def run_bot(settings: Settings, database: Database) -> None:
    """Run the bot until it is stopped."""
    from bot.telegram.api import Api, TokenRefusedError
    from bot.telegram.program import Program
    from wiring.base import rasa
    from wiring.conversation import engine

    if settings.telegram_token is None:
        raise TokenRefusedError("KITH_TELEGRAM_TOKEN is not set.")
    api = Api(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    parts = engine(settings)
    program = Program(
        api,
        database,
        parts,
        rasa(settings),
        send_alerts(settings, database, parts.library),
        per_second=settings.telegram_per_second,
    )
    webhook = None
    if settings.webhook_url and settings.webhook_secret:
        webhook = (
            settings.webhook_url,
            settings.webhook_secret.get_secret_value(),
            settings.webhook_port,
        )
    try:
        await program.run(webhook=webhook)
    except* TokenRefusedError as group:
        raise TokenRefusedError(str(group.exceptions[0])) from None


def serve_dashboard(settings: Settings) -> None:
    """Serve the pages until stopped."""
    from waitress import serve

    from dashboard.app import create_app
    from dashboard.guard import Parts
    from dashboard.health import measure
    from people import opening
    from wiring.base import rasa

    client = rasa(settings)
    try:
        url = settings.database_url.get_secret_value() if settings.database_url else None
        database: Database | None = open_database(url, settings.data_dir, settings.keys())
    except (DatabaseError, OperationalError, OSError):
        database = None
    library = load_library(settings)
    pages = create_app(
        talk=practice(settings),
        library=library,
        parts=Parts(
            database,
            library,
            lambda: datetime.now(UTC),
            ZoneInfo(settings.timezone),
            settings.council,
            bot_name=_bot_name(settings),
            events_per_hour=settings.events_per_hour,
            events_approve_above=settings.events_approve_above,
        )
        if database is not None
        else None,
        # Without TLS a browser keeps no safe cookie: a demonstration on one's own machine has none.
        safe_cookies=not settings.demo,
        ages=lambda: measure(
            database,
            lambda: asyncio.run(client.ready()),
            datetime.now(UTC),
            expects_poll=settings.telegram_token is not None and settings.webhook_url is None,
            empty_rotas=lambda session, now: opening.count_empty(
                session, library, now, ZoneInfo(settings.timezone)
            ),
        ),
        secret=hashlib.sha256(settings.keys()[0].encode() + b"pages").hexdigest(),
    )
    serve(
        pages,
        host="127.0.0.1",
        port=settings.dashboard_port,
        threads=8,
        ident="Kith",
        _quiet=True,
    )


def _bot_name(settings: Settings) -> Callable[[], str]:
    """Return what says the bot's name: Telegram is asked when it is wanted, until it has answered."""
    from wiring.desk import NO_NAME, bot_username

    known: list[str] = []

    def name() -> str:
        if not known and (found := asyncio.run(bot_username(settings))) != NO_NAME:
            known.append(found)
        return known[0] if known else ""

    return name


def practice(settings: Settings) -> "Talk":
    """Return the practice conversation, whose parts are loaded when somebody first uses it."""
    lock, made = threading.Lock(), list["Talk"]()

    def talk(state: object, text: str, pressed: int | None) -> "tuple[object, list[Bubble]]":
        from wiring.base import rasa
        from wiring.conversation import engine, practice_talk

        with lock:
            if not made:
                made.append(practice_talk(engine(settings), rasa(settings).parse_now))
        return made[0](state, text, pressed)

    return talk
