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
from dashboard.words import words
from people import access, cover, opening
from people.access import May
from people.hours import Rota
from storage import audit
from storage.database import Database
from storage.tables import Person, Staff

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

    def rota(self, council: str | None, session: Session | None = None) -> Rota:
        """Return when the people of a council are at work."""
        return opening.rota(session, self.library, council or self.default_council, self.zone)


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
        """Record that this member of staff saw or did something, and in whose place.

        The chain is held from here until the page commits, so a list is put into words first.
        """
        if reason is None and person_id is not None and self.member.covers:
            reason = self._in_place_of(person_id)
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

    def whose(self, member: Staff | None) -> str:
        """Return whose something is, in words: theirs, and who does their work while they are away."""
        if member is None:
            return words("flags", "duty")
        if "kith_day" not in g:
            g.kith_day = cover.day_at(self.session, self.now)
        there = g.kith_day.stand_in(member)
        if there is not None and there.id == member.id:
            return member.name
        instead = there.name if there else words("flags", "duty")
        return words("away", "in_place_of").format(cover=instead, name=member.name)

    def _in_place_of(self, person_id: uuid.UUID) -> str | None:
        person = self.session.get(Person, person_id)
        adviser_id = person.adviser_id if person else None
        return f"stands in for {adviser_id}" if adviser_id in self.member.covers else None

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
                now = common.clock()
                return page(At(opened, cover.as_of(opened, member, now), now, common), **values)

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
