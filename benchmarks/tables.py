"""How figures are written in the reports: lists, tables, milliseconds, ratios."""

from collections.abc import Iterable, Sequence

MIB = 1024**2
#: Stands where nothing was measured.
ABSENT = "-"


def milliseconds(value: float | None) -> str:
    """Return seconds as whole milliseconds."""
    return ABSENT if value is None else f"{value * 1000:.0f}"


def ratio(above: float | None, below: float | None) -> str:
    """Return one beside the other."""
    return f"{above / below:.2f}" if above and below else ABSENT


def listed(lines: Iterable[str]) -> str:
    """Return lines as a list."""
    return "".join(f"- {line}\n" for line in lines)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with a line for each row."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
