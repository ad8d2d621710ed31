"""Second looks: what colleagues made of closed flags, for somebody else to agree with or not."""

from typing import Any

from flask import Blueprint, render_template, request

from dashboard.guard import At, allow
from dashboard.words import words
from people import access
from people.access import May
from storage import marks
from storage.tables import Mark

pages = Blueprint("second_look", __name__)


def said(mark: Mark) -> dict[str, str]:
    """Return a verdict in words, with the level that would have been right."""
    return {
        "verdict": words("verdicts", mark.verdict),
        "right_level": words("levels", mark.right_level) if mark.right_level else "",
    }


@pages.get("/second-look")
@allow(May.LOOK_AGAIN)
def waiting(at: At) -> str:
    """List what waits for a second look, oldest first, a page at a time."""
    after = request.args.get("after", "")
    found = marks.waiting(
        at.session, access.own_flags(at.member), int(after) if after.isdecimal() else 0
    )
    at.trace("saw_marks", str(at.member.id))
    rows = [_row(one) for one in found]
    more = found[-1].id if len(found) == marks.PAGE else None
    return render_template("flags/second_look.html", rows=rows, more=more)


def _row(one: Mark) -> dict[str, Any]:
    return {
        "reference": one.flag.reference,
        "level": one.flag.level,
        "by": one.by.name,
        **said(one),
    }
