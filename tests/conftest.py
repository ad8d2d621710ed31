"""What every test may use: one embedded PostgreSQL a run, a database each, the words and the rules."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from content.library import Library, load
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
    """A database with our tables in it, copied for each test that writes."""
    _create(postgres, "kith_template")
    database = connect(_at(postgres, "kith_template"))
    upgrade(database)
    database.close()
    return "kith_template"


@pytest.fixture
def database(postgres: str, template: str) -> Iterator[Database]:
    """A fresh database, opened and unlocked."""
    name = f"kith_{uuid.uuid4().hex[:12]}"
    _create(postgres, name, template)
    opened = connect(_at(postgres, name))
    unlock(opened, KEYS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def library() -> Library:
    """Every word there is, with made-up council numbers."""
    return load(demo=True)


@pytest.fixture(scope="session")
def screener() -> Screener:
    """The rules and the model of screening."""
    return Screener.load()


def _at(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _create(url: str, name: str, template: str = "template1") -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'create database "{name}" template "{template}"'))
    engine.dispose()
