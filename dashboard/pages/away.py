"""Who is away and who covers: an adviser sets their own days, a manager anybody's of the council."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from dashboard.days import DayError, given_day, say_day
from dashboard.guard import At, allow
from dashboard.words import words
from people import access, cover
from people.access import May
from storage import absences, staff
from storage.tables import Absence, Staff

pages = Blueprint("away", __name__)
#: Which field of the form each problem is about.
FIELDS = {"no_first": "first-day", "no_last": "last-day", "away_over": "last-day"}


@pages.get("/away")
@allow(May.SET_COVER)
def listed(at: At) -> str:
    """List who is away now and later, with who does their work today."""
    at.trace("saw_cover", str(at.member.id))
    return _page(at)


def _page(at: At, problem: str = "") -> str:
    day = cover.day_at(at.session, at.now)
    colleagues = [one for one in _team(at) if one.id != at.member.id]
    mine = (str(at.member.id), words("flags", "you"))
    others = [(str(one.id), one.name) for one in colleagues]
    sets_others = access.allows(at.member, May.SET_ANYBODYS_COVER)
    return render_template(
        "cover/away.html",
        rows=[_row(at, one, day) for one in _shown(at)],
        colleagues=[mine, *others] if sets_others else others,
        colleagues_away=[mine, *others] if sets_others else [mine],
        given=request.form,
        problem=words("problems", problem) if problem else "",
        field=FIELDS.get(problem, "cover" if problem else ""),
    )


def _team(at: At) -> list[Staff]:
    """Return those who may look after young people in this council."""
    team = staff.at_work(at.session, at.member.council)
    return [one for one in team if one.role in cover.CASEWORKERS]


def _shown(at: At) -> list[Absence]:
    today = cover.day_of(at.now)
    if access.allows(at.member, May.SET_ANYBODYS_COVER):
        return list(absences.from_day(at.session, today, council=at.member.council))
    return list(absences.from_day(at.session, today, staff_id=at.member.id))


def _row(at: At, one: Absence, day: cover.Day) -> dict[str, Any]:
    now = one.staff_id in day.away and day.away[one.staff_id].id == one.id
    there = day.stand_in(one.staff) if now else None
    return {
        "id": one.id,
        "who": words("flags", "you") if one.staff_id == at.member.id else one.staff.name,
        "first": say_day(one.from_on),
        "last": say_day(one.until_on),
        "cover": one.cover.name if one.cover else words("away", "nobody_named"),
        "today": (there.name if there else words("flags", "duty")) if now else "",
        "may_end": _may_set(at, one.staff),
    }


def _may_set(at: At, whose: Staff) -> bool:
    own = whose.id == at.member.id
    anybodys = access.allows(at.member, May.SET_ANYBODYS_COVER)
    return own or (anybodys and whose.council == at.member.council)


def lines(at: At) -> list[str]:
    """Return what somebody must know today: whose people they look after, and who looks after theirs."""
    day = cover.day_at(at.session, at.now)
    found = [
        words("away", "i_cover").format(name=one.staff.name, day=say_day(one.until_on))
        for one in day.away.values()
        if one.staff_id in at.member.covers
    ]
    mine = day.away.get(at.member.id)
    if mine is not None:
        there = day.stand_in(at.member)
        name = there.name if there else words("flags", "duty")
        found.append(words("away", "i_am_away").format(day=say_day(mine.until_on), name=name))
    return found


@pages.post("/away")
@allow(May.SET_COVER)
def set_away(at: At) -> Any:
    """Write down that somebody is away, and who looks after their people."""
    form = request.form
    whose, named = _chosen(at, form.get("who", "")), _chosen(at, form.get("cover", ""))
    if form.get("who") and (whose is None or not _may_set(at, whose)):
        abort(404)
    try:
        first, last = given_day(form, "first"), given_day(form, "last")
        if first is None or last is None:
            return _page(at, "no_first" if first is None else "no_last"), 422
        made = cover.set_away(
            at.session, whose or at.member, named, (first, last), by=at.member, now=at.now
        )
    except DayError:
        return _page(at, "not_a_day"), 422
    except cover.CoverError as error:
        return _page(at, str(error)), 422
    at.trace("set_cover", str(made.staff_id))
    return redirect(url_for("away.listed"), code=303)


def _chosen(at: At, staff_id: str) -> Staff | None:
    return next((one for one in _team(at) if str(one.id) == staff_id), None)


@pages.post("/away/<int:absence_id>/end")
@allow(May.SET_COVER)
def back(at: At, absence_id: int) -> Any:
    """Note that somebody is back early, or that it was called off."""
    found = absences.one(at.session, absence_id)
    if found is None or not _may_set(at, found.staff):
        abort(404)
    cover.end(found, at.now)
    at.trace("ended_cover", str(found.staff_id))
    return redirect(url_for("away.listed"), code=303)
