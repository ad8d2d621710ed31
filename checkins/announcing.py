"""What may be announced, to whom, and when each one goes: pure decisions."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from checkins.rhythm import moment
from content import language
from content.check import FEWEST_WORDS, OLDEST_READER
from content.events import Events
from content.library import LONGEST_REPLY, Library
from content.reading import reading_age
from people.records import age_on

#: Below this a count could be somebody (design 2.7: no number under 5).
FEWEST_SHOWN = 5
LONGEST_TITLE = 60
PLACE = "place:"


@dataclass(frozen=True)
class Wanted:
    """Whom an announcement is for."""

    interest: str
    council: str
    place: str | None
    ages: tuple[int, int]


@dataclass(frozen=True)
class Someone:
    """What decides whether somebody is in an audience: only what they asked for, and their age."""

    council: str
    born_on: date
    asked_for: frozenset[str]


def is_for(wanted: Wanted, one: Someone, today: date) -> bool:
    """Whether an announcement is for somebody: they asked for it, and it fits their age and place.

    Somebody who named no place hears about all of their council.
    """
    places = {name.removeprefix(PLACE) for name in one.asked_for if name.startswith(PLACE)}
    return (
        one.council == wanted.council
        and wanted.interest in one.asked_for
        and wanted.ages[0] <= age_on(one.born_on, today) <= wanted.ages[1]
        and (wanted.place is None or not places or wanted.place in places)
    )


def text_of(library: Library, title: str, words: str) -> str:
    """Return the exact text that is sent."""
    return library.say("events.announce", title=title, words=words)


def faults(library: Library, title: str, words: str) -> Iterator[str]:
    """Yield, in plain sentences, why an announcement cannot go out as it is written."""
    text = text_of(library, title, words)
    if not title.strip() or not words.strip():
        yield "It needs a title and some words."
    if len(title) > LONGEST_TITLE:
        yield f"The title has {len(title)} characters; at most {LONGEST_TITLE}."
    if len(text) > LONGEST_REPLY:
        yield f"The whole message has {len(text)} characters; at most {LONGEST_REPLY}."
    for fault in dict.fromkeys(language.faults(text)):
        yield f"The text {fault}. Say it in other words, or later on, or leave it out."
    plain = f"{title}. {words}"
    if len(plain.split()) >= FEWEST_WORDS and reading_age(plain) > OLDEST_READER:
        yield f"It needs a reader of {reading_age(plain):.0f}. Use shorter words and sentences: 9 to 11 is right."


def rounded(count: int) -> str:
    """Return a count that shows nobody: small ones are not told."""
    return str(count) if count == 0 or count >= FEWEST_SHOWN else f"fewer than {FEWEST_SHOWN}"


def needs_second_person(count: int, above: int) -> bool:
    """Whether so many people need the approval of a second member of staff."""
    return count > above


def slots(
    count: int, start: datetime, per_hour: int, events: Events, zone: ZoneInfo
) -> list[datetime]:
    """Return when each of so many goes: so many an hour at most, by day only, from a start on.

    What does not fit into a day goes on the next, at the same local hours when the clocks change.
    """
    gap, found = timedelta(hours=1) / per_hour, list[datetime]()
    day = start.astimezone(zone).date()
    while len(found) < count:
        opens, closes = moment(day, events.sent_from, zone), moment(day, events.sent_to, zone)
        first = max(start, opens)
        fit = max(0, math.ceil((closes - first) / gap))
        found += [first + gap * number for number in range(min(fit, count - len(found)))]
        day += timedelta(days=1)
    return found


def last_moment(happens_at: datetime | None, start: datetime, events: Events) -> datetime:
    """Return after when an announcement makes no sense any more."""
    return happens_at or start + timedelta(days=events.news_days)


def reminder_at(happens_at: datetime, events: Events, zone: ZoneInfo) -> datetime:
    """Return when to remind whoever is coming: the day before, at the local hour."""
    day = happens_at.astimezone(zone).date() - timedelta(days=events.remind_days_before)
    return moment(day, events.remind_at, zone)


def grouped(reasons: Sequence[str]) -> dict[str, int]:
    """Return how many were not sent for which reason, with what is private about somebody as one."""
    counts: dict[str, int] = {}
    for reason in reasons:
        told = "left alone for now" if reason in PRIVATE else reason.replace("_", " ")
        counts[told] = counts.get(told, 0) + 1
    return counts


#: Who is in danger, in hospital or in mourning is nobody's business here (features.md N11).
PRIVATE = frozenset(
    {
        "flag_open",
        "in_hospital",
        "in_custody",
        "bereaved",
        "paused_by_staff",
        "staff_talking",
        "held",
        "snoozed",
        "paused",
    }
)
