"""The web application: its pages, its headers, and who is let near it."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, render_template, request
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from content.ids import read_yaml
from content.library import Library
from dashboard.health import Ages
from dashboard.practice import Talk, practice_pages

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
WORDS = Path(__file__).with_name("words.yml")


def create_app(*, talk: Talk, library: Library, ages: Callable[[], Ages], secret: str) -> Flask:
    """Return the application. `talk` is the conversation, handed in: pages do not know the bot."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=64 * 1024,
    )
    app.jinja_options = {
        "loader": ChoiceLoader(
            [
                PackageLoader("dashboard", "templates"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        )
    }
    app.jinja_env.globals["words"] = read_yaml(WORDS)
    app.register_blueprint(practice_pages(talk, library))
    _health_pages(app, ages)
    _errors(app)

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    return app


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

    for number in (400, 404, 405, 413, 500):
        app.register_error_handler(number, page(number))
