"""Changing what is agreed with a young person: how often, when, and when not. The rules are those of `kith plan set`."""

import uuid
from collections.abc import Mapping
from datetime import time
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from checkins import planning
from checkins.plans import Change, PlanError
from dashboard.guard import At, allow
from dashboard.pages.people import found
from people.access import May
from storage import plans
from storage.tables import Person, Plan
from storage.tables.keeping_in_touch import Every

pages = Blueprint("plan", __name__)
SCHOOL_DAYS = (0, 1, 2, 3, 4)


class FormError(Exception):
    """What was filled in cannot be read; its text is the id of the sentence that says why."""


@pages.get("/people/<uuid:person_id>/plan")
@allow(May.KEEP_IN_TOUCH)
def form(at: At, person_id: uuid.UUID) -> str:
    """Show the form, filled in with what is agreed now."""
    person = found(at, person_id)
    at.trace("read_person", str(person.id), person_id=person.id)
    return _page(at, person, _as_given(_plan(at, person)))


@pages.post("/people/<uuid:person_id>/plan")
@allow(May.KEEP_IN_TOUCH)
def change(at: At, person_id: uuid.UUID) -> Any:
    """Change it; what waits under the old plan is taken back."""
    person = found(at, person_id)
    plan = _plan(at, person)
    if request.form.get("version") != str(plan.version):
        return _page(at, person, _as_given(plan), "plan_changed"), 409
    try:
        wanted = _wanted(request.form)
        with at.session.begin_nested():
            library, zone = at.parts.library, at.parts.zone
            planning.change(at.session, person, at.member, wanted, library, zone, at.now)
    except FormError as error:
        return _page(at, person, request.form, str(error)), 400
    except PlanError:
        at.session.refresh(plan)
        return _page(at, person, request.form, "never_at_that_time"), 400
    at.trace("changed_plan", str(person.id), person_id=person.id)
    return redirect(url_for("person.one", person_id=person.id), code=303)


def _plan(at: At, person: Person) -> Plan:
    return planning.ensure(at.session, person, at.parts.library, at.parts.zone, at.now)


def _as_given(plan: Plan) -> dict[str, str]:
    """Return what is agreed as the form would give it."""
    lessons = plan.lessons_from and plan.lessons_to and plan.lesson_days
    return {
        "every": plan.every,
        "weekday": str(plan.weekday),
        "at": f"{plan.at:%H:%M}",
        "quiet_from": f"{plan.quiet_from:%H:%M}",
        "quiet_to": f"{plan.quiet_to:%H:%M}",
        "lessons_from": f"{plan.lessons_from:%H:%M}" if lessons else "",
        "lessons_to": f"{plan.lessons_to:%H:%M}" if lessons else "",
    }


def _wanted(given: Mapping[str, str]) -> Change:
    """Return what the form asks for. Raises FormError."""
    every, weekday = given.get("every", ""), given.get("weekday", "")
    if every not in set(Every):
        raise FormError("no_rhythm")
    if weekday not in {str(day) for day in range(7)}:
        raise FormError("no_weekday")
    lessons = [given.get(name, "").strip() for name in ("lessons_from", "lessons_to")]
    return Change(
        every=Every(every),
        weekday=int(weekday),
        at=_clock(given, "at"),
        quiet=(_clock(given, "quiet_from"), _clock(given, "quiet_to")),
        lessons=(SCHOOL_DAYS, _clock(given, "lessons_from"), _clock(given, "lessons_to"))
        if any(lessons)
        else None,
        no_lessons=not any(lessons),
    )


def _clock(given: Mapping[str, str], name: str) -> time:
    try:
        found = time.fromisoformat(given.get(name, "").strip())
    except ValueError as error:
        raise FormError(f"no_time_{name}") from error
    return found.replace(second=0, microsecond=0, tzinfo=None)


def _page(at: At, person: Person, given: Mapping[str, str], problem: str = "") -> str:
    plan = plans.of(at.session, person.id)
    return render_template(
        "person/plan.html",
        person=person,
        given=given,
        version=plan.version if plan else 0,
        rhythms=list(Every),
        problem=problem,
    )
