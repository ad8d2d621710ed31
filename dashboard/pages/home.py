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
from storage import casework, contacts

pages = Blueprint("desk", __name__)


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
    late = [
        found for one in statements.waiting(at) if (found := statements.row(at, one))["overdue"]
    ]
    tasks = contacts.tasks_seen(at.session, access.own_tasks(at.member))
    at.trace("saw_day", str(at.member.id))
    last = session.get("last_in_at", "")
    return render_template(
        "day.html",
        cover_lines=away.lines(at),
        alarm=rota.alarm(at),
        flags=[row(at, one) for one in flags[:5]],
        flag_count=casework.count_open(at.session, visible),
        requests=[request_row(at, one) for one in requests[:5]],
        request_count=len(requests),
        statements=late[:5],
        statement_count=len(late),
        tasks=[contact.task_row(at, one) for one in tasks[:5]],
        task_count=len(tasks),
        reads_statements=access.allows(at.member, May.SEE_STATEMENTS),
        casework=access.allows(at.member, May.SEE_FLAGS),
        last_in=say_time(datetime.fromisoformat(last), at.now, at.parts.zone) if last else "",
    )
