"""The rules that nobody should have to remember: what belongs together is there, and stays apart what must."""

import ast
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import yaml
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from bot.steps import answering, people, talking
from bot.steps.control import ACTIONS
from content.check import HANDLED, LEVELS
from content.library import Library
from safeguarding.judgement import NOTHING
from safeguarding.levels import Category, Level
from safeguarding.screening import with_understanding
from scheduler.retention import RULES
from settings import Settings
from storage.database import connect, migration_settings, upgrade
from storage.rotation import sealed_columns
from storage.tables import Base
from tests.conftest import ROOT

FOLDERS = (
    "bot",
    "checkins",
    "content",
    "dashboard",
    "demo",
    "feedback",
    "nlu",
    "people",
    "safeguarding",
    "scheduler",
    "storage",
    "wiring",
)
LONGEST_MODULE = 350
#: Who may import an outside library: a folder or a module, by the start of its path.
KEPT_TO = {
    "telegram": ("bot/telegram/",),
    "apscheduler": ("scheduler/",),
    "flask": ("dashboard/",),
    "rasa": ("nlu/components/",),
}


def modules() -> list[Path]:
    """Return every module of the program."""
    found = [
        *ROOT.glob("*.py"),
        *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")),
    ]
    return sorted(path for path in found if ".venv" not in path.parts)


def name(path: Path) -> str:
    """Return a module's path from the top."""
    return path.relative_to(ROOT).as_posix()


def every_module(*under: str, but: str = "-") -> pytest.MarkDecorator:
    """Run a test once for each module, or for each under some folders."""
    wanted = [
        one for one in modules() if name(one).startswith(under or "") and but not in name(one)
    ]
    return pytest.mark.parametrize("path", wanted, ids=name)


def imported(path: Path) -> Iterator[str]:
    """Yield the packages that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def table_rows(document: str) -> list[list[str]]:
    """Return the cells of every row of a document's tables."""
    lines = (ROOT / "docs" / document).read_text("utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| `")
    ]
    return [[cells[0].strip("`"), *cells[1:]] for cells in rows]


# Code


#: A migration is as long as it is.
@every_module(but="migrations/versions")
def test_a_module_fits_in_the_head(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@every_module()
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("suffix", [".py", ".yml", ".md", ".html", ".css", ".toml"])
def test_nothing_is_left_to_do(suffix: str) -> None:
    places = [ROOT, *(ROOT / folder for folder in (*FOLDERS, "docs", "benchmarks", "tools"))]
    files = [
        path
        for place in places
        for path in (place.glob(f"*{suffix}") if place == ROOT else place.rglob(f"*{suffix}"))
    ]
    kept = [path for path in files if not {".venv", "node_modules", "govuk"} & set(path.parts)]

    assert [
        name(path)
        for path in kept
        if re.search(r"\b(TODO|FIXME|XXX)\b(?!\s*\(#\d+\))", path.read_text("utf-8"))
    ] == []


@every_module()
def test_an_outside_library_stays_behind_its_door(path: Path) -> None:
    wrong = {
        library
        for library, doors in KEPT_TO.items()
        if library in set(imported(path)) and not name(path).startswith(doors)
    }

    assert wrong == set()


@every_module("bot/steps/", "checkins/", "feedback/", "people/", "safeguarding/", "storage/")
def test_nobody_prints_and_nobody_sleeps_in_the_steps(path: Path) -> None:
    calls = [
        node.func
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]

    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]
    assert not [
        call
        for call in calls
        if isinstance(call, ast.Attribute) and call.attr in {"sleep", "utcnow", "today"}
    ]


# Words


