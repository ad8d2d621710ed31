"""The queue of flags, the most urgent first, and finding one that the reader may see."""

from typing import Any

from flask import Blueprint, abort, render_template, request

from dashboard.guard import At, allow
from dashboard.paging import number_given
from dashboard.words import words
from people import access
from people.access import May
from people.hours import say_time
from storage import casework
from storage.tables import Flag

pages = Blueprint("flags", __name__)


def row(at: At, flag: Flag) -> dict[str, Any]:
    """Return a flag as a row: no word of what was said."""
    person = flag.chat.person
    left = flag.due_at - at.now
    return {
        "reference": flag.reference,
        "level": flag.level,
        "about": [words("categories", one) for one in flag.categories[:3]],
        "third_party": flag.third_party,
        "who": person.name if person else words("flags", "stranger"),
        "raised": say_time(flag.raised_at, at.now, at.parts.zone),
        "due": say_time(flag.due_at, at.now, at.parts.zone),
        "overdue": left.total_seconds() < 0 and flag.opened_at is None,
        "opened": flag.opened_at is not None,
        "owner": at.whose(flag.owner),
        "mine": flag.owner_id == at.member.id,
        "closing": flag.closing_id is not None,
        "snoozed": say_time(flag.snoozed_until, at.now, at.parts.zone)
        if flag.snoozed_until and flag.snoozed_until > at.now
        else "",
    }


@pages.get("/flags")
@allow(May.SEE_FLAGS)
def queue(at: At) -> str:
    """List the open flags: most urgent first, then by the time left."""
    visible = access.own_flags(at.member)
    after = number_given(request.args.get("after", ""))
    found = casework.open_flags(at.session, visible, at.now, most=casework.PAGE + 1, after=after)
    lost = casework.with_lost_replies(at.session, found)
    rows = [{**row(at, one), "lost": one.id in lost} for one in found[: casework.PAGE]]
    later = [row(at, one) for one in casework.snoozed_flags(at.session, visible, at.now)]
    shown = render_template(
        "flags/queue.html",
        rows=rows,
        later=later,
        count=casework.count_open(at.session, visible),
        onward=found[casework.PAGE - 1].id if len(found) > casework.PAGE else None,
    )
    at.trace("saw_flags", str(at.member.id))
    return shown


def found(at: At, reference: str) -> Flag:
    """Return a flag that the reader may see, held until the page is done; for others there is none."""
    one = casework.flag(at.session, reference, access.own_flags(at.member))
    if one is None:
        abort(404)
    return one
