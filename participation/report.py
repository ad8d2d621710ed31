"""A release as a report, in the order of the councils' participation reports. Pure.

Whoever writes it to a file adds nothing: every word, number and note is in here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from content.participation import ReportWords, load_report_words
from content.scenarios import load_scenarios
from content.themes import load_themes
from participation.figures import Figure, Kind, shown
from participation.periods import Period
from participation.releasing import Released
from participation.tables import Column, Layout

MOST_NAMED = 3


@dataclass(frozen=True)
class Table:
    """A table as it is read: a title, what it counts and what that means, headings and rows.

    The first cell of a row is its name; the rest are numbers, or words where no number is shown.
    """

    id: str
    title: str
    unit: str
    about: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True)
class Done:
    """One line of the action log: what the council promised or did."""

    reference: str
    minute: str
    subject: str
    officer: str
    action: str
    did: str
    updated_on: date
    status: str


@dataclass(frozen=True)
class Report:
    """Everything a report says."""

    reference: str
    title: str
    council: str
    period: Period
    made_at: datetime
    made_by: str
    summary: tuple[str, ...]
    tables: tuple[Table, ...]
    actions: tuple[Done, ...]
    words: ReportWords

    @property
    def period_said(self) -> str:
        """Return the period in words."""
        return said(self.period)

    def table(self, table_id: str) -> Table:
        """Return one table."""
        return next(one for one in self.tables if one.id == table_id)


def said(period: Period) -> str:
    """Return a period in words: its months."""
    if period.first == period.last:
        return f"{period.first:%B %Y}"
    return f"{period.first:%B %Y} to {period.last:%B %Y}"


def report_of(
    released: Released,
    council_name: str,
    actions: Sequence[Done],
    made_by: str,
    zone: ZoneInfo,
) -> Report:
    """Return the report of a release; `made_by` is who asked for it, for the watermark."""
    words = load_report_words()
    tables = tuple(_table(one, released, words) for one in released.layouts)
    return Report(
        reference=released.reference,
        title=str(words.raw["title"]),
        council=council_name,
        period=released.period,
        made_at=released.made_at.astimezone(zone),
        made_by=made_by,
        summary=tuple(_summary(released, tables, words)),
        tables=tables,
        actions=tuple(actions),
        words=words,
    )


def _table(layout: Layout, released: Released, words: ReportWords) -> Table:
    about = words.tables[layout.spec.id]
    headings = tuple(_heading(column, words) for column in layout.columns)
    rows = tuple(
        (
            _row_name(name, words),
            *(
                _cell(released.shown[layout.slots[name, column]], words)
                for column in layout.columns
            ),
        )
        for name in layout.rows
    )
    return Table(
        layout.spec.id, about.title, about.unit, about.about, (about.rows, *headings), rows
    )


def _heading(column: Column, words: ReportWords) -> str:
    if column.month is not None:
        return f"{column.month:%b %Y}"
    return words.value(*column.values) if column.values else str(words.raw["figures"]["total"])


def _row_name(root: str, words: ReportWords) -> str:
    kind, _, name = root.partition(":")
    match kind:
        case "theme":
            return load_themes()[name].title
        case "kind":
            return load_scenarios()[name].title
        case "area" | "good" | "problem":
            return str(words.raw["areas"][name])
        case "feeling" | "home":
            return words.value(name)
    found = words.raw["values"].get(root)
    return str(found) if found else f"{date.fromisoformat(root):%B %Y}"


def _cell(figure: Figure, words: ReportWords) -> str | int:
    match figure.kind:
        case Kind.EXACT | Kind.ROUNDED:
            return figure.number
        case Kind.FEW:
            return str(words.raw["figures"]["few"])
        case Kind.LEFT_OUT:
            return str(words.raw["figures"]["left_out"])


def _summary(released: Released, tables: Iterable[Table], words: ReportWords) -> Iterable[str]:
    said_of = words.raw["summary"]
    by_id = {one.id: one for one in tables}
    themes = [row for row in by_id["themes"].rows if isinstance(row[1], int)]
    statements = by_id["statements_by_month"].rows[0][1]
    if isinstance(statements, int):
        period = said(released.period)
        yield str(said_of["counted"]).format(statements=statements, period=period)
    else:
        yield str(said_of["none"])
    if themes:
        most = sorted(themes, key=lambda row: -int(row[1]))[:MOST_NAMED]
        yield str(said_of["themes"]).format(themes=", ".join(str(row[0]) for row in most))
    if released.not_read_yet:
        yield str(said_of["waiting"]).format(number=_about(released.not_read_yet, words))


def _about(number: int, words: ReportWords) -> str:
    """Return a number of what waits, as coarse as everything else."""
    return str(_cell(shown(number, total=True), words))
