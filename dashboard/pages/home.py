"""Where somebody lands: what waits for them, the most urgent first."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from flask_security import current_user

from dashboard.guard import At, allow
from dashboard.pages import away, contact, rota, statements
from dashboard.pages.flags import row
from dashboard.pages.requests import row as request_row
from people import access
from people.access import May
from people.hours import say_time
from storage import casework, contacts, hearing_back

pages = Blueprint("desk", __name__)
#: How many of each are shown; how many there are is said.
FIRST = 5


def home() -> Any:
    """Go where the reader belongs: their day, or the door."""
    if current_user.is_authenticated:
        return redirect(url_for("desk.day"), code=303)
    return redirect(url_for("door.sign_in"), code=303)


@pages.get("/day")
@allow(May.SIGN_OUT)
def day(at: At) -> str:
    """Show what waits: flags, requests, tasks, late statements; else what they came for."""
    visible = access.own_flags(at.member)
    flags = casework.open_flags(at.session, visible, at.now)
    requests = casework.open_requests(at.session, access.own_requests(at.member))
    told = access.own_statements(at.member)
    late = hearing_back.late(at.session, told, at.now, FIRST)
    asked = access.own_tasks(at.member)
    tasks = contacts.tasks_seen(at.session, asked, FIRST)
    last = session.get("last_in_at", "")
    shown = render_template(
        "day.html",
        cover_lines=away.lines(at),
        alarm=rota.alarm(at),
        flags=[row(at, one) for one in flags[:FIRST]],
        flag_count=casework.count_open(at.session, visible),
        requests=[request_row(at, one) for one in requests[:FIRST]],
        request_count=casework.count_requests(at.session, access.own_requests(at.member)),
        statements=[statements.row(at, one) for one in late],
        statement_count=hearing_back.count_late(at.session, told, at.now),
        tasks=[contact.task_row(at, one) for one in tasks],
        task_count=contacts.count_tasks(at.session, asked),
        reads_statements=access.allows(at.member, May.SEE_STATEMENTS),
        casework=access.allows(at.member, May.SEE_FLAGS),
        last_in=say_time(datetime.fromisoformat(last), at.now, at.parts.zone) if last else "",
    )
    at.trace("saw_day", str(at.member.id))
    return shown
