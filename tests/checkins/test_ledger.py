"""The ledger says who was in touch, when contact is next due, and warns before it is too late."""

from datetime import UTC, date, datetime, timedelta

import pytest

from checkins import intouch, ledger
from checkins.intouch import Said
from checkins.ledger import Light, Seen
from content.keeping_in_touch import Standard, Window
from people.hours import LONDON
from tests.cast import NOW

EVERY_60 = Standard((18, 20), "monthly", 60, 14, ours=True, source="test")
DFE = Window(3, 1, 17, 21)
#: Turns 18 on 1 May 2026: the window is 1 February to 1 June 2026.
BORN = date(2008, 5, 1)
COUNTS = ("bot", "call", "visit", "message", "other")


def days_ago(days: int, kind: str = "bot", *, two_way: bool = True) -> Seen:
    """Return a contact so many days ago."""
    return Seen(kind, NOW - timedelta(days=days), two_way)


@pytest.mark.parametrize(
    ("days", "light"),
    [
        (0, Light.GREEN),
        (45, Light.GREEN),
        (46, Light.AMBER),
        (60, Light.AMBER),
        (61, Light.OVERDUE),
    ],
)
def test_amber_comes_before_overdue(days: int, light: Light) -> None:
    found = ledger.account([days_ago(days)], EVERY_60, since=NOW, now=NOW, zone=LONDON)

    assert found.light is light
    assert found.next_due_on == (NOW - timedelta(days=days)).date() + timedelta(days=60)


def test_what_went_one_way_does_not_count() -> None:
    contacts = [days_ago(50), days_ago(1, "message", two_way=False)]

    found = ledger.account(contacts, EVERY_60, since=NOW, now=NOW, zone=LONDON)

    assert found.last_two_way == contacts[0]


def test_kinds_are_kept_apart() -> None:
    contacts = [days_ago(1), days_ago(9), days_ago(20, "visit"), days_ago(30, "call")]

    found = ledger.account(contacts, EVERY_60, since=NOW, now=NOW, zone=LONDON)

    assert found.last_by_kind == {
        "bot": contacts[0].at,
        "visit": contacts[2].at,
        "call": contacts[3].at,
    }


def test_somebody_never_in_touch_counts_from_when_they_were_added() -> None:
    found = ledger.account([], EVERY_60, since=NOW - timedelta(days=61), now=NOW, zone=LONDON)

    assert (found.last_two_way, found.light) == (None, Light.OVERDUE)


def windows(
    *contacts: tuple[str, str],
    today: str = "2026-06-02",
    said: tuple[Said, ...] = (),
    since: str = "2026-01-01",
) -> list[intouch.Entry]:
    """Return the windows of somebody born on 1 May 2008."""
    seen = [Seen(kind, datetime.fromisoformat(f"{day}T12:00+00:00")) for day, kind in contacts]
    return intouch.entries(
        BORN,
        seen,
        said,
        window=DFE,
        counts=COUNTS,
        today=date.fromisoformat(today),
        zone=LONDON,
        since=date.fromisoformat(since),
    )


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-01-31", "not_in_touch"),
        ("2026-02-01", "in_touch"),
        ("2026-05-01", "in_touch"),
        ("2026-06-01", "in_touch"),
        ("2026-06-02", "not_in_touch"),
    ],
)
def test_only_a_contact_inside_the_window_counts(day: str, status: str) -> None:
    [entry] = windows((day, "call"))

    assert entry.status == status


def test_a_window_that_is_open_is_not_failed_yet() -> None:
    [entry] = windows(today="2026-06-01")

    assert entry.status == "open"
    assert windows(today="2026-01-31") == []


def test_the_best_evidence_is_shown_and_it_is_not_confirmed() -> None:
    [entry] = windows(("2026-03-01", "visit"), ("2026-05-20", "bot"))

    assert (entry.evidence, entry.evidence_on, entry.confirmed_by) == (
        "visit",
        date(2026, 3, 1),
        "",
    )


def test_what_staff_set_wins() -> None:
    said = Said(18, "returned_home", "staff", datetime(2026, 4, 1, tzinfo=UTC), "Wren Hart")

    [entry] = windows(("2026-03-01", "visit"), said=(said,))

    assert (entry.status, entry.confirmed_by) == ("returned_home", "Wren Hart")
    assert intouch.row("id", "Amara", entry)[5] == "RHOM: returned home"


def test_a_window_that_closed_before_we_met_is_not_ours_to_judge() -> None:
    assert windows(since="2026-06-02", today="2026-07-01") == []


def test_a_message_late_in_the_evening_belongs_to_its_local_day() -> None:
    late = Seen("bot", datetime(2026, 6, 1, 22, 30, tzinfo=UTC))  # 23:30 in London
    early = Seen("bot", datetime(2026, 6, 1, 23, 30, tzinfo=UTC))  # 00:30 on the 2nd

    statuses = [
        intouch.entries(
            BORN,
            [one],
            (),
            window=DFE,
            counts=COUNTS,
            today=date(2026, 6, 3),
            zone=LONDON,
            since=date(2026, 1, 1),
        )[0].status
        for one in (late, early)
    ]

    assert statuses == ["in_touch", "not_in_touch"]


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert intouch.formula_safe(cell) == f"'{cell}"


def test_an_ordinary_cell_is_left_alone() -> None:
    assert intouch.formula_safe("In touch") == "In touch"
