"""How the service is, in words, and the switch that turns it off."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for

from dashboard.guard import At, allow
from dashboard.health import LIMITS, Ages
from dashboard.words import words
from people import access, switch
from people.access import May
from people.hours import say_time
from storage import switch as kept
from storage.tables import SwitchedOff

pages = Blueprint("system", __name__)


@pages.get("/system")
@allow(May.SEE_SYSTEM)
def state(at: At) -> str:
    """Say part by part whether all is well."""
    at.trace("saw_system", str(at.member.id))
    return _page(at)


def _page(at: At, problem: str = "", sure: str = "") -> str:
    found: Ages = current_app.extensions["kith_ages"]()
    off, rows = kept.current(at.session), _rows(found)
    return render_template(
        "system/state.html",
        rows=rows,
        well=all(well for *_, well in rows),
        off=banner(at, off) if off else None,
        may_switch=access.allows(at.member, May.SWITCH_OFF),
        asked=sure,
        given=request.form,
        problem=words("problems", problem) if problem else "",
    )


def banner(at: At, off: SwitchedOff) -> dict[str, str]:
    """Return what every member of staff is told while Kith is off."""
    return {
        "reason": off.reason,
        "since": say_time(off.off_at, at.now, at.parts.zone),
        "by": off.off_by.name,
    }


def _rows(found: Ages) -> list[tuple[str, str, bool]]:
    """Return each part, how it is in words, and whether that is well."""
    late = set(found.late())
    return [
        ("database", words("system", "up" if found.database else "down"), found.database),
        ("rasa", words("system", "up" if found.model else "down"), found.model),
        *(
            (name, _age(name, found.ages.get(name)), name not in late)
            for name in (*LIMITS, "oldest_unsent_message", "oldest_unsent_letter")
            if name != "last_poll" or found.expects_poll
        ),
        _rota(found),
        ("backups", words("system", "unknown"), True),
    ]


def _rota(found: Ages) -> tuple[str, str, bool]:
    empty = found.counts.get("empty_rotas", 0)
    said = words("system", "rota_empty" if empty else "rota_filled").format(count=empty)
    return "rota", said, not empty


def _age(name: str, age: timedelta | None) -> str:
    """Return an age as people say it. Where nothing waits there is none; where nothing lives, none yet."""
    if age is None:
        return words("system", "never" if name.startswith("last_") else "nothing_waits")
    seconds = max(0, int(age.total_seconds()))
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds")):
        if seconds >= 2 * size:
            return words("system", unit).format(count=seconds // size)
    return words("system", "now")


@pages.post("/system/off")
@allow(May.SWITCH_OFF)
def turn_off(at: At) -> Any:
    """Switch Kith off: once password and code were given again, and the question was answered twice."""
    if not at.fresh:
        return redirect(url_for("door.confirm", next="/system"), code=303)
    reason = request.form.get("reason", "")
    try:
        if request.form.get("sure") != "yes":
            return _page(at, sure=switch.check(at.session, at.member, reason))
        switch.turn_off(
            at.session,
            at.member,
            reason,
            at.now,
            request_id=g.request_id,
            address=request.remote_addr,
        )
    except switch.SwitchError as error:
        return _page(at, str(error)), 422
    return redirect(url_for("system.state"), code=303)


@pages.post("/system/on")
@allow(May.SWITCH_OFF)
def turn_on(at: At) -> Any:
    """Switch Kith on again."""
    if not at.fresh:
        return redirect(url_for("door.confirm", next="/system"), code=303)
    try:
        switch.turn_on(
            at.session, at.member, at.now, request_id=g.request_id, address=request.remote_addr
        )
    except switch.SwitchError as error:
        return _page(at, str(error)), 409
    return redirect(url_for("system.state"), code=303)
