"""What every test may use: one embedded PostgreSQL a run, a database each, the words and the rules."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from bot.engine import Engine
from content.library import Library, load
from people.hours import LONDON
from safeguarding.screening import Screener
from storage.database import Database, connect, embedded_url, unlock, upgrade

KEYS = ("k" * 40,)
ROOT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is under `journeys` or `browser`, so that the fast suite can leave it out."""
    for item in items:
        for name in ("journeys", "browser"):
            if name in item.path.parts:
                item.add_marker(name.removesuffix("s"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """One PostgreSQL for the run, in a folder with a short path: sockets need one."""
    with tempfile.TemporaryDirectory(prefix="kith", ignore_cleanup_errors=True) as folder:
        yield embedded_url(Path(folder))


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """Make a database with our tables in it, to be copied for each test that writes."""
    _create(postgres, "kith_template")
    database = connect(_at(postgres, "kith_template"))
    upgrade(database)
    database.close()
    return "kith_template"


@pytest.fixture
def database(postgres: str, template: str) -> Iterator[Database]:
    """Give a fresh database, opened and unlocked."""
    name = f"kith_{uuid.uuid4().hex[:12]}"
    _create(postgres, name, template)
    opened = connect(_at(postgres, name))
    unlock(opened, KEYS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared(postgres: str, template: str) -> Iterator[Database]:
    """One database for all tests that undo what they write."""
    _create(postgres, "kith_shared", template)
    opened = connect(_at(postgres, "kith_shared"))
    yield opened
    opened.close()


@pytest.fixture
def session(shared: Database) -> Iterator[Session]:
    """A session whose work, commits included, is undone at the end of the test."""
    unlock(shared, KEYS)
    with shared.engine.connect() as connection:
        undo = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as opened:
            yield opened
        undo.rollback()


@pytest.fixture(scope="session")
def library() -> Library:
    """Every word there is, with made-up council numbers."""
    return load(demo=True)


@pytest.fixture(scope="session")
def screener() -> Screener:
    """Load the rules and the model of screening."""
    return Screener.load()


@pytest.fixture(scope="session")
def engine(library: Library, screener: Screener) -> Engine:
    """The parts of a conversation, with thresholds that tests can rely on."""
    return Engine(library, screener, {"answer": 0.55, "ask": 0.2}, "cheshire_east", LONDON, "test")


def _at(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _create(url: str, name: str, template: str = "template1") -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f'create database "{name}" template "{template}"'))
    engine.dispose()
