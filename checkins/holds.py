"""Why somebody does not hear from us now, and what happens instead. Pure.

The order is the policy: what weighs most is the reason that is written down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.tables.keeping_in_touch import DueKind

#: A flag of these levels stops everything cheerful (features.md N11); a concern does not.
SERIOUS = frozenset({"immediate", "same_day"})


class Reason(StrEnum):
    """Why something due was not sent. Kept with it."""

    FLAG_OPEN = "flag_open"
    IN_HOSPITAL = "in_hospital"
    IN_CUSTODY = "in_custody"
    BEREAVED = "bereaved"
    PAUSED_BY_STAFF = "paused_by_staff"
    NOT_LINKED = "not_linked"
    STOPPED = "stopped"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    STAFF_TALKING = "staff_talking"
    SNOOZED = "snoozed"
    TOPIC_OFF = "topic_off"
    ASKING_STOPPED = "asking_stopped"
    OLD_PLAN = "old_plan"
    TOO_LATE = "too_late"
    HEARD_FROM = "heard_from"
    NO_LONGER_TRUE = "no_longer_true"


class Afterwards(StrEnum):
    """What happens instead of what was not sent."""

    IN_RHYTHM = "next_in_rhythm"
    TRIED_AGAIN = "tried_again_later"
    ADVISER_TOLD = "adviser_told"
    NOT_AT_ALL = "not_sent_later"


class CircumstanceKind(StrEnum):
    """What staff can note about a time in which somebody is left alone."""

    HOSPITAL = "hospital"
    CUSTODY = "custody"
    BEREAVED = "bereaved"
    PAUSED = "paused"


OF_CIRCUMSTANCE = {
    CircumstanceKind.HOSPITAL: Reason.IN_HOSPITAL,
    CircumstanceKind.CUSTODY: Reason.IN_CUSTODY,
    CircumstanceKind.BEREAVED: Reason.BEREAVED,
    CircumstanceKind.PAUSED: Reason.PAUSED_BY_STAFF,
}


@dataclass(frozen=True)
class Standing:
    """How things stand with one person, as far as writing first goes."""

    linked: bool = True
    levels_open: frozenset[str] = frozenset()
    circumstances: frozenset[str] = frozenset()
    stopped: bool = False
    paused_until: datetime | None = None
    unreachable: bool = False
    staff_talking_until: datetime | None = None
    snoozed_until: datetime | None = None
    topics_off: frozenset[str] = frozenset()
    asking_stopped: bool = False


Rule = Callable[[Standing, str, datetime], bool]

#: Weightiest first.
RULES: tuple[tuple[Reason, Rule], ...] = (
    (Reason.FLAG_OPEN, lambda one, _kind, _now: bool(one.levels_open & SERIOUS)),
    *(
        (reason, lambda one, _kind, _now, kind=kind: kind in one.circumstances)
        for kind, reason in OF_CIRCUMSTANCE.items()
    ),
    (Reason.NOT_LINKED, lambda one, _kind, _now: not one.linked),
    (Reason.STOPPED, lambda one, _kind, _now: one.stopped),
    (Reason.PAUSED, lambda one, _kind, now: _later(one.paused_until, now)),
    (Reason.UNREACHABLE, lambda one, _kind, _now: one.unreachable),
    (Reason.STAFF_TALKING, lambda one, _kind, now: _later(one.staff_talking_until, now)),
    (Reason.SNOOZED, lambda one, _kind, now: _later(one.snoozed_until, now)),
    (Reason.TOPIC_OFF, lambda one, kind, _now: topic(kind) in one.topics_off),
    (
        Reason.ASKING_STOPPED,
        lambda one, kind, _now: one.asking_stopped and topic(kind) == DueKind.CHECK_IN,
    ),
)


def _later(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def topic(kind: str) -> str:
    """Return the topic that somebody turns off to stop a kind: a nudge belongs to its check-in."""
    return DueKind.CHECK_IN if kind == DueKind.NUDGE else kind


#: What somebody can turn off.
TOPICS = tuple(kind for kind in DueKind if topic(kind) == kind)


def why_held(standing: Standing, kind: str, now: datetime) -> Reason | None:
    """Return why this kind may not be sent to somebody now; None when it may."""
    return next((reason for reason, holds in RULES if holds(standing, kind, now)), None)


def afterwards(kind: str, reason: Reason, *, often: bool = True) -> Afterwards:
    """Return what happens instead of something that was not sent.

    A check-in comes again in its rhythm; where that is longer than a month (not `often`) it is
    tried again sooner. A line about a right is true for weeks, so it waits for the end of what
    held it, within its own time. The rest is of its day only.
    """
    if reason in {Reason.TOPIC_OFF, Reason.OLD_PLAN, Reason.HEARD_FROM, Reason.NO_LONGER_TRUE}:
        return Afterwards.NOT_AT_ALL
    if kind == DueKind.CHECK_IN:
        return Afterwards.IN_RHYTHM if often else Afterwards.TRIED_AGAIN
    if kind in {DueKind.RIGHTS_DATE, DueKind.IN_TOUCH} and reason is not Reason.TOO_LATE:
        return Afterwards.TRIED_AGAIN
    return Afterwards.NOT_AT_ALL
