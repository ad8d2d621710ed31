"""A report as a spreadsheet, laid out as the Government Analysis Function asks of accessible ones.

A cover, a list of contents, notes, then one sheet for each table: title in A1, what it is below, the
table marked as one, no empty, merged or hidden cells, no colour that means anything.
Source: GAF, "Releasing statistics in spreadsheets".
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter
from odfdo import Document, Row
from odfdo import Table as OdfTable

from checkins.intouch import formula_safe
from participation.report import Report
from participation.writing.plain import action_cells, watermark

_WIDEST = 60
Cells = Sequence[str | int]


@dataclass(frozen=True)
class Sheet:
    """One sheet: lines of text, then perhaps a table with its headings first."""

    name: str
    lines: tuple[str, ...]
    table: tuple[Cells, ...] = ()


def sheets_of(report: Report) -> Iterator[Sheet]:
    """Yield the sheets of a report, in the order they are read."""
    words = report.words
    cover = (report.title, report.council, report.period_said, *report.summary)
    yield Sheet("Cover", (*cover, str(words.raw["quotes"]), watermark(report)))
    contents = [("Sheet", "Title"), ("Notes", words.heading("about"))]
    contents += [(one.id, one.title) for one in report.tables]
    contents += [("actions", words.heading("actions"))]
    yield Sheet("Contents", ("Contents", "One line for each sheet."), tuple(contents))
    notes = tuple((number, note) for number, note in enumerate(words.raw["about"], 1))
    yield Sheet("Notes", (words.heading("about"),), (("Note", "What it says"), *notes))
    for one in report.tables:
        about = f"Numbers of {one.unit}. {one.about} Some are left out: see Notes."
        yield Sheet(one.id, (one.title, about, report.period_said), (one.headings, *one.rows))
    log = tuple(action_cells(one) for one in report.actions)
    columns = tuple(words.raw["actions"]["columns"].values())
    said = (words.heading("actions"),) + (() if log else (str(words.raw["actions"]["none"]),))
    yield Sheet("actions", said, (columns, *log) if log else ())


def _safe(cells: Iterable[str | int]) -> list[str | int]:
    return [formula_safe(one) if isinstance(one, str) else one for one in cells]


def xlsx_file(report: Report) -> bytes:
    """Return the report as an Excel workbook, without formulas."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": report.title, "comments": watermark(report)})
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        for sheet in sheets_of(report):
            page = book.add_worksheet(sheet.name)
            page.set_column(0, 0, _WIDEST / 2)
            page.set_column(1, 8, _WIDEST / 4)
            for at, line in enumerate(sheet.lines):
                page.write_string(at, 0, formula_safe(line), bold if at == 0 else None)
            if not sheet.table:
                continue
            top, headings = len(sheet.lines), _safe(sheet.table[0])
            last = (top + len(sheet.table) - 1, len(headings) - 1)
            columns = [{"header": str(one)} for one in headings]
            page.add_table(
                top,
                0,
                *last,
                {
                    "name": f"table_{sheet.name}",
                    "columns": columns,
                    "data": [_safe(row) for row in sheet.table[1:]],
                    "autofilter": False,
                    "style": None,
                },
            )
            page.set_row(top, None, wrap)
    return out.getvalue()


def ods_file(report: Report) -> bytes:
    """Return the report as an OpenDocument spreadsheet."""
    document = Document("spreadsheet")
    document.body.clear()
    document.meta.title = report.title
    document.meta.comments = watermark(report)
    for sheet in sheets_of(report):
        table = OdfTable(sheet.name)
        for line in sheet.lines:
            table.append_row(_row([line]))
        for cells in sheet.table:
            table.append_row(_row(cells))
        document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _row(cells: Iterable[str | int]) -> Row:
    row = Row()
    row.set_values(_safe(cells))
    return row
