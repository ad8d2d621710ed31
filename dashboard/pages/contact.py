"""How contact stands with somebody, as the pages put it: the plan, the window, the log, the tasks."""

from collections.abc import Iterator
from typing import Any

from checkins import intouch, plans, record
from checkins.intouch import Entry
from checkins.standing import held_as_seen
from dashboard.days import day_of, say_clock, say_day
from dashboard.guard import At
from dashboard.words import everything, words
from people.hours import say_time
from storage import due
from storage import plans as stored
from storage.tables import Chat, Person, Plan, Task
from storage.tables.keeping_in_touch import DueKind

#: How many of the newest contacts are shown.
NEWEST = 20


def plan(at: At, person: Person, chat: Chat | None) -> dict[str, str]:
    """Return what is agreed in words, when the next check-in comes, and why none does."""
    agreed = stored.of(at.session, person.id)
    if agreed is None:
        return {}
    waits = due.waits(at.session, person.id, DueKind.CHECK_IN)
    return {
        "rhythm": f"{words('every', agreed.every)}, "
        f"{everything()['weekdays'][agreed.weekday]}, {say_clock(agreed.at)}",
        "quiet": f"{say_clock(agreed.quiet_from)} – {say_clock(agreed.quiet_to)}",
        "lessons": _lessons(agreed),
        "topics_off": ", ".join(words("due_kinds", one) for one in agreed.topics_off),
        "next_check_in": say_time(waits, at.now, at.parts.zone)
        if waits
        else words("people", "none_planned"),
        "held": _held(at, agreed, chat),
    }


def _lessons(agreed: Plan) -> str:
    if not agreed.lesson_days or agreed.lessons_from is None or agreed.lessons_to is None:
        return ""
    days = ", ".join(everything()["weekdays"][day] for day in agreed.lesson_days)
    return f"{days}, {say_clock(agreed.lessons_from)} – {say_clock(agreed.lessons_to)}"


def _held(at: At, agreed: Plan, chat: Chat | None) -> str:
    """Return why Kith does not write first, as far as the reader may know it."""
    why = held_as_seen(at.session, agreed, chat, at.member, at.now)
    return words("held", why) if why else ""


def standing(at: At, person: Person) -> dict[str, str]:
    """Return how contact stands by the council's standard, and in the birthday window of now."""
    zone = at.parts.zone
    account = record.account(at.session, at.parts.library, person, zone, at.now, reader=at.member)
    last, answered = account.last_two_way, stored.last_answer_at(at.session, person.id)
    light = words("lights", account.light)
    kinds = [
        f"{words('contact_kinds', kind)}: {day_of(moment, zone)}"
        for kind, moment in account.last_by_kind.items()
    ]
    return {
        "last_two_way": f"{day_of(last.at, zone)} ({words('contact_kinds', last.kind)})"
        if last
        else words("people", "nothing_yet"),
        "by_kind": "; ".join(kinds),
        "next_contact": f"{say_day(account.next_due_on)} ({light})",
        "last_answered": day_of(answered, zone) if answered else words("people", "nothing_yet"),
        "window": "; ".join(_window(one) for one in _open_windows(at, person))
        or words("people", "no_window"),
    }


def _open_windows(at: At, person: Person) -> Iterator[Entry]:
    today = plans.local_day(at.now, at.parts.zone)
    for entry in record.entries(
        at.session, at.parts.library, person, at.parts.zone, at.now, reader=at.member
    ):
        if entry.closes_on >= today:
            yield entry


def _window(entry: Entry) -> str:
    """Return one window in the DfE's terms: how it stands, on what that rests, and who says so."""
    status = words("in_touch", entry.status)
    rests = ""
    if entry.evidence and entry.evidence_on:
        kind = words("contact_kinds", entry.evidence)
        rests = f", {words('people', 'evidence')}: {kind}, {say_day(entry.evidence_on)}"
    sure = words("people", "not_confirmed")
    if entry.confirmed_by:
        sure = f"{words('people', 'confirmed_by')} {entry.confirmed_by}"
    told = "" if entry.status == intouch.OPEN else f"{rests} ({sure})"
    until = f"{words('people', 'window_until')} {say_day(entry.closes_on)}"
    return f"{words('people', 'window_of')} {entry.birthday}, {until}: {status}{told}"


def log(at: At, person: Person) -> list[dict[str, str]]:
    """Return the newest contacts, each kind by its own name."""
    return [
        {
            "day": day_of(one.at, at.parts.zone),
            "kind": words("contact_kinds", one.kind),
            "direction": words("two_way", "both" if one.two_way else "tried"),
            "by": name or words("people", "by_itself"),
        }
        for one, name in record.log(at.session, person, NEWEST, reader=at.member)
    ]


def holds_now(at: At, person: Person) -> list[dict[str, str]]:
    """Return why somebody is left alone now, each with since and until when."""
    return [
        {
            "kind": one.kind,
            "words": words("hold_kinds", one.kind),
            "since": day_of(one.since, at.parts.zone),
            "until": day_of(one.until, at.parts.zone) if one.until else "",
        }
        for one in stored.circumstances(at.session, person.id, at.now)
    ]


def task_row(at: At, task: Task) -> dict[str, Any]:
    """Return a task as a row: what to do, about whom, and what Kith tried already."""
    return {
        "reference": task.reference,
        "what": words("tasks", task.kind),
        "who": task.person.name,
        "person_id": task.person_id,
        "tried": [
            f"{words('tried', one['what'])}: {words('came', one['came'])}" for one in task.tried
        ],
        "due": say_time(task.due_at, at.now, at.parts.zone),
        "overdue": task.due_at < at.now,
    }
