"""Silence is told apart, climbed one rung at a time, and ends with a person."""

from datetime import datetime, timedelta

import pytest

from checkins import ladder
from checkins.ladder import Came, Do, Try, What
from content.keeping_in_touch import Silence
from tests.cast import NOW

RULES = Silence(
    nudge_after_days=2,
    other_time_after_days=4,
    tell_adviser_after_days=4,
    stop_after=3,
    one_word_in_a_row=3,
    answer_open_hours=48,
)


def sent(days_ago: float, what: What = What.CHECK_IN, came: Came = Came.ARRIVED) -> Try:
    """Return something that was sent so many days ago."""
    return Try(what, NOW - timedelta(days=days_ago), came)


def test_whoever_answered_is_left_alone() -> None:
    assert ladder.next_step([], RULES, NOW).do is Do.NOTHING


@pytest.mark.parametrize(
    ("tries", "do"),
    [
        ([sent(1)], Do.WAIT),
        ([sent(2)], Do.NUDGE),
        ([sent(5), sent(3, What.NUDGE)], Do.WAIT),
        ([sent(6), sent(4, What.NUDGE)], Do.OFFER_OTHER_TIME),
        ([sent(9), sent(7, What.NUDGE), sent(3, What.OTHER_TIME)], Do.WAIT),
        ([sent(10), sent(8, What.NUDGE), sent(4, What.OTHER_TIME)], Do.TELL_SILENT),
        # A second check-in in the same silence is not nudged again.
        ([sent(9), sent(7, What.NUDGE), sent(2)], Do.OFFER_OTHER_TIME),
        ([sent(2, came=Came.BLOCKED)], Do.TELL_BLOCKED),
        ([sent(0, came=Came.NOT_DELIVERED)], Do.TELL_NOT_DELIVERED),
        ([sent(0, came=Came.NOT_YET)], Do.WAIT),
        ([sent(9), sent(7, What.NUDGE, Came.BLOCKED)], Do.TELL_BLOCKED),
    ],
)
def test_each_rung_has_its_time(tries: list[Try], do: Do) -> None:
    assert ladder.next_step(tries, RULES, NOW).do is do


def test_waiting_says_until_when() -> None:
    step = ladder.next_step([sent(1)], RULES, NOW)

    assert step.look_again_at == NOW + timedelta(days=1)


def climb(until: timedelta) -> list[tuple[Do, datetime]]:
    """Let nobody answer, look whenever we said we would, and return what was done."""
    tries, now = [Try(What.CHECK_IN, NOW, Came.ARRIVED)], NOW
    done: list[tuple[Do, datetime]] = []
    while now < NOW + until:
        step = ladder.next_step(tries, RULES, now)
        if step.do is Do.WAIT:
            assert step.look_again_at is not None
            assert step.look_again_at > now
            now = step.look_again_at
            continue
        done.append((step.do, now))
        if step.do in {Do.NUDGE, Do.OFFER_OTHER_TIME}:
            rung = What.NUDGE if step.do is Do.NUDGE else What.OTHER_TIME
            tries.append(Try(rung, now, Came.ARRIVED))
            continue
        break
    return done


def test_one_silence_is_one_nudge_one_offer_and_one_task() -> None:
    done = climb(timedelta(days=60))

    assert [do for do, _ in done] == [Do.NUDGE, Do.OFFER_OTHER_TIME, Do.TELL_SILENT]
    assert done[-1][1] - NOW == timedelta(days=10)


@pytest.mark.parametrize(
    ("ignored", "stop"), [(0, False), (1, False), (2, False), (3, True), (4, True)]
)
def test_we_stop_asking_after_the_set_number(ignored: int, stop: bool) -> None:  # noqa: FBT001
    tries = [sent(30 - 7 * number) for number in range(ignored)] + [sent(1, What.NUDGE)]

    assert ladder.should_stop_asking(tries, RULES) is stop


def test_what_never_arrived_does_not_count_as_ignored() -> None:
    tries = [sent(9), sent(5, came=Came.NOT_DELIVERED), sent(1)]

    assert not ladder.should_stop_asking(tries, RULES)


@pytest.mark.parametrize(
    ("answers", "noticed"),
    [
        (["one_word"] * 3, True),
        (["one_word"] * 2, False),
        (["answered", "one_word", "one_word", "one_word"], False),
        (["one_word", "one_word", "answered"], False),
    ],
)
def test_one_word_three_times_is_noticed(answers: list[str], noticed: bool) -> None:  # noqa: FBT001
    assert ladder.only_one_word(answers, RULES) is noticed


@pytest.mark.parametrize(
    ("feelings", "low"),
    [
        ([], False),
        ([1], True),
        ([1, 5], True),
        ([2], False),
        ([2, 2], True),
        ([2, 1], True),
        ([2, 3], False),
        ([3, 1], False),
        ([5, 2, 2], False),
    ],
)
def test_the_lowest_face_or_two_low_ones_are_told(feelings: list[int], low: bool) -> None:  # noqa: FBT001
    assert ladder.feels_low(feelings) is low
