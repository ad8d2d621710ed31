"""Files that leave: every kind says the same, shows no small number, and runs nothing."""

import csv
import io
import json
import re
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime

import odfdo
import pytest

from content.participation import load_report_words
from participation.periods import Period
from participation.report import Done, Report, Table
from participation.writing import FORMATS, charts

MADE = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
EVIL = '=HYPERLINK("http://x","y")'


def table(table_id: str, *rows: tuple[str | int, ...]) -> Table:
    about = load_report_words().tables[table_id]
    headings = (about.rows, "All", "Praise", "Problem")
    return Table(table_id, about.title, about.unit, about.about, headings, rows)


@pytest.fixture(scope="module")
def report() -> Report:
    words = load_report_words()
    return Report(
        reference="R-222222",
        title=words.raw["title"],
        council="Cheshire East",
        period=Period(date(2026, 10, 1), date(2026, 12, 1)),
        made_at=MADE,
        made_by="Pat, participation",
        summary=("About 40 statements in October 2026.",),
        tables=(
            table("people", ("October 2026", 25, "fewer than 5", "[c]")),
            table("themes", ("Repairs", 15, 7, "[c]"), ("Moving", "fewer than 5", "[c]", "[c]")),
            table("funnel", ("Have joined", 30, "[c]", "[c]")),
        ),
        actions=(Done("A-222222", "12/26", "Repairs", "Pat", EVIL, "", MADE.date(), "Done"),),
        words=words,
    )


def test_csv_has_a_line_for_each_number_and_runs_nothing(report: Report) -> None:
    body = FORMATS["csv"](report).decode("utf-8")
    assert body.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(body.removeprefix("\ufeff"))))
    assert rows[0][:5] == ["table", "row", "column", "value", "unit"]
    assert ["What statements were about", "Repairs", "Praise", "7", "statements"] in [
        row[:5] for row in rows
    ]
    assert len(rows) == 1 + 4 * 3
    assert all("R-222222" in row[-1] for row in rows[1:])


@pytest.mark.parametrize("first", list("=+-@\t\r\n\0＝＋－＠"))
def test_nothing_that_begins_like_a_formula_is_one(report: Report, first: str) -> None:
    council = f"{first}1+1"
    rows = csv.reader(io.StringIO(FORMATS["csv"](replace(report, council=council)).decode()))
    assert {row[5] for row in list(rows)[1:]} == {f"'{council}"}


def test_json_says_what_the_report_says(report: Report) -> None:
    body = json.loads(FORMATS["json"](report))
    assert body["period"] == {
        "said": "October 2026 to December 2026",
        "first_month": "2026-10-01",
        "last_month": "2026-12-01",
    }
    assert body["tables"][1]["rows"][0] == ["Repairs", 15, 7, "[c]"]
    assert body["notes"]


def test_a_workbook_has_no_formula_no_link_and_nothing_hidden(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(FORMATS["xlsx"](report))) as book:
        files = {name: book.read(name).decode() for name in book.namelist() if "xml" in name}
    sheets = [text for name, text in files.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3 + 3 + 1
    for one in sheets:
        assert "<f>" not in one
        assert "<hyperlink" not in one
        assert "<mergeCell" not in one
    assert 'state="hidden"' not in files["xl/workbook.xml"]
    assert "'=HYPERLINK" in files["xl/sharedStrings.xml"]
    assert sum("<table" in text for name, text in files.items() if "tables/" in name) == 6


def test_an_open_document_reads_back(report: Report) -> None:
    document = odfdo.Document(io.BytesIO(FORMATS["ods"](report)))
    names = [one.name for one in document.body.tables]
    assert names == ["Cover", "Contents", "Notes", "people", "themes", "funnel", "actions"]
    read = {one.name: one.get_values() for one in document.body.tables}
    assert ["Repairs", 15, 7, "[c]"] in read["themes"]
    assert any(f"'{EVIL}" in row for row in read["actions"])


def test_a_page_has_each_table_with_headings_and_needs_nothing_else(report: Report) -> None:
    page = FORMATS["html"](report).decode()
    assert page.count("<caption>") == 4
    assert page.count('scope="row"') == 4
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    assert "&lt;" not in page.split("<main>")[0]
    assert EVIL.replace('"', "&#34;") in page


def test_a_chart_shows_no_number_that_is_not_shown(report: Report) -> None:
    themes = report.table("themes")
    drawn = charts.draw(themes)
    assert drawn.startswith("<svg")
    assert "Repairs" in drawn
    assert "Moving" not in drawn
    assert not charts.worth_drawing(replace(themes, rows=(("Moving", "[c]", "[c]", "[c]"),)))


def test_a_pdf_is_tagged_and_says_its_language(report: Report) -> None:
    body = FORMATS["pdf"](report)
    assert body.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)endstream", body, re.DOTALL)
    inside = b"".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x")
    assert b"/MarkInfo" in inside
    assert b"/Lang (en-GB)" in inside
    assert b"/Alt" in inside
    assert b"pdfuaid" in body + inside
