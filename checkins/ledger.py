"""Who was in touch when, and when contact is next due by the council's own standard. Pure.

Kinds are kept apart: a message through Kith is contact, and it is never a call or a visit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from content.keeping_in_touch import Standard


class Light(StrEnum):
    """How it stands. Amber comes before it is too late, not after."""

    GREEN = "green"
    AMBER = "amber"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Seen:
    """One contact, as far as the rules need it."""

    kind: str
    at: datetime
    two_way: bool = True


@dataclass(frozen=True)
class Account:
    """How contact with one person stands."""

    last_two_way: Seen | None
    last_by_kind: dict[str, datetime]
    next_due_on: date
    light: Light


def account(
    contacts: Iterable[Seen], standard: Standard, *, since: datetime, now: datetime, zone: ZoneInfo
) -> Account:
    """Return how contact stands. Somebody who was never in touch counts from when they were added."""
    both_ways = [one for one in contacts if one.two_way and one.at <= now]
    last = max(both_ways, key=lambda one: one.at, default=None)
    by_kind: dict[str, datetime] = {}
    for one in both_ways:
        by_kind[one.kind] = max(one.at, by_kind.get(one.kind, one.at))
    start = last.at if last else since
    due = start.astimezone(zone).date() + timedelta(days=standard.contact_within_days)
    return Account(last, by_kind, due, light(due, standard.amber_days, now.astimezone(zone).date()))


def light(due_on: date, amber_days: int, today: date) -> Light:
    """Return the light for a day on which contact is due."""
    if today > due_on:
        return Light.OVERDUE
    return Light.AMBER if today >= due_on - timedelta(days=amber_days) else Light.GREEN
