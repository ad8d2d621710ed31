"""The in-touch measure: one status for each birthday window from 17 to 21, with its evidence. Pure.

The statuses are the DfE's; RHOM and NREQ are its codes for the last two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from checkins.ledger import Seen
from checkins.rights import windows
from content.keeping_in_touch import Window
from storage.tables.keeping_in_touch import Status

#: Nothing is known yet and the window is still open.
OPEN = "open"


@dataclass(frozen=True)
class Said:
    """What staff set for one window. It is never overruled by what we count."""

    birthday: int
    status: str
    evidence: str
    at: datetime | None
    by: str


@dataclass(frozen=True)
class Entry:
    """One window of one person: when, how it stands, and what that rests on."""

    birthday: int
    opens_on: date
    closes_on: date
    status: str
    evidence: str = ""
    evidence_on: date | None = None
    confirmed_by: str = ""


def entries(
    born_on: date,
    contacts: Sequence[Seen],
    said: Iterable[Said],
    *,
    window: Window,
    counts: Sequence[str],
    today: date,
    zone: ZoneInfo,
    since: date,
) -> list[Entry]:
    """Return every window that has opened and closed after we met, oldest first.

    A contact that counts makes it "in touch" until staff say otherwise; a closed window without
    one is "not in touch". `since` is when we met them: earlier windows are not ours to judge.
    """
    by_birthday = {one.birthday: one for one in said}
    found = []
    for age, opens, closes in windows(window, born_on):
        if opens > today or (closes < since and age not in by_birthday):
            continue
        if (set_by_staff := by_birthday.get(age)) is not None:
            found.append(_as_set(set_by_staff, opens, closes, zone))
            continue
        found.append(_as_counted(age, opens, closes, contacts, counts, today, zone))
    return found


def _as_set(said: Said, opens: date, closes: date, zone: ZoneInfo) -> Entry:
    on = said.at.astimezone(zone).date() if said.at else None
    return Entry(said.birthday, opens, closes, said.status, said.evidence, on, said.by)


def _as_counted(
    age: int,
    opens: date,
    closes: date,
    contacts: Sequence[Seen],
    counts: Sequence[str],
    today: date,
    zone: ZoneInfo,
) -> Entry:
    within = [
        (day, one.kind)
        for one in contacts
        if one.two_way
        and one.kind in counts
        and opens <= (day := one.at.astimezone(zone).date()) <= closes
    ]
    if within:
        # A call or a visit is better evidence than a message through Kith.
        day, kind = max(within, key=lambda one: (one[1] != "bot", one[0]))
        return Entry(age, opens, closes, Status.IN_TOUCH, kind, day)
    return Entry(age, opens, closes, Status.NOT_IN_TOUCH if today > closes else OPEN)


#: In the DfE's terms, with its codes where our sources give them.
TERMS = {
    Status.IN_TOUCH: "In touch",
    Status.NOT_IN_TOUCH: "Not in touch",
    Status.RETURNED_HOME: "RHOM: returned home",
    Status.NO_LONGER_REQUIRES: "NREQ: no longer requires services",
    OPEN: "Window open, not in touch yet",
}
HEADINGS = (
    "Person",
    "Name",
    "Birthday",
    "Window from",
    "Window to",
    "Status",
    "Evidence",
    "Evidence on",
    "Confirmed by",
)


def row(person_id: str, name: str, entry: Entry) -> tuple[str, ...]:
    """Return one line of the table."""
    return (
        person_id,
        name,
        str(entry.birthday),
        entry.opens_on.isoformat(),
        entry.closes_on.isoformat(),
        TERMS[entry.status],
        entry.evidence,
        entry.evidence_on.isoformat() if entry.evidence_on else "",
        entry.confirmed_by or "not confirmed",
    )


#: What a spreadsheet may take for the beginning of a formula, plain and full-width (PRIV-34).
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


def formula_safe(cell: str) -> str:
    """Return a cell that a spreadsheet shows and never runs (CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
