"""The pages, asked as a browser asks: protected, escaped, and honest about how the service is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from content.library import Library
from dashboard.app import HEADERS, create_app
from dashboard.health import Ages, measure
from dashboard.practice import COOKIE, LONGEST, Bubble, PracticeKey
from feedback import asking
from people.hours import Rota
from storage import health
from storage.database import Database
from tests import cast
from tests.cast import NOW
from tests.feedback.test_hearing import statement

WELL = Ages(
    {
        "last_poll": timedelta(seconds=3),
        "last_tick": timedelta(seconds=5),
        "oldest_unhandled_update": None,
    },
    database=True,
    model=True,
)
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</textarea><svg onload=alert(1)>",
    "\"><a href='javascript:alert(1)'>x</a>",
    "{{ 7 * 7 }} {% raw %}",
    "\u202e<b>backwards</b>",
]


class ScriptedTalk:
    """A conversation that answers with the words it is given, and remembers what it heard."""

    def __init__(self) -> None:
        """Hear nothing yet."""
        self.heard: list[tuple[Any, str, int | None]] = []
        self.answer = [Bubble("Call 999 now.", danger=True, rows=((PracticeKey("Help now", 0),),))]

    def __call__(self, state: Any, text: str, pressed: int | None) -> tuple[Any, list[Bubble]]:
        """Stand for the conversation."""
        self.heard.append((state, text, pressed))
        return len(self.heard), list(self.answer)


@pytest.fixture
def talk() -> ScriptedTalk:
    return ScriptedTalk()


@pytest.fixture
def browser(talk: ScriptedTalk, library: Library) -> Iterator[FlaskClient]:
    """A browser on pages whose service is well."""
    with pages(talk, library).test_client() as client:
        yield client


def pages(talk: ScriptedTalk, library: Library, ages: Ages = WELL) -> Any:
    """Return the application."""
    return create_app(talk=talk, library=library, ages=lambda: ages, secret="s" * 32)


def token(browser: FlaskClient) -> str:
    """Return the token that the page's form carries."""
    return browser.get("/practice").text.split('name="token" value="')[1].split('"')[0]


def say(browser: FlaskClient, text: str) -> str:
    """Say something on the page, and return the page that follows."""
    return browser.post(
        "/practice", data={"token": token(browser), "text": text}, follow_redirects=True
    ).text


@pytest.mark.parametrize(
    "path", ["/", "/practice", "/healthz", "/readyz", "/metrics", "/nowhere", "/static/kith.css"]
)
def test_every_page_carries_the_headers_that_protect_it(browser: FlaskClient, path: str) -> None:
    with browser.get(path) as answer:
        found = answer.headers

    for name, value in HEADERS.items():
        if not (name == "Cache-Control" and path.startswith("/static/")):
            assert found[name] == value


