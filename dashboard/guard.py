"""Every page of the dashboard goes through here: who, may they, one transaction, and a trace of it.

A page is a function of `At`, what it needs to know. It runs inside one transaction that also
holds its trace: if the trace cannot be written, nothing is shown (safety.md SEC-32).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_security import current_user
from sqlalchemy.orm import Session

from content.library import Library
from people import access
from people.access import May
from people.hours import Rota
from storage import audit
from storage.database import Database
from storage.tables import Staff

#: Pages anybody may open. A test compares this with every page there is.
OPEN = frozenset(
    {
        "static",
        "alive",
        "ready",
        "metrics",
        "practice.page",
        "practice.say",
        "practice.again",
        "door.sign_in",
        "door.set_up",
        "home",
        "accessibility",
    }
)
#: How long a password and code given once stand for a later page that asks again (SEC-10).
FRESH_FOR = timedelta(minutes=5)
RULES = "kith_may"


@dataclass(frozen=True)
class Parts:
    """What every page needs and nobody changes."""

    database: Database
    library: Library
    clock: Callable[[], datetime]
    zone: ZoneInfo
    default_council: str
    #: What the bot is called on Telegram, for links; nothing when it cannot be asked.
    bot_name: Callable[[], str] = lambda: ""
    #: How many announcements an hour go out, and above how many people a second person approves.
    events_per_hour: int = 60
    events_approve_above: int = 20

    def rota(self, council: str | None) -> Rota:
        """Return when the people of a council are at work."""
        found = self.library.councils.get(council or self.default_council)
        return Rota(found.hours, self.zone) if found and found.hours else Rota(zone=self.zone)


@dataclass(frozen=True)
class At:
    """One request of one member of staff, within its transaction."""

    session: Session
    member: Staff
    now: datetime
    parts: Parts

    def trace(
        self,
        action: str,
        about: str,
        *,
        person_id: uuid.UUID | None = None,
        reason: str | None = None,
    ) -> None:
        """Record that this member of staff saw or did something.

        The chain is held from here until the page commits, so a list is put into words first.
        """
        audit.record(
            self.session,
            staff_id=self.member.id,
            action=action,
            about=about,
            now=self.now,
            request_id=g.request_id,
            person_id=person_id,
            reason=reason,
            address=request.remote_addr,
        )

    @property
    def fresh(self) -> bool:
        """Whether they gave password and code a moment ago."""
        given = session.get("fs_paa", 0)
        return self.now.timestamp() - float(given) < FRESH_FOR.total_seconds()


def parts() -> Parts:
    """Return what every page needs."""
    found = current_app.extensions["kith"]
    assert isinstance(found, Parts)  # noqa: S101 (set in create_app, and nowhere else)
    return found


def allow(wish: May) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let those who may do this see a page; for everybody else it does not exist."""

    def guard(page: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(page)
        def guarded(**values: Any) -> Any:
            if not current_user.is_authenticated:
                return redirect(url_for("door.sign_in"), code=303)
            common = parts()
            with common.database.transaction() as opened:
                member = opened.get(Staff, current_user.id)
                if member is None or not access.allows(member, wish):
                    abort(404)
                return page(At(opened, member, common.clock(), common), **values)

        setattr(guarded, RULES, wish)
        return guarded

    return guard


def protect(app: Flask) -> None:
    """Give each request an id, and refuse changes that come from another site (SEC-40)."""

    @app.before_request
    def check() -> None:
        g.request_id = uuid.uuid4().hex
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        origin = request.headers.get("Origin")
        if origin and origin != "null" and urlsplit(origin).netloc != request.host:
            abort(400)
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(400)