def said_in(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a module asks the library for: the method, and the id as a pattern."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        first = node.args[0]
        if node.func.attr in {"say", "reply", "label", "key"}:
            wanted = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for one in wanted:
                pattern = as_pattern(one)
                if pattern is not None:
                    yield node.func.attr, pattern


def as_pattern(node: ast.expr) -> str | None:
    """Return a string, with dots where it is filled in; None when it is not written here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
            for part in node.values
        )
    return None


@every_module("bot/", "checkins/", "feedback/", "people/", "safeguarding/")
def test_every_reply_and_button_that_is_asked_for_exists(path: Path, library: Library) -> None:
    known = {
        "say": library.replies,
        "reply": library.replies,
        "label": library.labels,
        "key": library.labels,
    }

    missing = [
        wanted
        for method, wanted in said_in(path)
        if not any(re.fullmatch(wanted, one) for one in known[method])
    ]

    assert missing == []


@every_module("bot/")
def test_every_reply_id_written_down_exists(path: Path, library: Library) -> None:
    # Also those kept in a variable first: whatever looks like an id of one of our groups of replies.
    groups = {one.split(".")[0] for one in library.replies}
    looks = re.compile(rf"(?:{'|'.join(sorted(groups))})\.[a-z0-9_]+(?:\.[a-z0-9_]+)*(?<!_)")
    written = {
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and looks.fullmatch(node.value)
    }

    assert written - set(library.replies) == set()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("category", list(Category))
def test_every_danger_has_a_reply(library: Library, category: Category, level: str) -> None:
    for third_party, age in product((False, True), (None, 16, 17, 18, 24)):
        reply = library.safety_reply(category, level, third_party=third_party, age=age)

        assert "{{seen}}" in reply.text


def test_levels_and_categories_are_those_of_the_taxonomy(library: Library) -> None:
    assert {str(one) for one in Level} == set(library.ids.levels)
    assert {str(one) for one in Category} == set(library.ids.categories)


def taught() -> set[str]:
    """Return every intent with training messages."""
    files = sorted((ROOT / "nlu" / "data").glob("*.yml"))
    return {
        example["intent"]
        for path in files
        for example in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        if "intent" in example
    }


def answered(library: Library) -> set[str]:
    """Return every intent that somebody gets an answer to."""
    replies = {
        one.split(".", 1)[1]
        for one in library.replies
        if one.split(".")[0] in {"talk", "bot", "control", "check_in", "tell_us", "people"}
    }
    screened = {
        one
        for one in library.ids.intents["danger"]
        if with_understanding(NOTHING, one, 1).level is not Level.NONE
    }
    steps = (
        set(ACTIONS)
        | set(people.REQUESTS)
        | {intent for one in library.scenarios.values() for intent in one.intents}
        | set(answering.FOLLOW_UPS)
        | set(HANDLED)
    )
    return set(library.articles) | replies | screened | steps | {"not_that_one"}


def test_every_intent_is_answered(library: Library) -> None:
    assert library.ids.every_intent - answered(library) == set()


def test_every_intent_that_is_taught_is_answered(library: Library) -> None:
    assert taught() - answered(library) == set()


def test_every_intent_is_taught(library: Library) -> None:
    assert library.ids.every_intent - taught() == set()


def test_every_article_is_taught_and_every_question_taught_has_its_article(
    library: Library,
) -> None:
    assert set(library.articles) - taught() == set()
    assert {one for one in taught() if "." in one} - set(library.articles) == set()


def test_nothing_is_taught_that_the_taxonomy_does_not_know(library: Library) -> None:
    assert taught() - library.ids.every_intent - library.ids.articles == set()


def test_every_article_of_the_first_release_is_written(library: Library) -> None:
    wanted = {
        one for one in library.ids.firsts if one.split(".")[0] in {"housing", "rights", "status"}
    }

    assert wanted - set(library.articles) == set()


def test_everything_unreadable_has_its_own_words(library: Library) -> None:
    assert {f"unreadable.{one}" for one in (*talking.UNREADABLE.values(), "other")} <= set(
        library.replies
    )


# Documents


def test_every_setting_is_explained() -> None:
    assert {row[0] for row in table_rows("settings.md")} == {
        f"KITH_{one.upper()}" for one in Settings.model_fields
    }


def test_every_setting_has_the_default_that_is_written() -> None:
    for row in table_rows("settings.md"):
        default = Settings.model_fields[row[0].removeprefix("KITH_").lower()].default

        assert row[1].strip("`") == written(default), row[0]


def written(default: object) -> str:
    """Return a default as the document writes it."""
    if default is None or default == ():
        return "none"
    if isinstance(default, timedelta):
        return str(default.total_seconds())
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_every_table_with_words_has_a_rule_and_a_row() -> None:
    sealed = {column.table.name for column in sealed_columns()}
    rows = {row[0]: row[-1] for row in table_rows("privacy.md")}

    assert sealed - set(RULES) == set()
    assert rows == RULES


def test_every_table_is_spoken_of() -> None:
    document = (ROOT / "docs" / "privacy.md").read_text("utf-8")

    assert [one for one in Base.metadata.tables if f"`{one}`" not in document] == []
    assert set(RULES) - set(Base.metadata.tables) == set()


# The database


@pytest.fixture
def empty(postgres: str) -> Iterator[Engine]:
    """A database with nothing in it."""
    made = f"kith_{uuid.uuid4().hex[:12]}"
    at = make_url(postgres).set(drivername="postgresql+psycopg")
    admin = create_engine(at, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{made}"'))
    admin.dispose()
    engine = create_engine(at.set(database=made))
    yield engine
    engine.dispose()


def url(engine: Engine) -> str:
    """Return where an engine's database is."""
    return engine.url.render_as_string(hide_password=False)


def test_the_migrations_make_exactly_our_tables(empty: Engine) -> None:
    database = connect(url(empty))
    upgrade(database)
    database.close()

    with empty.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )

        assert compare_metadata(context, Base.metadata) == []


def test_migrations_go_down_to_nothing_and_up_again(empty: Engine) -> None:
    database = connect(url(empty))
    upgrade(database)
    tables = set(inspect(empty).get_table_names())

    command.downgrade(migration_settings(database), "base")
    left = set(inspect(empty).get_table_names())
    upgrade(database)
    database.close()

    assert left <= {"alembic_version"}
    assert set(inspect(empty).get_table_names()) == tables


def test_starting_twice_changes_nothing(empty: Engine) -> None:
    database = connect(url(empty))
    upgrade(database)
    upgrade(database)
    database.close()

    assert set(Base.metadata.tables) <= set(inspect(empty).get_table_names())


def test_no_two_locks_share_a_number() -> None:
    """The bot holds one as long as it leads: whoever waited for the same would wait for ever."""
    found = [
        number
        for path in modules()
        for number in re.findall(r"_LOCK = ([\d_]+)", path.read_text("utf-8"))
    ]

    assert len(found) >= 3
    assert len(set(found)) == len(found)
