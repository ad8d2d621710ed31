"""Which tables a release has, and which numbers each of them holds. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from participation import folding
from participation.counting import STAGES
from participation.figures import FEWEST_PEOPLE, Slot

MONTHS = "month"


@dataclass(frozen=True)
class Spec:
    """One table: what its rows count, and by what its columns cut them."""

    id: str
    rows: str
    columns: str


#: The order of the participation report; the four charts of Mind Of My Own are among them.
SPECS = (
    Spec("statements_by_month", "all", MONTHS),
    Spec("themes", "theme", "tone"),
    Spec("themes_by_age", "theme", "age"),
    Spec("areas_by_month", "area", MONTHS),
    Spec("feelings_by_month", "feeling", MONTHS),
    Spec("good_by_age", "good", "age"),
    Spec("not_good_by_age", "problem", "age"),
    Spec("home_by_age", "home", "age"),
    Spec("kinds_by_origin", "kind", "origin"),
)


@dataclass(frozen=True)
class Column:
    """One column: the total of the period, a month, or some values of a dimension."""

    values: tuple[str, ...] = ()
    month: date | None = None


@dataclass(frozen=True)
class Layout:
    """A table with its rows, its columns, and the slot at each crossing."""

    spec: Spec
    rows: tuple[str, ...]
    columns: tuple[Column, ...]
    slots: Mapping[tuple[str, Column], Slot]


@dataclass(frozen=True)
class Counted:
    """What layouts are made of: the ids of the months' counts, and how many people were in each value.

    `people` is by dimension and value; months are a dimension like any other.
    """

    months: Mapping[date, int]
    people: Mapping[str, Mapping[str, int]]


def layouts(counted: Counted, rows: Mapping[str, Sequence[str]]) -> Iterator[Layout]:
    """Yield each table; `rows` has the roots of each kind in the order they are read."""
    for spec in SPECS:
        columns = (Column(), *_columns(spec, counted))
        names = tuple(rows[spec.rows])
        slots = {
            (name, column): _slot(spec, name, column, counted)
            for name in names
            for column in columns
        }
        yield Layout(spec, names, columns, slots)


def people_layout(
    counts: Sequence[tuple[date, int]], people: Mapping[str, Mapping[str, int]]
) -> Layout:
    """Return the table of who took part: a row for each quarter, by age and by new and regular voices."""
    columns = [Column()]
    slots: dict[tuple[str, Column], Slot] = {}
    by_column = {Column(): ""}
    for dimension in ("age", "voice"):
        for values in folding.apart(dimension, people.get(dimension, {})):
            columns.append(Column(values))
            by_column[columns[-1]] = dimension
    for first, at in counts:
        for column in columns:
            slot = Slot("people", (at,), by_column[column], column.values)
            slots[first.isoformat(), column] = slot
    rows = tuple(first.isoformat() for first, _ in counts)
    return Layout(Spec("people", "people", "voice"), rows, tuple(columns), slots)


def funnel_layout(at: int) -> Layout:
    """Return the table of how far people get: a record, joined, wrote, told us something."""
    column = Column()
    slots = {(stage, column): Slot("funnel", (at,), "stage", (stage,)) for stage in STAGES}
    return Layout(Spec("funnel", "funnel", "stage"), STAGES, (column,), slots)


def _columns(spec: Spec, counted: Counted) -> Iterator[Column]:
    if spec.columns != MONTHS:
        people = counted.people.get(spec.columns, {})
        yield from (Column(values) for values in folding.apart(spec.columns, people))
        return
    people = counted.people.get(MONTHS, {})
    enough = [one for one in counted.months if people.get(one.isoformat(), 0) >= FEWEST_PEOPLE]
    if len(counted.months) > 1:
        yield from (Column(month=one) for one in enough)


def _slot(spec: Spec, name: str, column: Column, counted: Counted) -> Slot:
    if column.month is not None:
        return Slot(name, (counted.months[column.month],))
    every = tuple(counted.months.values())
    if not column.values:
        return Slot(name, every)
    return Slot(name, every, spec.columns, column.values)
