"""What staff type to take figures out: every kind of file, kept on record, and refused in a sentence."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cli import app
from participation.writing import FORMATS
from storage.database import Database
from storage.tables import Release, Trace
from storage.tables.people import Role
from tests import cast
from tests.conftest import KEYS
from tests.participation.told import keep, some

PAT, WREN = "pat@example.org", "wren@example.org"
OCTOBER = ("2026-10-05", "2026-10-20")


class Exporting:
    """The program with forty statements of October 2026, and Pat and Wren who work here."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "KITH_DATABASE_URL": database.url,
            "KITH_SECRET_KEYS": KEYS[0],
            "KITH_DATA_DIR": str(folder),
            "COLUMNS": "200",
        }

    def __call__(
        self,
        name: str,
        *more: str,
        kind: str = "json",
        days: tuple[str, str] = OCTOBER,
        ok: bool = True,
    ) -> str:
        """Export, and return what was printed."""
        arguments = ["export", "themes", "--from", days[0], "--to", days[1], "--format", kind]
        arguments += ["-o", str(self.folder / name), *more]
        found = CliRunner().invoke(app, arguments, env=self.environment)
        assert (found.exit_code == 0) is ok, found.output
        return found.output


@pytest.fixture
def export(
    quiet_again: None, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Exporting:
    del quiet_again
    monkeypatch.chdir(tmp_path)
    with database.transaction() as session:
        cast.wren(session)
        cast.staff(session, "Pat", Role.PARTICIPATION)
        keep(session, some(40, 1), date(2026, 10, 9))
    return Exporting(database, tmp_path)


def test_every_kind_of_file_comes_out_and_shows_the_same_release_of_figures(
    export: Exporting, database: Database
) -> None:
    for kind in FORMATS:
        assert "SHA-256" in export(f"report.{kind}", "--as", PAT, kind=kind)
        assert (export.folder / f"report.{kind}").stat().st_size > 500
    body = json.loads((export.folder / "report.json").read_text("utf-8"))
    assert body["summary"][0] == "About 40 statements in October 2026."
    assert body["period"]["first_month"] == "2026-10-01"
    with database.transaction() as session:
        assert len({str(one.shown) for one in session.scalars(select(Release))}) == 1
        traces = list(session.scalars(select(Trace)))
        assert [one.action for one in traces] == ["export_themes"] * len(FORMATS)


def test_no_number_below_five_is_in_the_file(export: Exporting) -> None:
    export("report.json")
    body = json.loads((export.folder / "report.json").read_text("utf-8"))
    numbers = [
        cell
        for table in body["tables"]
        for row in table["rows"]
        for cell in row[1:]
        if isinstance(cell, int)
    ]
    assert numbers
    assert min(numbers) >= 5


@pytest.mark.parametrize(
    ("more", "kind", "days", "says"),
    [
        (("--as", WREN), "json", OCTOBER, "Only the participation team and managers"),
        (("--as", "nobody@example.org"), "json", OCTOBER, "No member of staff"),
        (("--council", "atlantis"), "json", OCTOBER, "The council must be one of"),
        ((), "docx", OCTOBER, "The format must be one of"),
        ((), "json", OCTOBER[::-1], "before the first"),
        ((), "json", ("2999-01-01", "2999-02-01"), "has not begun"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_no_file(
    export: Exporting, more: tuple[str, ...], kind: str, days: tuple[str, str], says: str
) -> None:
    assert says in export("report.json", *more, kind=kind, days=days, ok=False)
    assert not (export.folder / "report.json").exists()


def test_a_file_is_never_overwritten(export: Exporting) -> None:
    (export.folder / "report.json").write_text("mine")
    assert "always a new file" in export("report.json", ok=False)
    assert (export.folder / "report.json").read_text() == "mine"
