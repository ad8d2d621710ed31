"""What young people asked of a person: the list, and one of them with its answer."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from dashboard.guard import At, allow
from dashboard.pages.replying import preview_or_send
from dashboard.paging import key_given, key_of
from dashboard.visible import HIDDEN
from dashboard.words import words
from people import access
from people.access import May
from people.hours import say_time
from storage import casework
from storage.tables import Request

pages = Blueprint("requests", __name__)


def row(at: At, one: Request) -> dict[str, Any]:
    """Return a request as a row, without its words."""
    person = one.chat.person
    return {
        "reference": one.reference,
        "kind": words("kinds", one.kind),
        "topic": words("topics", one.topic) if one.topic else "",
        "who": person.name if person else words("flags", "stranger"),
        "whose": at.whose(one.staff),
        "asked": say_time(one.asked_at, at.now, at.parts.zone),
        "due": say_time(one.due_at, at.now, at.parts.zone),
        "overdue": one.due_at < at.now and one.closed_at is None,
    }


@pages.get("/requests")
@allow(May.SEE_REQUESTS)
def listed(at: At) -> str:
    """List the open requests, the one due first on top."""
    rows = casework.open_requests(
        at.session,
        access.own_requests(at.member),
        most=casework.PAGE + 1,
        after=key_given(request.args.get("after", "")),
    )
    last = rows[casework.PAGE - 1] if len(rows) > casework.PAGE else None
    shown = render_template(
        "requests/listed.html",
        rows=[row(at, one) for one in rows[: casework.PAGE]],
        onward=key_of(last.due_at, last.id) if last else "",
    )
    at.trace("saw_requests", str(at.member.id))
    return shown


@pages.get("/requests/<reference>")
@allow(May.SEE_REQUESTS)
def one(at: At, reference: str) -> str:
    """Show one request and the form to answer it."""
    found = _found(at, reference)
    at.trace("read_request", found.reference, person_id=found.chat.person_id)
    return render_template(
        "requests/one.html",
        request_row=row(at, found),
        words_given=(found.words or "").translate(HIDDEN),
        closed=found.closed_at is not None,
        unreachable=found.chat.unreachable_at is not None,
    )


@pages.post("/requests/<reference>/reply")
@allow(May.REPLY)
def reply(at: At, reference: str) -> Any:
    """Preview, then send the answer; it closes the request."""
    found = _found(at, reference)
    return preview_or_send(
        at,
        found.chat,
        back=url_for("requests.one", reference=found.reference),
        about=found.reference,
        action=url_for("requests.reply", reference=found.reference),
        answers=found,
    )


@pages.post("/requests/<reference>/close")
@allow(May.REPLY)
def close(at: At, reference: str) -> Any:
    """Close a request that was answered in another way: by a call or a visit."""
    found = _found(at, reference)
    if found.closed_at is None:
        found.closed_at = found.answered_at = at.now
        found.answered_by_id = at.member.id
        at.trace("closed_request", found.reference, person_id=found.chat.person_id)
    return redirect(url_for("requests.listed"), code=303)


def _found(at: At, reference: str) -> Request:
    found = casework.request(at.session, reference, access.own_requests(at.member))
    if found is None:
        abort(404)
    return found
