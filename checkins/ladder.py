"""What silence means and what to do next: blocked, not delivered, ignored, one word. Pure.

Telegram never tells a bot that something was read: "delivered and ignored" means that Telegram
took it and nothing came back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from content.keeping_in_touch import Silence

#: How soon after a send we look whether it arrived at all.
FIRST_LOOK = timedelta(hours=1)


class Came(StrEnum):
    """What became of one try to reach somebody."""

    ARRIVED = "arrived"
    NOT_YET = "not_yet"
    NOT_DELIVERED = "not_delivered"
    BLOCKED = "blocked"


class What(StrEnum):
    """What we tried: a check-in, a nudge about it, or the offer of another time."""

    CHECK_IN = "check_in"
    NUDGE = "nudge"
    OTHER_TIME = "other_time"


class Do(StrEnum):
    """What to do next about silence."""

    WAIT = "wait"
    NUDGE = "nudge"
    OFFER_OTHER_TIME = "offer_other_time"
    TELL_SILENT = "silent"
    TELL_BLOCKED = "blocked"
    TELL_NOT_DELIVERED = "not_delivered"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Try:
    """One thing we sent that nothing came back to."""

    what: What
    at: datetime
    came: Came


@dataclass(frozen=True)
class Step:
    """What to do now, and when to look again; never again when that is None."""

    do: Do
    look_again_at: datetime | None = None


def next_step(tries: Sequence[Try], rules: Silence, now: datetime) -> Step:
    """Return what to do about somebody who has not answered, given all unanswered tries, oldest first.

    Hearing from them empties the tries, so the ladder begins anew.
    """
    if not tries:
        return Step(Do.NOTHING)
    newest = tries[-1]
    if newest.came is Came.BLOCKED:
        return Step(Do.TELL_BLOCKED)
    if newest.came is Came.NOT_DELIVERED:
        return Step(Do.TELL_NOT_DELIVERED)
    if newest.came is Came.NOT_YET:
        return Step(Do.WAIT, now + FIRST_LOOK)
    return _about_silence(tries, rules, now)


def _about_silence(tries: Sequence[Try], rules: Silence, now: datetime) -> Step:
    """Climb one rung when its time has come; each rung is climbed once in a silence."""
    rungs = (
        (What.CHECK_IN, What.NUDGE, rules.nudge_after_days, Do.NUDGE),
        (What.NUDGE, What.OTHER_TIME, rules.other_time_after_days, Do.OFFER_OTHER_TIME),
        (What.OTHER_TIME, None, rules.tell_adviser_after_days, Do.TELL_SILENT),
    )
    tried = {one.what for one in tries}
    for below, rung, days, do in reversed(rungs):
        if below not in tried or (rung is not None and rung in tried):
            continue
        due = _first(tries, below).at + timedelta(days=days)
        return Step(do) if due <= now else Step(Do.WAIT, due)
    return Step(Do.NOTHING)


def _first(tries: Sequence[Try], what: What) -> Try:
    return next(one for one in tries if one.what is what)


def should_stop_asking(tries: Sequence[Try], rules: Silence) -> bool:
    """Whether as many check-ins went unanswered as we are willing to send."""
    ignored = [one for one in tries if one.what is What.CHECK_IN and one.came is Came.ARRIVED]
    return len(ignored) >= rules.stop_after


def only_one_word(answers: Sequence[str], rules: Silence) -> bool:
    """Whether the newest answers were one word each, newest first: somebody should look in."""
    newest = answers[: rules.one_word_in_a_row]
    return len(newest) == rules.one_word_in_a_row and all(one == "one_word" for one in newest)


#: Answers of 1 or 2 on five faces are low.
LOW, LOWEST = 2, 1


def feels_low(feelings: Sequence[int]) -> bool:
    """Whether an adviser should hear: the lowest face once, or a low one twice in a row, newest first."""
    if not feelings:
        return False
    return feelings[0] <= LOWEST or (len(feelings) > 1 and max(feelings[:2]) <= LOW)
