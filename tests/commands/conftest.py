"""What tests of commands share: the program on a fresh database."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from storage.database import Database
from tests.commands.program import Kith
from tests.conftest import KEYS


@pytest.fixture
def quiet_again() -> Iterator[None]:
    """Put logging back afterwards: a command sends it to where it prints, which is gone then."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def kith(
    quiet_again: None, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Kith:
    """Give the program; nobody is known to it yet."""
    del quiet_again
    monkeypatch.chdir(tmp_path)
    return Kith(
        {
            "KITH_DATABASE_URL": database.url,
            "KITH_SECRET_KEYS": KEYS[0],
            "KITH_DATA_DIR": str(tmp_path),
            "KITH_EVENTS_APPROVE_ABOVE": "3",
            "COLUMNS": "200",
        }
    )
