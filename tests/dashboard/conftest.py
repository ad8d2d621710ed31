"""What tests of the pages share: the pages themselves, on a fresh database."""

import pytest

from content.library import Library
from storage.database import Database
from tests.dashboard.staffed import Office, open_office


@pytest.fixture
def office(database: Database, library: Library) -> Office:
    """Open the pages, with nobody in them yet."""
    return open_office(database, library)
