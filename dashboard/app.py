"""The web application: its pages, its headers, and who is let near it."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from flask_security import Security, current_user
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from content.library import Library
from dashboard import guard
from dashboard.guard import Parts
from dashboard.health import Ages
from dashboard.pages import (
    accounts,
    announcements,
    audit,
    away,
    case_note,
    content,
    data,
    flags,
    handing_over,
    home,
    joining,
    office,
    people,
    person,
    plan,
    requests,
    rota,
    statements,
    surveys,
    system,
    timeline,
)
from dashboard.practice import Talk, practice_pages
from dashboard.signing_in import pages as door
from dashboard.signing_in.accounts import Accounts
from dashboard.signing_in.visits import Visits
from dashboard.words import everything, words
from people import access
from people.access import May
from people.hours import say_time
from storage import switch
from storage.tables import Staff

#: safety.md SEC-41 and SEC-42. No page has a script, so none is allowed.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cache-Control": "no-store",
}
#: The rooms of the dashboard: what it takes to see each, and its page.
ROOMS = (
    ("day", May.SIGN_OUT, "desk.day"),
    ("flags", May.SEE_FLAGS, "flags.queue"),
    ("requests", May.SEE_REQUESTS, "requests.listed"),
    ("statements", May.SEE_STATEMENTS, "statements.listed"),
    ("people", May.SEE_PEOPLE, "people.listed"),
    ("announcements", May.ANNOUNCE, "announcements.listed"),
    ("surveys", May.ANNOUNCE, "surveys.listed"),
    ("away", May.SET_COVER, "away.listed"),
    ("rota", May.SEE_ROTA, "rota.listed"),
    ("gaps", May.SEE_GAPS, "content.gaps"),
    ("content", May.SEE_CONTENT, "content.listed"),
    ("staff", May.SEE_STAFF, "office.staff"),
    ("system", May.SEE_SYSTEM, "system.state"),
    ("audit", May.SEE_AUDIT, "audit.seen"),
)


def create_app(
    *,
    talk: Talk,
    library: Library,
    ages: Callable[[], Ages],
    secret: str,
    parts: Parts | None = None,
    safe_cookies: bool = True,
) -> Flask:
    """Return the application. `talk` is the conversation, handed in: pages do not know the bot.

    Without `parts`, when the database cannot be opened, only the practice chat and the signs of
    health are served.
    """
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secret, MAX_CONTENT_LENGTH=64 * 1024)
    app.jinja_options = {
        "loader": ChoiceLoader(
            [
                PackageLoader("dashboard", "templates"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        )
    }
    app.jinja_env.globals["words"] = everything()
    practice = practice_pages(talk, library)
    app.register_blueprint(practice)
    _health_pages(app, ages)
    _errors(app)
    guard.protect(app)
    if parts is not None:
        app.extensions["kith_ages"] = ages
        _staff_pages(app, parts, safe_cookies=safe_cookies)
        CSRFProtect(app).exempt(practice)  # it has a token of its own, and changes nothing kept
    else:
        app.jinja_env.globals["rooms"] = ()
        app.add_url_rule("/", "home", _practice_only)

    @app.get("/accessibility")
    def accessibility() -> str:
        """Say how well these pages work for everybody."""
        return render_template("accessibility.html")

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    return app


def _practice_only() -> Any:
    from flask import redirect  # noqa: PLC0415 (only where there is nothing else to show)

    return redirect(url_for("practice.page"))


def _staff_pages(app: Flask, parts: Parts, *, safe_cookies: bool) -> None:
    """Add the pages behind the door."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SALT="ours are salted one by one",
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_ANONYMOUS_USER_DISABLED=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["kith"] = parts
    app.session_interface = Visits(parts.database, parts.clock, safe=safe_cookies)
    Security(app, Accounts(parts.database), register_blueprint=False)
    for blueprint in (
        door.pages,
        home.pages,
        flags.pages,
        requests.pages,
        statements.pages,
        people.pages,
        person.pages,
        timeline.pages,
        plan.pages,
        joining.pages,
        handing_over.pages,
        case_note.pages,
        announcements.pages,
        surveys.pages,
        data.pages,
        office.pages,
        content.pages,
        accounts.pages,
        audit.pages,
        away.pages,
        rota.pages,
        system.pages,
    ):
        app.register_blueprint(blueprint)
    app.add_url_rule("/", "home", home.home)

    @app.context_processor
    def who() -> dict[str, Any]:
        """Give each page its rooms and whose they are."""
        if request.endpoint == "static" or not current_user.is_authenticated:
            return {"rooms": ()}
        with parts.database.transaction() as session:
            member = session.get(Staff, current_user.id)
            off = switch.current(session)
        if member is None:
            return {"rooms": ()}
        names = everything()["rooms"]
        rooms = [
            {
                "text": names[name],
                "href": url_for(page),
                "active": request.path.startswith(url_for(page)),
            }
            for name, wish, page in ROOMS
            if access.allows(member, wish)
        ]
        told = (
            words("system", "off_banner").format(
                name=off.off_by.name, since=say_time(off.off_at, parts.clock(), parts.zone)
            )
            if off
            else ""
        )
        return {
            "rooms": rooms,
            "me": member.name,
            "my_role": member.role,
            "off_told": told,
            "off_reason": off.reason if off else "",
        }


def _health_pages(app: Flask, ages: Callable[[], Ages]) -> None:
    @app.get("/healthz")
    def alive() -> tuple[dict[str, str], int]:
        """Say that this process answers."""
        return {"status": "alive"}, 200

    @app.get("/readyz")
    def ready() -> tuple[dict[str, object], int]:
        """Say how old the last signs of life are, and whether that is well. Names nobody."""
        found = ages()
        return found.as_dict(), 200 if found.well else 503

    @app.get("/metrics")
    def metrics() -> Response:
        """Give the same ages to Prometheus."""
        registry = CollectorRegistry()
        found = ages()
        for name, count in found.counts.items():
            said = f"How many {name.replace('_', ' ')} there are"
            Gauge(f"kith_{name}", said, registry=registry).set(count)
        for name, seconds in found.seconds().items():
            gauge = Gauge(
                f"kith_{name}_seconds",
                f"Age of {name.replace('_', ' ')}",
                registry=registry,
            )
            gauge.set(-1 if seconds is None else seconds)
        return Response(generate_latest(registry), mimetype="text/plain")


def _errors(app: Flask) -> None:
    def page(number: int) -> Callable[[Exception], tuple[str, int]]:
        def show(_: Exception) -> tuple[str, int]:
            return render_template("problem.html", number=number), number

        return show

    for number in (400, 404, 405, 409, 413, 500):
        app.register_error_handler(number, page(number))
