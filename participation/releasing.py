"""Makes a release: counts, holds the new figures against every earlier one, and keeps what was shown.

The caller commits, and with it the release: figures that were not kept must not leave (PRIV-30).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content.scenarios import load_scenarios
from content.themes import load_themes
from feedback.theming import stands
from participation import counting, tables
from participation.counting import Cell, Counts, Told
from participation.figures import FEWEST, Figure, Kind, Slot
from participation.guard import Known, Shown, guarded
from participation.periods import Period, moments
from participation.tables import Layout
from storage import participation as stored
from storage.tables import Count, Release, Staff
from storage.tables.base import new_reference

FEELINGS = ("great", "good", "ok", "not_good", "awful")
STATEMENTS, PEOPLE, FUNNEL = "statements", "people", "funnel"


@dataclass(frozen=True)
class Released:
    """A release: its tables, with what is shown in each slot."""

    reference: str
    council: str
    period: Period
    made_at: datetime
    layouts: tuple[Layout, ...]
    shown: Shown
    not_read_yet: int


def release(
    session: Session,
    council: str,
    period: Period,
    zone: ZoneInfo,
    now: datetime,
    by: Staff | None = None,
) -> Released:
    """Return what may be shown of a period, the same each time unless much was added since."""
    stored.hold_releases(session)
    areas = {one.id: one.area for one in load_themes().values()}
    gathered = _gather(session, council, period, zone)
    months = {
        month: _kept(session, council, STATEMENTS, Period(month, month), counts.cells, now)
        for month, counts in gathered.months.items()
    }
    quarters = [
        (one.first, _kept(session, council, PEOPLE, one, gathered.people[one], now))
        for one in period.quarters()
    ]
    begin, end = moments(period.first, zone)[0], moments(period.last, zone)[1]
    reached = stored.stages(session, council, begin, end)
    cells = {Cell("funnel", "stage", one): number for one, number in reached.items()}
    funnel = _kept(session, council, FUNNEL, period, cells, now)
    counted = tables.Counted({month: one.id for month, one in months.items()}, gathered.voices)
    layouts = (
        tables.people_layout([(first, one.id) for first, one in quarters], gathered.voices),
        *tables.layouts(counted, _rows()),
        tables.funnel_layout(funnel.id),
    )
    layouts, shown = _shown(session, council, layouts, areas)
    made = _keep(session, council, period, shown, now, by)
    return Released(
        reference=made.reference,
        council=council,
        period=period,
        made_at=made.made_at,
        layouts=layouts,
        shown=shown,
        not_read_yet=stored.count_unread(session, council, begin, end),
    )


def _rows() -> dict[str, Sequence[str]]:
    """Return the roots of each kind, in the order they are read."""
    themes = load_themes()
    areas = list(dict.fromkeys(one.area for one in themes.values()))
    return {
        "all": ["all"],
        "theme": [f"theme:{one}" for one in themes],
        "area": [f"area:{one}" for one in areas],
        "good": [f"good:{one}" for one in areas],
        "problem": [f"problem:{one}" for one in areas],
        "feeling": [f"feeling:{one}" for one in FEELINGS],
        "home": [f"home:{one}" for one in FEELINGS],
        "kind": [f"kind:{one}" for one in load_scenarios()],
    }


@dataclass
class _Gathered:
    """What was counted: each month's statements, each quarter's people, and the people in each value."""

    months: dict[date, Counts]
    people: dict[Period, Mapping[Cell, int]]
    voices: dict[str, dict[str, int]]


def _gather(session: Session, council: str, period: Period, zone: ZoneInfo) -> _Gathered:
    areas = {one.id: one.area for one in load_themes().values()}
    gathered = _Gathered({}, {}, defaultdict(dict))
    for quarter in period.quarters():
        voices: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        authors: dict[str, Told] = {}
        for month in quarter.months():
            begin, end = moments(month, zone)
            counts = counting.count(_noting(authors, _told(session, council, begin, end)), areas)
            gathered.months[month] = counts
            gathered.voices[tables.MONTHS][month.isoformat()] = len(counts.voices["", ""])
            for value, some in counts.voices.items():
                voices[value] |= some
        gathered.people[quarter] = counting.count_people(authors.values())
        for (dimension, value), some in voices.items():
            # A voice is drawn anew each quarter: the fullest quarter is how many there were at least.
            before = gathered.voices[dimension].get(value, 0)
            gathered.voices[dimension][value] = max(before, len(some))
    return gathered


def _noting(authors: dict[str, Told], told: Iterator[Told]) -> Iterator[Told]:
    """Pass statements on, and keep one for each author: the last, new if any was."""
    for one in told:
        authors[one.voice] = one
        yield one


def _told(session: Session, council: str, begin: datetime, end: datetime) -> Iterator[Told]:
    for one in stored.sent_between(session, council, begin, end):
        yield Told(
            voice=str(one.voice),
            new_voice=one.new_voice,
            age=one.age_band,
            scenario=one.scenario,
            origin="easy" if one.easy and one.origin == "own" else one.origin,
            tone=one.tone,
            feelings=tuple(one.feelings),
            themes=tuple(said.theme for said in stands(one.themes)),
        )


def _kept(
    session: Session,
    council: str,
    what: str,
    period: Period,
    cells: Mapping[Cell, int],
    now: datetime,
) -> Count:
    """Return the count to use: the last one, unless so much changed that the difference hides in it.

    Figures of a month stay as they were first counted. A count made in the middle of a month is
    replaced once five or more have been added, so that nobody is the difference between two.
    """
    before = stored.newest_count(session, council, what, period.first, period.last)
    if before is not None and _size(_cells(before)) + FEWEST > _size(cells):
        return before
    made = Count(
        council=council,
        what=what,
        first_month=period.first,
        last_month=period.last,
        cells=[[*cell, number] for cell, number in sorted(cells.items()) if number],
        counted_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _cells(count: Count) -> dict[Cell, int]:
    return {Cell(root, dimension, value): number for root, dimension, value, number in count.cells}


def _size(cells: Mapping[Cell, int]) -> int:
    """Return how much was counted: statements, people, or people who have joined."""
    wholes = ("all", "people")
    return sum(cells.get(Cell(one), 0) for one in wholes) + sum(
        number for cell, number in cells.items() if cell.root == "funnel"
    )


def _shown(
    session: Session, council: str, layouts: Sequence[Layout], areas: Mapping[str, str]
) -> tuple[tuple[Layout, ...], Shown]:
    """Return the tables, each place with the slot to show there, and what is shown in each slot."""
    before: Shown = {}
    for earlier in stored.releases_of(session, council):
        before |= dict(_read(row) for row in earlier.shown)
    wanted = [slot for one in layouts for slot in one.slots.values()]
    ids = {at for slot in (*wanted, *before) for at in slot.counts}
    counts = stored.counts_by_id(session, sorted(ids))
    known = Known({one.id: _cells(one) for one in counts}, areas, _later(counts))
    settled = tuple(_settled(one, before, known) for one in layouts)
    slots = dict.fromkeys(slot for one in settled for slot in one.slots.values())
    return settled, guarded(slots, before, known)


def _settled(layout: Layout, before: Shown, known: Known) -> Layout:
    """Return a table in which what changed by less than five since its last release is shown as then."""
    last: dict[tuple[str, str, tuple[str, ...]], list[Slot]] = defaultdict(list)
    for slot in before:
        last[slot.root, slot.dimension, slot.values].append(slot)

    def settle(slot: Slot) -> Slot:
        for earlier in reversed(last[slot.root, slot.dimension, slot.values]):
            if known.follows(earlier, slot):
                near = abs(known.number(slot) - known.number(earlier)) < FEWEST
                return earlier if near else slot
        return slot

    return replace(layout, slots={at: settle(slot) for at, slot in layout.slots.items()})


def _later(counts: Sequence[Count]) -> dict[int, int]:
    """Return for each count the next one of the same months."""
    newest: dict[tuple[str, date, date], int] = {}
    later: dict[int, int] = {}
    for one in counts:
        about = (one.what, one.first_month, one.last_month)
        if about in newest:
            later[newest[about]] = one.id
        newest[about] = one.id
    return later


def _keep(
    session: Session, council: str, period: Period, shown: Shown, now: datetime, by: Staff | None
) -> Release:
    made = Release(
        reference=new_reference("R"),
        council=council,
        first_month=period.first,
        last_month=period.last,
        shown=[_written(slot, figure) for slot, figure in shown.items()],
        made_by_id=by.id if by else None,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _written(slot: Slot, figure: Figure) -> list[Any]:
    return [
        slot.root,
        list(slot.counts),
        slot.dimension,
        list(slot.values),
        figure.kind,
        figure.number,
    ]


def _read(row: Sequence[Any]) -> tuple[Slot, Figure]:
    root, counts, dimension, values, kind, number = row
    slot = Slot(root, tuple(counts), dimension, tuple(values))
    return slot, Figure(Kind(kind), number)