def test_no_page_may_run_a_script() -> None:
    policy = HEADERS["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_no_page_has_a_script(browser: FlaskClient) -> None:
    assert "<script" not in browser.get("/practice").text


def test_home_leads_to_the_practice_chat(browser: FlaskClient) -> None:
    assert browser.get("/").location == "/practice"


def test_the_conversation_begins_by_itself_and_once(
    browser: FlaskClient, talk: ScriptedTalk
) -> None:
    browser.get("/practice")
    browser.get("/practice")

    assert talk.heard == [(None, "/start", None)]


def test_what_is_said_is_answered_on_the_page(browser: FlaskClient, talk: ScriptedTalk) -> None:
    page = say(browser, "can i stay after 18")

    assert "can i stay after 18" in page
    assert "kith-bubble--danger" in page
    assert talk.heard[-1] == (1, "can i stay after 18", None)


def test_a_button_is_pressed_by_its_number_and_shown_by_its_words(
    browser: FlaskClient, talk: ScriptedTalk
) -> None:
    page = browser.post(
        "/practice", data={"token": token(browser), "press": "0"}, follow_redirects=True
    ).text

    assert talk.heard[-1] == (1, "", 0)
    assert page.count("Help now") > 2


@pytest.mark.parametrize("path", ["/practice", "/practice/again"])
@pytest.mark.parametrize("wrong", ["", "guessed", "é", None])
def test_without_the_pages_token_nothing_is_taken(
    browser: FlaskClient, talk: ScriptedTalk, path: str, wrong: str | None
) -> None:
    browser.get("/practice")

    answer = browser.post(
        path, data={"text": "hello"} | ({} if wrong is None else {"token": wrong})
    )

    assert answer.status_code == 400
    assert len(talk.heard) == 1


def test_one_browsers_token_is_no_use_to_another(talk: ScriptedTalk, library: Library) -> None:
    app = pages(talk, library)
    mine, theirs = app.test_client(), app.test_client()

    answer = theirs.post("/practice", data={"token": token(mine), "text": "hello"})

    assert answer.status_code == 400


def test_one_browser_does_not_see_anothers_conversation(
    talk: ScriptedTalk, library: Library
) -> None:
    app = pages(talk, library)
    mine, theirs = app.test_client(), app.test_client()

    say(mine, "something private")

    assert "something private" in mine.get("/practice").text
    assert "something private" not in theirs.get("/practice").text


def test_start_again_forgets_the_conversation(browser: FlaskClient) -> None:
    say(browser, "something private")

    browser.post("/practice/again", data={"token": token(browser)})

    assert "something private" not in browser.get("/practice").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: FlaskClient) -> None:
    [cookie] = browser.get("/practice").headers.getlist("Set-Cookie")

    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_written_is_shown_as_text(browser: FlaskClient, attack: str) -> None:
    page = say(browser, attack)

    assert str(escape(attack)) in page
    assert attack not in page or attack == str(escape(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_answered_is_shown_as_text_too(
    browser: FlaskClient, talk: ScriptedTalk, attack: str
) -> None:
    talk.answer = [
        Bubble(
            attack,
            rows=(
                (PracticeKey(attack, 0), PracticeKey(attack, url="https://example.org/?" + attack)),
            ),
        )
    ]

    page = say(browser, "hello")

    for tag in ("<script", "<img", "<svg", "<a href='javascript", "<b>"):
        assert tag not in page


def test_a_very_long_message_is_cut_like_on_telegram(
    browser: FlaskClient, talk: ScriptedTalk
) -> None:
    say(browser, "x" * (LONGEST + 500))

    assert len(talk.heard[-1][1]) == LONGEST


def test_a_huge_form_is_refused(browser: FlaskClient) -> None:
    kept = token(browser)

    assert browser.post("/practice", data={"token": kept, "text": "x" * 100_000}).status_code == 413


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_said_is_nothing_heard(browser: FlaskClient, talk: ScriptedTalk, text: str) -> None:
    say(browser, text)

    assert len(talk.heard) == 1


@pytest.mark.parametrize("pressed", ["-1", "x", "0x0", "²", "٣", "1" * 5000])
def test_a_button_that_is_not_a_number_of_ours_breaks_nothing(
    browser: FlaskClient, pressed: str
) -> None:
    answer = browser.post("/practice", data={"token": token(browser), "press": pressed})

    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/practice/again", 405), ("DELETE", "/practice", 405)],
)
def test_a_problem_is_a_page_in_plain_words(
    browser: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = browser.open(path, method=method)

    assert answer.status_code == status
    assert "Sorry, there is a problem" in answer.text
    assert "Traceback" not in answer.text


# How the service is


def test_a_service_that_is_well_is_ready(browser: FlaskClient) -> None:
    answer = browser.get("/readyz")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["ready"] is True
    assert answer.json["late"] == []


def test_without_a_database_the_page_says_so_and_is_not_ready(
    talk: ScriptedTalk, library: Library
) -> None:
    gone = measure(None, lambda: True, NOW, expects_poll=True)

    answer = pages(talk, library, gone).test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json["database"] == "down"
    assert answer.json["ready"] is False


def test_a_database_that_does_not_answer_is_a_finding_and_not_an_error() -> None:
    engine = create_engine("postgresql+psycopg://nobody@/nothing?host=/nowhere")
    away = Database("", engine, sessionmaker(engine))

    found = measure(away, lambda: True, NOW, expects_poll=True)

    assert not found.database
    assert not found.well


def test_the_process_is_alive_even_when_nothing_else_is(
    talk: ScriptedTalk, library: Library
) -> None:
    browser = pages(talk, library, Ages()).test_client()

    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 503


def test_without_the_model_it_is_not_ready(database: Database) -> None:
    with database.transaction() as session:
        health.beat(session, "tick.alerts", NOW)
        health.beat(session, "poll", NOW)

    assert measure(database, lambda: True, NOW, expects_poll=True).well
    assert not measure(database, lambda: False, NOW, expects_poll=True).well


def test_a_part_that_went_quiet_is_named(database: Database) -> None:
    with database.transaction() as session:
        health.beat(session, "tick.alerts", NOW - timedelta(minutes=3))
        health.beat(session, "poll", NOW - timedelta(minutes=3))

    assert measure(database, lambda: True, NOW, expects_poll=True).late() == [
        "last_poll",
        "last_tick",
    ]
    assert measure(database, lambda: True, NOW, expects_poll=False).late() == ["last_tick"]


def test_a_part_that_never_worked_is_named() -> None:
    assert Ages({"last_poll": None, "last_tick": None}, database=True, model=True).late() == [
        "last_poll",
        "last_tick",
    ]


def test_prometheus_gets_the_ages(browser: FlaskClient) -> None:
    text = browser.get("/metrics").text

    assert "kith_last_poll_seconds 3.0" in text
    assert "kith_oldest_unhandled_update_seconds -1.0" in text


def test_overdue_statements_are_counted_without_whose_they_are(
    database: Database, talk: ScriptedTalk, library: Library
) -> None:
    with database.transaction() as session:
        wren = cast.wren(session)
        amara = cast.chat(session, cast.AMARA, cast.person(session, wren))
        told = statement(session, library, amara, wren)
        told.due_at = NOW - timedelta(hours=1)
        long_ago = NOW - timedelta(days=14)
        asking.ask(
            session, amara, "Q-222222", "why", council=cast.COUNCIL, rota=Rota(), now=long_ago
        )

    ages = measure(database, lambda: True, NOW, expects_poll=False)

    assert ages.counts == {"overdue_statements": 1, "overdue_questions": 1, "empty_rotas": 0}
    with pages(talk, library, ages).test_client() as client:
        assert client.get("/readyz").json["counts"] == ages.counts
        assert "kith_overdue_statements 1.0" in client.get("/metrics").text
