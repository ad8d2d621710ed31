"""My people: how contact stands with each, what comes next, how they said they are, what is open."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, render_template, request

from checkins import intouch, plans, record
from checkins.intouch import Said
from checkins.ledger import Seen
from dashboard import sparkline
from dashboard.days import day_of
from dashboard.guard import At, allow
from dashboard.words import words
from people import access
from people.access import May
from people.hours import say_time
from people.records import age_on
from storage import caseload, casework
from storage.caseload import PAGE, After, Only, Sight
from storage.tables import Chat, InTouch, Person

pages = Blueprint("people", __name__)
SORTS = ("flags", "heard", "name")


@pages.get("/people")
@allow(May.SEE_PEOPLE)
def listed(at: At) -> str:
    """List somebody's people, a page at a time."""
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else SORTS[0]
    only = next((one for one in Only if one == request.args.get("only")), Only.ALL)
    found, after = _page(at, sort, only, _after(request.args.get("after", "")))
    shown = _listed(at, found, sort=sort, only=only, after=after)
    at.trace("saw_people", str(at.member.id))
    return shown


@pages.post("/people")
@allow(May.SEE_PEOPLE)
def search(at: At) -> str:
    """Search by name. Sent as a form, so that no name is in an address or a log (SEC-45)."""
    sought = request.form.get("name", "").strip()
    found = [
        person_id
        for person_id, name in _by_name(caseload.names(at.session, _sight(at), Only.ALL, at.now))
        if sought.casefold() in name.casefold()
    ]
    shown = _listed(at, found[:PAGE], sort="name", sought=sought, more=len(found) > PAGE)
    at.trace("searched_people", str(at.member.id))
    return shown


def found(at: At, person_id: uuid.UUID) -> Person:
    """Return a young person whose record the reader may see; for others there is no page."""
    person = casework.person(at.session, person_id, access.own_people(at.member))
    if person is None:
        abort(404)
    return person


def _listed(at: At, ids: Sequence[uuid.UUID], **shown: Any) -> str:
    return render_template(
        "people/listed.html",
        rows=rows(at, caseload.people(at.session, ids)),
        sorts=SORTS,
        onlys=list(Only),
        **{"only": Only.ALL, "sought": "", "after": "", "more": False, **shown},
    )


def _sight(at: At) -> Sight:
    member = at.member
    return Sight(access.own_people(member), access.own_flags(member), access.own_requests(member))


def _after(text: str) -> After | None:
    """Read the last row of the page before; what is not one begins at the top."""
    key, _, person_id = text.partition("~")
    try:
        return After(int(key), uuid.UUID(person_id))
    except ValueError:
        return None


def _page(at: At, sort: str, only: Only, after: After | None) -> tuple[list[uuid.UUID], str]:
    """Return a page of people, and where the next one begins, when there is one."""
    if sort == "name":
        found = _after_in(_by_name(caseload.names(at.session, _sight(at), only, at.now)), after)
    else:
        ask = caseload.by_flags if sort == "flags" else caseload.by_heard
        found = ask(at.session, _sight(at), only, at.now, after)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return [one.person_id for one in found[:PAGE]], f"{last.key}~{last.person_id}" if last else ""


def _by_name(named: Sequence[tuple[uuid.UUID, str]]) -> list[tuple[uuid.UUID, str]]:
    return sorted(named, key=lambda one: (one[1].casefold(), one[0]))


def _after_in(named: Sequence[tuple[uuid.UUID, str]], after: After | None) -> list[After]:
    """Return one row more than a page, from where the page before ended."""
    places = {person_id: number + 1 for number, (person_id, _) in enumerate(named)}
    first = places.get(after.person_id, 0) if after else 0
    return [After(0, person_id) for person_id, _ in named[first : first + PAGE + 1]]


def rows(at: At, found: Sequence[Person]) -> list[dict[str, Any]]:
    """Return young people as rows, each thing about all of them asked for once."""
    ids = [one.id for one in found]
    chats = casework.chats_of(at.session, ids)
    chat_ids = [one.id for one in chats.values()]
    flags = casework.open_flag_counts(at.session, chat_ids, access.own_flags(at.member))
    late = caseload.late_counts(at.session, chat_ids, access.own_requests(at.member), at.now)
    moods, coming = caseload.moods(at.session, ids), caseload.next_check_ins(at.session, ids)
    contacts = caseload.last_contacts(at.session, ids, record.visible(at.member), at.now)
    said = caseload.statuses(at.session, ids)
    return [
        row(at, one, chats.get(one.id), flags)
        | {
            "late": late.get(chats[one.id].id, 0) if one.id in chats else 0,
            "contact": _contact(at, one, contacts.get(one.id, []), said.get(one.id, [])),
            "next": say_time(coming[one.id], at.now, at.parts.zone) if one.id in coming else "",
            **_mood(at, moods.get(one.id, [])),
        }
        for one in found
    ]


def _contact(
    at: At,
    person: Person,
    last: Sequence[tuple[str, datetime]],
    said: Sequence[tuple[InTouch, str]],
) -> str:
    """Return how contact stands: by the council's standard, and in the birthday window of now."""
    seen = [Seen(kind, moment) for kind, moment in last]
    library, zone = at.parts.library, at.parts.zone
    account = record.account_from(seen, library, person, zone, at.now)
    told = [Said(one.birthday, one.status, one.evidence, one.evidence_at, by) for one, by in said]
    today = plans.local_day(at.now, zone)
    windows = [
        words("in_touch", entry.status)
        for entry in record.entries_from(seen, told, library, person, zone, at.now)
        if entry.closes_on >= today and entry.status == intouch.OPEN
    ]
    return "; ".join([words("contact_lights", account.light), *windows])


def _mood(at: At, picked: Sequence[tuple[int, datetime]]) -> dict[str, str]:
    """Return the last face in words, the ones before it, and the line they make."""
    if not picked:
        return {"mood": "", "moods": "", "line": ""}
    told = [at.parts.library.label(f"feeling_{feeling}").partition(" ")[2] for feeling, _ in picked]
    return {
        "mood": f"{told[-1]}, {day_of(picked[-1][1], at.parts.zone)}",
        "moods": ", ".join(told[:-1]),
        "line": sparkline.svg([feeling for feeling, _ in picked]),
    }


def row(at: At, one: Person, chat: Chat | None, counts: dict[int, int]) -> dict[str, Any]:
    """Return a young person as a row, with what is known without asking further."""
    return {
        "id": str(one.id),
        "name": one.name,
        "age": age_on(date.fromisoformat(one.born_on), at.now.date()),
        "adviser": one.adviser.name if one.adviser else words("people", "no_adviser"),
        "heard": say_time(chat.heard_at, at.now, at.parts.zone)
        if chat
        else words("people", "never"),
        "flags": counts.get(chat.id, 0) if chat else 0,
        "state": _state(chat, at),
    }


def _state(chat: Chat | None, at: At) -> str:
    """Return what keeps us from reaching somebody, in words; nothing when we can."""
    if chat is None:
        return words("people", "not_joined")
    if chat.unreachable_at is not None:
        return words("people", "unreachable")
    if chat.stopped_at is not None:
        return words("people", "stopped")
    if chat.paused_until is not None and chat.paused_until > at.now:
        return words("people", "paused")
    return ""
