"""My people: who they are, when we last heard from them, and whether something is open."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from dashboard.guard import At, allow
from dashboard.words import words
from people import access
from people.access import May
from people.hours import say_time
from people.records import age_on
from storage import casework
from storage.tables import Chat, Person

pages = Blueprint("people", __name__)
SORTS = ("name", "heard", "flags")


@pages.get("/people")
@allow(May.SEE_PEOPLE)
def listed(at: At) -> str:
    """List somebody's people; search by name without the name getting into an address.

    Names are sealed, so they are compared here and not in the database: a caseload is small.
    """
    found = casework.people(at.session, access.own_people(at.member))
    chats = casework.chats_of(at.session, [one.id for one in found])
    counts = casework.open_flag_counts(
        at.session, [one.id for one in chats.values()], access.own_flags(at.member)
    )
    rows = [row(at, one, chats.get(one.id), counts) for one in found]
    sort = request.args.get("sort", "flags")
    rows.sort(key=_order(sort if sort in SORTS else "flags"))
    at.trace("saw_people", str(at.member.id))
    return render_template("people/listed.html", rows=rows, sort=sort, sorts=SORTS, sought="")


@pages.post("/people")
@allow(May.SEE_PEOPLE)
def search(at: At) -> str:
    """Search by name. Sent as a form, so that no name is in an address or a log (SEC-45)."""
    sought = request.form.get("name", "").strip()
    found = [
        one
        for one in casework.people(at.session, access.own_people(at.member))
        if sought.casefold() in one.name.casefold()
    ]
    chats = casework.chats_of(at.session, [one.id for one in found])
    counts = casework.open_flag_counts(
        at.session, [one.id for one in chats.values()], access.own_flags(at.member)
    )
    rows = sorted((row(at, one, chats.get(one.id), counts) for one in found), key=_order("name"))
    at.trace("searched_people", str(at.member.id))
    return render_template("people/listed.html", rows=rows, sort="name", sorts=SORTS, sought=sought)


def _order(sort: str) -> Any:
    orders: dict[str, Any] = {
        "name": lambda one: one["name"].casefold(),
        "heard": lambda one: (one["heard_at"] is not None, one["heard_at"] or 0, one["name"]),
        "flags": lambda one: (-one["flags"], one["name"].casefold()),
    }
    return orders[sort]


def row(at: At, one: Person, chat: Chat | None, counts: dict[int, int]) -> dict[str, Any]:
    """Return a young person as a row."""
    return {
        "id": str(one.id),
        "name": one.name,
        "age": age_on(date.fromisoformat(one.born_on), at.now.date()),
        "adviser": one.adviser.name if one.adviser else words("people", "no_adviser"),
        "heard": say_time(chat.heard_at, at.now, at.parts.zone)
        if chat
        else words("people", "never"),
        "heard_at": chat.heard_at.timestamp() if chat else None,
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
