"""What is asked in a check-in, how often, what silence means, and the lines of the rights calendar."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from content.ids import FOLDER, read_yaml

CHECK_INS = FOLDER / "check_ins"
CALENDAR = FOLDER / "rights_calendar.yml"
LABEL = "check_in"


@dataclass(frozen=True)
class Question:
    """One thing a check-in can ask; its words are replies `check_in.ask.ID` and `check_in.then.ID`."""

    id: str
    version: int
    helps: str
    options: str = ""
    source: str = ""


@dataclass(frozen=True)
class Category:
    """One thing that can be tapped: what it is called here, and what the council reports."""

    id: str
    label: str
    dfe: str = ""
    certainty: str = ""
    danger: str = ""


@dataclass(frozen=True)
class Standard:
    """What the council wants for an age: how often we ask, and how often there is contact."""

    ages: tuple[int, int]
    every: str
    contact_within_days: int
    amber_days: int
    ours: bool
    source: str


@dataclass(frozen=True)
class Silence:
    """What happens when nobody answers, in days and in numbers."""

    nudge_after_days: int
    other_time_after_days: int
    tell_adviser_after_days: int
    stop_after: int
    one_word_in_a_row: int
    answer_open_hours: int


@dataclass(frozen=True)
class Line:
    """One line of the rights calendar; its words are the reply `calendar.ID`."""

    id: str
    kind: str
    for_days: int = 0
    article: str = ""
    source: str = ""
    years: int = 0
    months: int = 0
    days: int = 0
    days_before: int = 0
    #: Not sent to whoever was in touch within so many days.
    unless_in_touch_days: int = 0


@dataclass(frozen=True)
class Window:
    """The span of months around a birthday in which the council is to be in touch, and for which ages."""

    months_before: int
    months_after: int
    first: int
    last: int


@dataclass(frozen=True)
class Times:
    """When a check-in comes and when it does not, until somebody says otherwise."""

    day: int
    at: time
    quiet_from: time
    quiet_to: time
    lesson_ages: tuple[int, int]
    lesson_days: tuple[int, ...]
    lessons_from: time
    lessons_to: time


@dataclass(frozen=True)
class KeepingInTouch:
    """Everything that says when and what we write first."""

    questions: dict[str, Question]
    categories: dict[str, dict[str, Category]]
    standards: tuple[Standard, ...]
    of_councils: dict[str, tuple[Standard, ...]]
    counts_as_contact: tuple[str, ...]
    window: Window
    silence: Silence
    times: Times
    catch_up_minutes: dict[str, int]
    calendar: dict[str, Line]
    in_touch: Line
    pathway_review: Line
    birthday: Line

    def standard(self, age: int, council: str | None) -> Standard:
        """Return what holds for an age: the council's own where it has one, else the nearest of ours."""
        for standards in (self.of_councils.get(council or "", ()), self.standards):
            for one in standards:
                if one.ages[0] <= age <= one.ages[1]:
                    return one
        return self.standards[0] if age < self.standards[0].ages[0] else self.standards[-1]

    def line(self, line_id: str) -> Line | None:
        """Return a line by its id; a window's id ends in the age."""
        if line_id.startswith(f"{self.in_touch.id}_"):
            return self.in_touch
        others = (self.pathway_review, self.birthday)
        return self.calendar.get(line_id) or next(
            (one for one in others if line_id.startswith(one.id)), None
        )


def load_keeping_in_touch() -> KeepingInTouch:
    """Return it from its files; a fault in one is a KeyError, TypeError or ValueError that names it."""
    raw, calendar = read_yaml(CHECK_INS / "standards.yml"), read_yaml(CALENDAR)
    questions = read_yaml(CHECK_INS / "questions.yml")["questions"]
    categories = read_yaml(CHECK_INS / "categories.yml")["categories"]
    window = {key: int(value) for key, value in raw["in_touch"].items()}
    return KeepingInTouch(
        questions={one["id"]: _question(one) for one in questions},
        categories={
            of: {one["id"]: Category(**one) for one in ones} for of, ones in categories.items()
        },
        standards=tuple(_standard(one) for one in raw["standards"]),
        of_councils={
            council: tuple(_standard(one) for one in ones)
            for council, ones in raw["councils"].items()
        },
        counts_as_contact=tuple(raw["counts_as_contact"]),
        window=Window(**window),
        silence=Silence(**raw["silence"]),
        times=_times(raw),
        catch_up_minutes=dict(raw["catch_up_minutes"]),
        calendar={one["id"]: _line(one) for one in calendar["lines"]},
        in_touch=_line(calendar["in_touch"]),
        pathway_review=_line(calendar["pathway_review"]),
        birthday=_line(calendar["birthday"]),
    )


def _question(raw: dict[str, Any]) -> Question:
    return Question(
        raw["id"], int(raw["version"]), raw["helps"], raw.get("options", ""), raw["source"]
    )


def _standard(raw: dict[str, Any]) -> Standard:
    low, high = raw["ages"]
    return Standard(**{**raw, "ages": (int(low), int(high))})


def _line(raw: dict[str, Any]) -> Line:
    return Line(
        id=raw["id"],
        kind=raw["kind"],
        for_days=raw.get("for_days", 0),
        article=raw.get("article", ""),
        source=raw["source"],
        unless_in_touch_days=raw.get("unless_in_touch_days", 0),
        days_before=raw.get("days_before", raw.get("days_before_birthday", 0)),
        **raw.get("at", {}),
    )


def _times(raw: dict[str, Any]) -> Times:
    lessons, quiet = raw["lessons"], raw["quiet"]
    low, high = lessons["ages"]
    return Times(
        day=raw["first_day"],
        at=time.fromisoformat(raw["first_time"]),
        quiet_from=time.fromisoformat(quiet["from"]),
        quiet_to=time.fromisoformat(quiet["to"]),
        lesson_ages=(low, high),
        lesson_days=tuple(lessons["days"]),
        lessons_from=time.fromisoformat(lessons["from"]),
        lessons_to=time.fromisoformat(lessons["to"]),
    )


def replies() -> dict[str, str]:
    """Return the words of questions and lines, by the id of their reply."""
    said = {}
    for one in read_yaml(CHECK_INS / "questions.yml")["questions"]:
        said[f"check_in.ask.{one['id']}"] = one["ask"].strip()
        said[f"check_in.then.{one['id']}"] = one["then"].strip()
    calendar = read_yaml(CALENDAR)
    for one in (
        *calendar["lines"],
        *(calendar[name] for name in ("in_touch", "pathway_review", "birthday")),
    ):
        said[f"calendar.{one['id']}"] = one["text"].strip()
    return said


def labels() -> dict[str, str]:
    """Return the words on the buttons of categories, by `check_in.OF.ID`."""
    return {
        f"{LABEL}.{of}.{one['id']}": one["label"]
        for of, ones in read_yaml(CHECK_INS / "categories.yml")["categories"].items()
        for one in ones
    }


def files() -> list[Path]:
    """Return the files, for their review dates."""
    return [*sorted(CHECK_INS.glob("*.yml")), CALENDAR]
