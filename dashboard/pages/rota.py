"""The duty rota by day, and the hours a council is open: seen by all who work there, set by those who plan."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from dashboard.days import say_day
from dashboard.guard import At, allow
from dashboard.words import everything, words
from people import access, cover, opening
from people.access import May
from people.hours import DAYS, bank_holidays
from storage import absences, duties, staff
from storage.tables import Staff
from storage.tables.people import Role

pages = Blueprint("rota", __name__)
#: How many days ahead are shown and set.
AHEAD = 28


@pages.get("/rota")
@allow(May.SEE_ROTA)
def listed(at: At) -> str:
    """Show who is on duty on each of the coming days, and when the council is open."""
    at.trace("saw_rota", _council(at))
    return _page(at)


def _council(at: At) -> str:
    """Return whose rota it is: one's own council's; an administrator looks after every council's."""
    wanted = request.values.get("council", "")
    if at.member.role == Role.ADMIN and wanted in at.parts.library.councils:
        return wanted
    return at.member.council


def _team(at: At) -> list[Staff]:
    return [one for one in staff.at_work(at.session, _council(at)) if one.role in cover.CASEWORKERS]


def _days(at: At) -> list[date]:
    today = cover.day_of(at.now)
    return [today + timedelta(days=ahead) for ahead in range(AHEAD)]


def _page(at: At, problem: str = "") -> str:
    council, days = _council(at), _days(at)
    on_duty = duties.between(at.session, council, days[0], days[-1])
    away = absences.from_day(at.session, days[0], council=council)
    open_hours = at.parts.rota(council, at.session)

    def row(day: date) -> dict[str, Any]:
        who = on_duty.get(day)
        gone = who is not None and any(
            one.staff_id == who.id and one.from_on <= day <= one.until_on for one in away
        )
        works = open_hours.spans(day) is not None
        return {
            "id": day.isoformat(),
            "day": f"{everything()['weekdays'][day.weekday()]} {say_day(day)}",
            "who": who.name if who else "",
            "who_id": str(who.id) if who else "",
            "state": _state(day, works=works, named=who is not None, away=gone),
        }

    return render_template(
        "cover/rota.html",
        council=at.parts.library.councils[council].name,
        council_id=council,
        councils=[(one.id, one.name) for one in at.parts.library.councils.values()],
        sees_all=at.member.role == Role.ADMIN,
        rows=[row(day) for day in days],
        team=[(str(one.id), one.name) for one in _team(at)],
        may_change=access.allows(at.member, May.SET_ROTA),
        hours=[
            (day, everything()["weekdays"][number], open_hours.hours.get(day, ("", "")))
            for number, day in enumerate(DAYS)
        ],
        given=request.form,
        problem=words("problems", problem) if problem else "",
    )


def _state(day: date, *, works: bool, named: bool, away: bool) -> str:
    """Return in words what is to be known of a day; nothing when all is well."""
    if away:
        return words("rota", "is_away")
    if works:
        return "" if named else words("rota", "empty")
    return words("rota", "holiday" if day in bank_holidays(day.year) else "closed")


@pages.post("/rota")
@allow(May.SET_ROTA)
def set_days(at: At) -> Any:
    """Set who is on duty on each of the days, as the form has them."""
    council = _council(at)
    team = {str(one.id): one for one in _team(at)}
    before = duties.between(at.session, council, _days(at)[0], _days(at)[-1])
    for day in _days(at):
        chosen = request.form.get(f"on-{day.isoformat()}")
        if chosen is None:
            continue
        if chosen in team and before.get(day) is not team[chosen]:
            duties.put(at.session, council, day, team[chosen].id, by=at.member.id, now=at.now)
        elif not chosen and day in before:
            duties.clear(at.session, council, day)
    at.trace("set_rota", council)
    return redirect(url_for("rota.listed", council=council), code=303)


@pages.post("/rota/hours")
@allow(May.SET_ROTA)
def set_hours(at: At) -> Any:
    """Set when the council is open, by day of the week: clocks in working time follow it at once."""
    filled = {
        day: (
            request.form.get(f"{day}-from", "").strip(),
            request.form.get(f"{day}-until", "").strip(),
        )
        for day in DAYS
    }
    try:
        hours = opening.given(filled)
    except opening.HoursError as error:
        return _page(at, str(error)), 422
    council = _council(at)
    duties.set_hours(at.session, council, hours, by=at.member.id, now=at.now)
    at.trace("set_hours", council)
    return redirect(url_for("rota.listed", council=council), code=303)


def alarm(at: At) -> str:
    """Return the line for whoever plans when the next working day has nobody; else nothing."""
    if not access.allows(at.member, May.SET_ROTA):
        return ""
    council = at.member.council
    day = opening.uncovered(at.session, at.parts.rota(council, at.session), council, at.now)
    return words("rota", "alarm").format(day=say_day(day)) if day else ""
