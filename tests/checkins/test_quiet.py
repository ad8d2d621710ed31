"""Nothing that we start arrives at night, in somebody's quiet hours, or in their lessons."""

from datetime import UTC, datetime, time, timedelta

import pytest

from checkins import quiet
from checkins.quiet import Hours
from people.hours import LONDON

USUAL = Hours()
COLLEGE = Hours(lesson_days=(0, 1, 2, 3, 4), lessons_from=time(9), lessons_to=time(15, 30))
#: A plan that a night worker could want: quiet by day.
BY_DAY = Hours(quiet_from=time(8), quiet_to=time(17))


def at(text: str) -> datetime:
    """Return a moment by London's clock on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "when", "is_quiet"),
    [
        (USUAL, "2026-11-24T20:59", False),
        (USUAL, "2026-11-24T21:00", True),
        (USUAL, "2026-11-25T00:00", True),
        (USUAL, "2026-11-25T08:59", True),
        (USUAL, "2026-11-25T09:00", False),
        (COLLEGE, "2026-11-24T09:00", True),
        (COLLEGE, "2026-11-24T15:29", True),
        (COLLEGE, "2026-11-24T15:30", False),
        (COLLEGE, "2026-11-28T11:00", False),
        (BY_DAY, "2026-11-24T12:00", True),
        (BY_DAY, "2026-11-24T18:00", False),
        # Whatever is agreed, night is night.
        (BY_DAY, "2026-11-24T22:00", True),
        (BY_DAY, "2026-11-25T06:59", True),
        (BY_DAY, "2026-11-25T07:00", False),
        (Hours(time(12), time(12)), "2026-11-24T12:00", False),
        # Summer: 21:30 on the wall is 20:30 UTC.
        (USUAL, "2027-07-01T21:30", True),
        (USUAL, "2027-07-01T09:00", False),
    ],
)
def test_quiet_is_by_the_clock_on_the_wall(hours: Hours, when: str, is_quiet: bool) -> None:  # noqa: FBT001
    assert quiet.quiet(hours, at(when), LONDON) is is_quiet


@pytest.mark.parametrize(
    ("hours", "when", "then"),
    [
        (USUAL, "2026-11-24T10:00", "2026-11-24T10:00"),
        (USUAL, "2026-11-24T21:30", "2026-11-25T09:00"),
        (USUAL, "2026-11-25T03:00", "2026-11-25T09:00"),
        (COLLEGE, "2026-11-24T21:30", "2026-11-25T15:30"),
        (COLLEGE, "2026-11-27T22:00", "2026-11-28T09:00"),
        (BY_DAY, "2026-11-24T12:00", "2026-11-24T17:00"),
        (BY_DAY, "2026-11-24T23:00", "2026-11-25T07:00"),
        # The nights of the clock changes are an hour shorter and longer.
        (USUAL, "2027-03-27T23:00", "2027-03-28T09:00"),
        (USUAL, "2027-10-30T23:00", "2027-10-31T09:00"),
    ],
)
def test_what_comes_in_quiet_hours_waits_for_their_end(hours: Hours, when: str, then: str) -> None:
    assert quiet.next_allowed(hours, at(when), LONDON) == at(then)


def test_a_plan_without_an_open_hour_has_no_next_moment() -> None:
    never = Hours(quiet_from=time(7), quiet_to=time(6, 59))

    assert quiet.next_allowed(never, at("2026-11-24T12:00"), LONDON) is None
    assert not quiet.open_at_all(never, time(12))


@pytest.mark.parametrize("hours", [USUAL, COLLEGE, BY_DAY])
@pytest.mark.parametrize("change", ["2027-03-27T12:00", "2027-10-30T12:00", "2026-11-24T00:00"])
def test_the_next_allowed_moment_is_never_quiet(hours: Hours, change: str) -> None:
    moment = at(change)
    for step in range(3 * 24 * 4):
        now = moment + timedelta(minutes=15 * step)
        allowed = quiet.next_allowed(hours, now, LONDON)

        assert allowed is not None
        assert allowed >= now
        assert not quiet.quiet(hours, allowed, LONDON)


@pytest.mark.parametrize(
    ("hours", "when", "then"),
    [
        (USUAL, "2026-11-24T10:00", "2026-11-24T21:00"),
        (USUAL, "2026-11-24T21:00", "2026-11-24T22:00"),
        (COLLEGE, "2026-11-26T16:00", "2026-11-26T21:00"),
        (COLLEGE, "2026-11-27T08:00", "2026-11-27T09:00"),
        (COLLEGE, "2026-11-28T08:30", "2026-11-28T21:00"),
        (BY_DAY, "2026-11-24T18:00", "2026-11-24T22:00"),
    ],
)
def test_the_next_quiet_time_is_known(hours: Hours, when: str, then: str) -> None:
    assert quiet.next_quiet(hours, at(when), LONDON) == at(then)
