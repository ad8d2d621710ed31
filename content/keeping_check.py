"""Checks what we send first: it is on a lock screen, and it must point at what exists."""

import re
from collections.abc import Iterable, Iterator

from content import language
from content.keeping_in_touch import KeepingInTouch
from content.library import LONGEST_REPLY, Library

#: About what a phone shows without being unlocked.
LOCK_SCREEN = 100
#: Nobody who looks over a shoulder may learn that somebody was in care, or what troubles them.
NOT_ON_A_LOCK_SCREEN = re.compile(
    r"\b(?:care leaver|care experienced|leaving care|in care|looked after|foster|social worker|custody|prison"
    r"|abuse|sex|drug|violen|suicide|self.harm|homeless|pregnan|mental|refuge|asylum)",
    re.IGNORECASE,
)
SAMPLE = {
    "name": " Amara",
    "who": "Wren Hart",
    "adviser": "Wren Hart",
    "when": "Tuesday",
    "every": "month",
    "title": "A day out",
    "words": "Come along.",
    "time": "10am",
}
INTERVALS = ("weekly", "fortnightly", "monthly", "quarterly", "half_yearly", "yearly")
#: Replies that are pushed and are neither a question nor a line of the calendar.
PUSHED = ("check_in.nudge", "check_in.other_time", "events.announce", "events.remind")


def shows_on_a_lock_screen(text: str) -> str | None:
    """Return the words of a message's beginning that must not be there; None when there are none."""
    found = NOT_ON_A_LOCK_SCREEN.search(text[:LOCK_SCREEN])
    return found[0] if found else None


def keeping_faults(library: Library) -> Iterator[str]:
    """Yield what is wrong with check-ins, the standards behind them, and the calendar."""
    keeping = library.keeping
    for name in _pushed(library):
        text = library.say(name, **SAMPLE)
        if (shown := shows_on_a_lock_screen(text)) is not None:
            yield f"{name}: “{shown}” would be on a lock screen"
        if len(text) > LONGEST_REPLY:
            yield f"{name}: {len(text)} characters"
        yield from (f"{name}: {fault}" for fault in language.faults(text, None, pushed=True))
    yield from _question_faults(library, keeping)
    yield from _line_faults(library, keeping)
    yield from _standard_faults(library, keeping)


def _pushed(library: Library) -> Iterable[str]:
    return [
        name
        for name in library.replies
        if name.startswith(("check_in.ask.", "calendar.")) or name in PUSHED
    ]


def _question_faults(library: Library, keeping: KeepingInTouch) -> Iterator[str]:
    if len(keeping.questions) <= 1:
        yield "check_ins: one question alone would be asked each time"
    for one in keeping.questions.values():
        if "{{who}}" not in library.replies[f"check_in.ask.{one.id}"]:
            yield f"check_ins/{one.id}: does not say who sees the answer"
        if one.helps not in library.articles:
            yield f"check_ins/{one.id}: there is no article {one.helps}"
        if one.options and one.options not in keeping.categories:
            yield f"check_ins/{one.id}: there are no categories {one.options}"
        if not one.source:
            yield f"check_ins/{one.id}: it has no source"
    for of, ones in keeping.categories.items():
        for category in ones.values():
            if category.danger and category.danger not in library.ids.categories:
                yield f"check_ins/{of}.{category.id}: there is no danger {category.danger}"


def _line_faults(library: Library, keeping: KeepingInTouch) -> Iterator[str]:
    lines = (*keeping.calendar.values(), keeping.in_touch, keeping.pathway_review)
    for line in lines:
        if line.article and line.article not in library.articles:
            yield f"calendar {line.id}: there is no article {line.article}"
        if line.for_days <= 0:
            yield f"calendar {line.id}: it must be true for a day at least"
    for line in (*lines, keeping.birthday):
        if not line.source:
            yield f"calendar {line.id}: it has no source"


def _standard_faults(library: Library, keeping: KeepingInTouch) -> Iterator[str]:
    for council, standards in {"": keeping.standards, **keeping.of_councils}.items():
        if council and council not in library.councils:
            yield f"standards: there is no council {council}"
        for one in standards:
            if one.every not in INTERVALS or one.amber_days >= one.contact_within_days:
                yield f"standards {one.ages}: not an interval of ours, or amber after it is too late"
    ages = {age for one in keeping.standards for age in range(one.ages[0], one.ages[1] + 1)}
    missing = sorted(set(range(16, 25)) - ages)
    if missing:
        yield f"standards: nothing for the ages {missing}"
