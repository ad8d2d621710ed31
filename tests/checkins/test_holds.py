"""Nobody hears something cheerful in a crisis, and what is held says why and what happens then."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from checkins import holds
from checkins.holds import Afterwards, CircumstanceKind, Reason, Standing
from storage.tables.keeping_in_touch import DueKind
from tests.cast import NOW

FINE = Standing()
TOMORROW = NOW + timedelta(days=1)
HELD: dict[Reason, Standing] = {
    Reason.FLAG_OPEN: Standing(levels_open=frozenset({"same_day"})),
    Reason.IN_HOSPITAL: Standing(circumstances=frozenset({"hospital"})),
    Reason.IN_CUSTODY: Standing(circumstances=frozenset({"custody"})),
    Reason.BEREAVED: Standing(circumstances=frozenset({"bereaved"})),
    Reason.PAUSED_BY_STAFF: Standing(circumstances=frozenset({"paused"})),
    Reason.NOT_LINKED: Standing(linked=False),
    Reason.STOPPED: Standing(stopped=True),
    Reason.PAUSED: Standing(paused_until=TOMORROW),
    Reason.UNREACHABLE: Standing(unreachable=True),
    Reason.STAFF_TALKING: Standing(staff_talking_until=TOMORROW),
    Reason.SNOOZED: Standing(snoozed_until=TOMORROW),
}


@pytest.mark.parametrize("kind", list(DueKind))
def test_whoever_is_fine_hears_from_us(kind: DueKind) -> None:
    assert holds.why_held(FINE, kind, NOW) is None


@pytest.mark.parametrize(("reason", "kind"), list(product(HELD, DueKind)))
def test_a_hold_holds_every_kind_and_says_why(reason: Reason, kind: DueKind) -> None:
    assert holds.why_held(HELD[reason], kind, NOW) is reason


@pytest.mark.parametrize("level", ["immediate", "same_day"])
def test_a_serious_flag_holds(level: str) -> None:
    assert holds.why_held(Standing(levels_open=frozenset({level})), "survey", NOW)


def test_a_concern_does_not_hold() -> None:
    assert holds.why_held(Standing(levels_open=frozenset({"concern"})), "check_in", NOW) is None


@pytest.mark.parametrize("field", ["paused_until", "staff_talking_until", "snoozed_until"])
def test_a_hold_with_an_end_ends(field: str) -> None:
    ended: dict[str, datetime] = {field: NOW}

    assert holds.why_held(replace(FINE, **ended), "check_in", NOW) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(DueKind))
def test_a_topic_that_is_off_holds_its_kinds_alone(kind: DueKind) -> None:
    no_check_ins = Standing(topics_off=frozenset({"check_in"}))

    held = holds.why_held(no_check_ins, kind, NOW) is Reason.TOPIC_OFF

    assert held is (kind in {DueKind.CHECK_IN, DueKind.NUDGE})


@pytest.mark.parametrize("kind", list(DueKind))
def test_when_asking_stopped_only_questions_stop(kind: DueKind) -> None:
    held = holds.why_held(Standing(asking_stopped=True), kind, NOW) is Reason.ASKING_STOPPED

    assert held is (kind in {DueKind.CHECK_IN, DueKind.NUDGE})


def test_danger_is_the_reason_that_is_written_down_when_there_are_many() -> None:
    everything = Standing(
        linked=False,
        levels_open=frozenset({"immediate"}),
        circumstances=frozenset(CircumstanceKind),
        stopped=True,
    )

    assert holds.why_held(everything, "check_in", NOW) is Reason.FLAG_OPEN


@pytest.mark.parametrize(("kind", "reason"), list(product(DueKind, Reason)))
def test_everything_that_is_not_sent_says_what_happens_then(kind: DueKind, reason: Reason) -> None:
    after = holds.afterwards(kind, reason)

    assert after in Afterwards
    if kind is DueKind.BIRTHDAY:
        assert after is Afterwards.NOT_AT_ALL
    if kind is DueKind.RIGHTS_DATE and reason is Reason.FLAG_OPEN:
        assert after is Afterwards.TRIED_AGAIN
