"""Surveys: a scenario sent to a group, looked at first. The rules are those of `kith survey send`."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from checkins import announcing
from content.surveys import load_surveys
from dashboard.days import DayError, day_of, given_day
from dashboard.guard import At, allow
from dashboard.words import words
from feedback import pushing, surveys
from feedback.surveys import Group, SurveyError
from people.access import May
from storage import actions
from storage.tables import Push, Survey

pages = Blueprint("surveys", __name__)
MOST = 20


@pages.get("/surveys")
@allow(May.ANNOUNCE)
def listed(at: At) -> str:
    """List what was sent, and show the form."""
    at.trace("saw_surveys", str(at.member.id))
    return _page(at)


@pages.post("/surveys")
@allow(May.ANNOUNCE)
def send(at: At) -> Any:
    """Show what would go to whom; send it once that was seen and wanted."""
    scenario = request.form.get("scenario", "")
    if scenario not in load_surveys(at.parts.library.scenarios):
        return _page(at, problem=words("problems", "no_survey")), 400
    try:
        group = _group(at, request.form)
        if request.form.get("send") == "yes":
            survey, _ = _send(at, scenario, group)
            at.trace("sent_survey", f"survey {survey.id}")
            return redirect(url_for("surveys.listed"), code=303)
        counts = _tried(at, scenario, group)
    except DayError:
        return _page(at, problem=words("problems", "not_a_day")), 400
    except SurveyError as error:
        return _page(at, problem=str(error)), 400
    at.trace("saw_surveys", str(at.member.id))
    return _page(at, shown=pushing.about_survey(at.parts.library, scenario), counts=_rows(counts))


def _group(at: At, given: Mapping[str, str]) -> Group:
    """Return whom the form means. Raises SurveyError or DayError."""
    ages = [given.get(name, "").strip() for name in ("youngest", "oldest")]
    youngest, oldest = surveys.ages("-".join(ages) if any(ages) else None)
    return Group(at.member.council, youngest, oldest, given_day(given, "since"))


def _send(at: At, scenario: str, group: Group) -> tuple[Survey, Sequence[Push]]:
    intervals = load_surveys(at.parts.library.scenarios)
    return surveys.send(at.session, at.member, scenario, intervals, group, at.now, at.parts.zone)


def _tried(at: At, scenario: str, group: Group) -> dict[str, int]:
    """Return what sending would come to: it is done, counted and undone."""
    tried = at.session.begin_nested()
    counts = actions.outcome(_send(at, scenario, group)[1])
    tried.rollback()
    return counts


def _rows(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return counts in words: what is private about somebody as one, and no number under five."""
    reasons = [name for name, count in counts.items() for _ in range(count)]
    told = announcing.grouped(reasons)
    return [
        (words("survey_outcomes", name.replace(" ", "_")), announcing.rounded(count))
        for name, count in sorted(told.items())
    ]


def _page(at: At, *, problem: str = "", shown: Any = None, counts: Any = ()) -> str:
    library = at.parts.library
    past = actions.surveys(at.session, at.member.council, MOST)
    return render_template(
        "surveys.html",
        scenarios=[(one, library.scenarios[one].title) for one in load_surveys(library.scenarios)],
        past=[_past(at, survey, found) for survey, found in past],
        given=request.form,
        problem=problem,
        text=shown.text if shown else "",
        keys=[press.label for row in shown.rows for press in row] if shown else [],
        counts=counts,
    )


def _past(at: At, one: Survey, counts: Mapping[str, int]) -> dict[str, Any]:
    ages = [str(age) for age in (one.youngest, one.oldest) if age is not None]
    return {
        "title": at.parts.library.scenarios[one.scenario].title,
        "sent": day_of(one.made_at, at.parts.zone),
        "ages": "–".join(dict.fromkeys(ages)) or words("surveys", "everybody"),
        "results": [f"{name}: {count}" for name, count in _rows(counts)],
    }
