"""How fast we send: inside Telegram's limits, danger always, bulk only when nobody waits."""

import random

import pytest

from bot.telegram import pacing
from bot.telegram.pacing import BATCH, Pace
from storage.tables.outbox import Lane
from tests.fakes.limits import Limits

STEP = 0.01


def test_a_bucket_gives_what_it_holds_and_no_more() -> None:
    bucket = pacing.taken(pacing.full(2.0, 3.0, at=10.0), 3, 10.0)

    assert pacing.room(bucket, 10.0) == 0
    assert pacing.wait(bucket, 10.0) == pytest.approx(0.5)


def test_a_bucket_fills_with_time_and_never_runs_over() -> None:
    bucket = pacing.taken(pacing.full(2.0, 3.0, at=10.0), 3, 10.0)

    assert [pacing.room(bucket, 10.0 + later) for later in (0.49, 0.5, 1.0, 99.0)] == [0, 1, 2, 3]


def test_a_bucket_pays_back_what_it_owes_first() -> None:
    bucket = pacing.taken(pacing.full(1.0, 2.0), 5, 0.0)

    assert pacing.room(bucket, 3.0) == 0
    assert pacing.room(bucket, 4.0) == 1


def test_a_clock_that_stands_still_or_goes_back_gives_nothing() -> None:
    bucket = pacing.taken(pacing.full(1.0, 2.0, at=10.0), 2, 10.0)

    assert pacing.room(bucket, 5.0) == 0
    assert pacing.room(pacing.filled(bucket, 5.0), 11.0) == 1


def test_some_of_a_bucket_can_be_kept() -> None:
    bucket = pacing.full(1.0, 5.0)

    assert pacing.room(bucket, 0.0, kept=2) == 3
    assert pacing.wait(bucket, 0.0, kept=5) == pytest.approx(1.0)


class Sending:
    """A pace and Telegram's limits on one clock that the test moves."""

    def __init__(self, per_second: int = 30) -> None:
        self.now = 0.0
        self.pace = Pace(per_second)
        self.telegram = Limits(per_second=per_second, clock=lambda: self.now)
        self.gone = dict.fromkeys(Lane, 0)

    def send(self, lane: Lane, chats: list[int]) -> None:
        """Send to these chats what there is room for, and obey what Telegram says."""
        resting = self.pace.resting(lane, self.now)
        free = [chat for chat in chats if chat not in resting]
        for chat in free[: self.pace.room(lane, self.now)]:
            self.pace.sent(lane, chat, self.now)
            wait = self.telegram.refusal(chat)
            if wait is None:
                self.gone[lane] += 1
            else:
                self.pace.told_to_wait(lane, chat, wait, self.now)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@pytest.mark.parametrize("per_second", [10, 30, 100])
def test_bulk_alone_goes_at_two_thirds_of_the_limit_and_is_never_refused(per_second: int) -> None:
    sending = Sending(per_second)
    chats = iter(range(1_000_000))

    for _ in range(1000):
        sending.send(Lane.BULK, [next(chats) for _ in range(BATCH)])
        sending.later(STEP)

    assert sending.telegram.refused == 0
    assert sending.gone[Lane.BULK] == pytest.approx(10 * per_second * 2 / 3, rel=0.05)


def test_replies_alone_use_the_whole_limit_and_are_never_refused() -> None:
    sending = Sending()
    chats = iter(range(1_000_000))

    for _ in range(1000):
        sending.send(Lane.REPLY, [next(chats) for _ in range(BATCH)])
        sending.later(STEP)

    assert sending.telegram.refused == 0
    assert sending.gone[Lane.REPLY] == pytest.approx(310, abs=3)


def test_bulk_takes_nothing_from_replies_that_use_all_there_is() -> None:
    sending = Sending()
    chats = iter(range(1_000_000))

    for _ in range(1000):
        sending.send(Lane.REPLY, [next(chats) for _ in range(BATCH)])
        sending.send(Lane.BULK, [next(chats) for _ in range(BATCH)])
        sending.later(STEP)

    assert sending.gone[Lane.REPLY] > 300
    assert sending.gone[Lane.BULK] < 3


def test_danger_goes_at_once_in_the_middle_of_everything() -> None:
    sending = Sending()
    chats = iter(range(1_000_000))
    for _ in range(500):
        sending.send(Lane.REPLY, [next(chats) for _ in range(BATCH)])
        sending.later(STEP)

    sending.send(Lane.SAFETY, [-1, -2, -3])

    assert sending.gone[Lane.SAFETY] == 3
    assert sending.telegram.refused == 0


def test_a_mixed_day_is_never_refused() -> None:
    sending, chance = Sending(), random.Random(7)  # noqa: S311 (chance that must repeat itself)

    for _ in range(4000):
        for lane, most in ((Lane.SAFETY, 1), (Lane.REPLY, 3), (Lane.STAFF, 1), (Lane.BULK, 20)):
            if chance.random() < 0.1:
                sending.send(lane, chance.sample(range(400), chance.randint(1, most)))
        sending.later(STEP)

    assert sending.telegram.refused == 0
    assert all(count > 30 for count in sending.gone.values())


def test_one_chat_gets_a_burst_and_then_one_a_second() -> None:
    sending = Sending()

    for _ in range(1000):
        sending.send(Lane.REPLY, [1])
        sending.later(STEP)

    assert sending.telegram.refused == 0
    assert sending.gone[Lane.REPLY] == pytest.approx(10 + pacing.CHAT_BURST, abs=1)


def test_a_chat_that_had_its_burst_holds_up_nobody_else() -> None:
    sending = Sending()
    for _ in range(50):
        sending.send(Lane.REPLY, [1])
        sending.later(STEP)

    assert sending.pace.resting(Lane.REPLY, sending.now) == [1]
    assert sending.pace.room(Lane.REPLY, sending.now) > 0
    assert sending.pace.resting(Lane.SAFETY, sending.now) == []


def test_told_to_wait_bulk_stops_and_only_that_chats_replies_rest() -> None:
    pace = Pace(30)
    pace.told_to_wait(Lane.REPLY, 1, 30, 100.0)

    assert pace.room(Lane.BULK, 129.9) == 0
    assert pace.wait(Lane.BULK, 100.0) == pytest.approx(30)
    assert pace.resting(Lane.REPLY, 129.9) == [1]
    assert pace.room(Lane.REPLY, 100.0) > 0
    assert (pace.room(Lane.SAFETY, 100.0), pace.resting(Lane.SAFETY, 100.0)) == (BATCH, [])
    assert pace.room(Lane.BULK, 130.0) > 0
    assert pace.resting(Lane.REPLY, 130.0) == []


def test_bulk_that_is_told_to_wait_leaves_replies_alone() -> None:
    pace = Pace(30)

    pace.told_to_wait(Lane.BULK, 1, 30, 0.0)

    assert pace.resting(Lane.REPLY, 0.0) == []
    assert pace.room(Lane.REPLY, 0.0) > 0


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    pace = Pace(30)

    pace.told_to_wait(Lane.BULK, 1, 30, 0.0)
    pace.told_to_wait(Lane.BULK, 2, 1, 5.0)

    assert pace.room(Lane.BULK, 29.0) == 0
