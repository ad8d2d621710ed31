"""Sessions that live on the server (safety.md SEC-07): the cookie is a random id and nothing else."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError

from storage import doors
from storage.database import Database

#: A browser takes a `__Host-` cookie only over TLS, from this host, for the whole of it.
SAFE_NAME, PLAIN_NAME = "__Host-kith", "kith"


class Visiting(dict[str, Any], SessionMixin):
    """What is known of one browser."""

    def __init__(self, data: dict[str, Any] | None = None, secret: str = "") -> None:
        """Start with what was kept."""
        super().__init__(data or {})
        self.secret, self.kept = secret, bool(secret)
        self.over = False

    def renew(self) -> str:
        """Take a new id and return the old one: nobody who knew it comes in with us."""
        old, self.secret, self.kept = self.secret, secrets.token_urlsafe(24), False
        return old


class Visits(SessionInterface):
    """Keeps sessions in the database, sealed, and ends them after so long without a click."""

    def __init__(self, database: Database, clock: Callable[[], datetime], *, safe: bool) -> None:
        """Remember the parts. `safe` is false only on a machine of one's own, without TLS."""
        self._database, self._clock, self._safe = database, clock, safe
        self.name = SAFE_NAME if safe else PLAIN_NAME

    def open_session(self, app: Flask, request: Request) -> Visiting:
        """Return what is known of a browser; nothing when it is new or was away too long."""
        del app
        secret = request.cookies.get(self.name, "")
        if not secret or request.path.startswith("/static/"):
            return Visiting()
        try:
            with self._database.transaction() as session:
                found = doors.visit(session, secret, self._clock())
                return Visiting(dict(found.data), secret) if found else Visiting()
        except SQLAlchemyError:
            return Visiting()  # pages that need nobody still work: practice, health

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what is known, and when it was last seen."""
        del app
        visit = session if isinstance(session, Visiting) else Visiting()
        if visit.over or (not visit and visit.kept):
            self._end(visit, response)
            return
        if not visit:
            return
        if not visit.secret:
            visit.renew()
        with self._database.transaction() as opened:
            staff_id = visit.get("staff_id")
            doors.keep_visit(opened, visit.secret, dict(visit), staff_id, self._clock())
        if not visit.kept:
            response.set_cookie(
                self.name,
                visit.secret,
                secure=self._safe,
                httponly=True,
                samesite="Strict",
                path="/",
            )

    def _end(self, visit: Visiting, response: Response) -> None:
        with self._database.transaction() as opened:
            doors.end_visit(opened, visit.secret)
        response.delete_cookie(self.name, path="/", secure=self._safe, samesite="Strict")
