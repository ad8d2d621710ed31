"""A report as a page and as a tagged PDF: the same words, tables and charts."""

import base64
import io
from functools import cache
from importlib import import_module

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from participation.report import Report
from participation.writing import charts
from participation.writing.plain import action_cells, watermark


class PageError(Exception):
    """A PDF cannot be made on this machine; the sentence says what is missing."""


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("participation", "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def html_file(report: Report) -> bytes:
    """Return the report as one page that needs nothing else: no script, no font, no link."""
    return _page(report).encode()


def pdf_file(report: Report) -> bytes:
    """Return the report as a tagged PDF (PDF/UA-1). Raises PageError without the system's Pango."""
    try:
        weasyprint = import_module("weasyprint")
    except OSError as error:
        message = (
            "A PDF needs the library Pango, which this machine does not have. "
            "On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
        )
        raise PageError(message) from error
    out = io.BytesIO()
    weasyprint.HTML(string=_page(report)).write_pdf(out, pdf_variant="pdf/ua-1")
    return out.getvalue()


def _page(report: Report) -> str:
    drawn = {
        one.id: base64.b64encode(charts.draw(one).encode()).decode()
        for one in report.tables
        if charts.worth_drawing(one)
    }
    return (
        _pages()
        .get_template("report.html")
        .render(
            report=report,
            words=report.words,
            charts=drawn,
            log=[action_cells(one) for one in report.actions],
            watermark=watermark(report),
        )
    )
