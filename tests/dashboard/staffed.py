"""A dashboard with a clock the test controls, and members of staff who can sign in."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from content.library import Library
from dashboard.app import create_app
from dashboard.guard import Parts
from dashboard.health import Ages
from dashboard.signing_in import pages as doors_pages
from dashboard.signing_in.door import HASHER
from people.hours import LONDON
from storage.database import Database
from storage.tables import Staff
from tests.cast import COUNCIL, NOW

PASSWORD = "three otters borrow lanterns"
HASH = HASHER.hash(PASSWORD)


@dataclass
class Office:
    """The application, what time it is there, and the browsers in it."""

    app: Flask
    database: Database
    now: datetime = NOW
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def later(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span

    def code(self, member: Staff) -> str:
        """Return what the member's authenticator app shows now."""
        return str(TOTP(key=member.totp_secret).generate(time=self.now).token)

    def sign_in(self, member: Staff, **wrong: str) -> FlaskClient:
        """Sign in with a browser of one's own, and return it."""
        browser = self.app.test_client()
        self.try_to_sign_in(browser, member, **wrong)
        self.browsers[member.name] = browser
        return browser

    def try_to_sign_in(self, browser: FlaskClient, member: Staff, **wrong: str) -> TestResponse:
        """Fill in the form, and return what came back."""
        given = {"email": member.email, "password": PASSWORD, "code": self.code(member), **wrong}
        # A code opens once, so each try has a time step of its own.
        answer = send(browser, "/sign-in", given)
        self.later(timedelta(seconds=30))
        return answer


def member(
    session: Any, name: str, role: str = "adviser", *, council: str = COUNCIL, key: str = ""
) -> Staff:
    """Add a member of staff who has set their account up."""
    made = Staff(
        email=f"{name.casefold()}@example.org",
        name=name,
        role=role,
        council=council,
        added_at=NOW,
        password_hash=HASH,
        totp_secret=key or TOTP.new().base32_key,
    )
    session.add(made)
    session.flush()
    return made


class Moving:
    """Stands for a database, and for another one in the next test: making an application is slow."""

    def __init__(self) -> None:
        """Stand for none yet."""
        self.now_at: Database | None = None

    def transaction(self) -> AbstractContextManager[Session]:
        """Begin a transaction in the database of this test."""
        assert self.now_at is not None
        return self.now_at.transaction()


@dataclass
class Building:
    """The one application of the run, and the office that is open in it now."""

    database: Moving = field(default_factory=Moving)
    app: Flask | None = None
    office: Office | None = None

    def clock(self) -> datetime:
        """Return what time it is in the office."""
        return self.office.now if self.office else NOW


_building = Building()


def open_office(database: Database, library: Library) -> Office:
    """Return a dashboard on a database, at the time the standing cast lives in."""
    if _building.app is None:
        moving = cast(Database, _building.database)
        _building.app = create_app(
            talk=lambda state, _text, _pressed: (state, []),
            library=library,
            ages=Ages,
            secret="s" * 32,
            parts=Parts(moving, library, _building.clock, LONDON, COUNCIL, lambda: "kith_bot"),
            safe_cookies=False,
        )
    _building.database.now_at = database
    _building.office = Office(_building.app, database)
    # Failures are counted by address, in memory: each test begins with none.
    doors_pages.addresses.failures.clear()
    return _building.office


def token(browser: FlaskClient, page: str = "/sign-in") -> str:
    """Return the token that a page's forms carry."""
    return browser.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]


def send(browser: FlaskClient, path: str, form: dict[str, str], page: str = "") -> TestResponse:
    """Send a form as the page it is on would."""
    return browser.post(path, data={"csrf_token": token(browser, page or "/sign-in"), **form})
