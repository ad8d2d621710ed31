"""The words of reports about what young people say, read from `participation.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from content.articles import ContentError
from content.ids import FOLDER, read_yaml

WORDS = FOLDER / "participation.yml"


@dataclass(frozen=True)
class TableWords:
    """What is said about one table: its title, what its rows are, what it counts, and what that means."""

    title: str
    rows: str
    unit: str
    about: str


@dataclass(frozen=True)
class ReportWords:
    """Every word of a report that is not a name from somewhere else."""

    raw: Mapping[str, Any]
    tables: Mapping[str, TableWords]

    def heading(self, name: str) -> str:
        """Return a heading."""
        return str(self.raw["headings"][name])

    def value(self, *values: str) -> str:
        """Return how a value of a dimension, or several put together, is said."""
        said: Mapping[str, str] = self.raw["values"]
        whole = "+".join(values)
        return said[whole] if whole in said else ", ".join(said[one] for one in values)


@cache
def load_report_words() -> ReportWords:
    """Return the words of reports. Raises ContentError when a table lacks some."""
    raw = read_yaml(WORDS)
    try:
        tables = {name: TableWords(**about) for name, about in raw["tables"].items()}
    except TypeError as error:
        message = f"participation.yml: a table needs title, rows, unit and about ({error})."
        raise ContentError(message) from error
    return ReportWords(raw, tables)
