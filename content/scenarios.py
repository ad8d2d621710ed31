"""Scenarios: the questions of each kind of statement, read from files into data.

The format is checked strictly, and every fault is named with its file and line, all at once. Adding
a scenario is adding a file to `content/scenarios/`; no Python knows which there are.
"""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from content.articles import ContentError
from content.ids import FOLDER
from content.scenario_files import read_scenario

SCENARIOS = FOLDER / "scenarios"


class Kind(StrEnum):
    """How a question is answered."""

    FEELING = "feeling"
    CHOICE = "choice"
    WORDS = "words"
    NUMBER = "number"


@dataclass(frozen=True)
class Choice:
    """One thing to pick."""

    id: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question: in full, and in the short version when it is asked there too."""

    id: str
    kind: Kind
    label: str
    prompt: str
    area: str = ""
    easy: str = ""
    choices: tuple[Choice, ...] = ()
    easy_choices: tuple[Choice, ...] = ()
    lowest: int = 0
    highest: int = 10
    optional: bool = False
    quotable: bool = False

    def picks(self, *, easy: bool) -> tuple[Choice, ...]:
        """Return what there is to pick, in full or in the short version."""
        return self.easy_choices or self.choices if easy else self.choices

    def choice(self, choice_id: str) -> Choice | None:
        """Return one thing to pick, of either version."""
        both = (*self.choices, *self.easy_choices)
        return next((one for one in both if one.id == choice_id), None)


@dataclass(frozen=True)
class Scenario:
    """One kind of statement. `body` is the file as it was read, to be kept with what is begun."""

    id: str
    version: int
    title: str
    intro: str
    intents: tuple[str, ...]
    own_words: str
    audience: str
    audiences: tuple[str, ...]
    questions: tuple[Question, ...]
    asking: frozenset[str] = frozenset()
    complaint: bool = False
    about_adviser: bool = False
    advocate: bool = False
    councils: tuple[str, ...] = ()
    review_by: str = ""
    body: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def hidden(self) -> bool:
        """Whether it is kept from the adviser whatever they choose."""
        return self.complaint or self.about_adviser

    def shown_in(self, council: str | None) -> bool:
        """Whether it is for this council; somebody from nowhere known sees all."""
        return not self.councils or council is None or council in self.councils

    @property
    def digest(self) -> str:
        """Return what stands for the file's exact contents."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()

    def asked(self, *, easy: bool) -> tuple[Question, ...]:
        """Return the questions of the full or the short version, in order."""
        return tuple(one for one in self.questions if one.easy or not easy)

    def question(self, question_id: str) -> Question | None:
        """Return a question by its id."""
        return next((one for one in self.questions if one.id == question_id), None)

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """Return the scenario that a file says, or said when somebody began it."""
        return cls(
            id=body["id"],
            version=body["version"],
            title=body["title"],
            intro=body["intro"].strip(),
            intents=tuple(body.get("intents") or ()),
            own_words=body.get("own_words", ""),
            audience=body["audience"],
            audiences=tuple(body["audiences"]),
            questions=tuple(_question(one) for one in body["questions"]),
            asking=frozenset(body.get("asking", "").split()),
            complaint=body.get("complaint", False),
            about_adviser=body.get("about_adviser", False),
            advocate=body.get("advocate", False),
            councils=tuple(body.get("councils") or ()),
            review_by=str(body["review_by"]),
            body=body,
        )


def _question(raw: dict[str, Any]) -> Question:
    return Question(
        id=raw["id"],
        kind=Kind(raw["kind"]),
        label=raw["label"],
        prompt=raw["prompt"].strip(),
        area=raw.get("area", ""),
        easy=(raw.get("easy") or "").strip(),
        choices=_choices(raw.get("choices")),
        easy_choices=_choices(raw.get("easy_choices")),
        lowest=raw.get("lowest", 0),
        highest=raw.get("highest", 10),
        optional=raw.get("optional", False),
        quotable=raw.get("quotable", False),
    )


def _choices(raw: dict[str, str] | None) -> tuple[Choice, ...]:
    return tuple(Choice(name, label) for name, label in (raw or {}).items())


def load_scenarios(folder: Path = SCENARIOS) -> dict[str, Scenario]:
    """Return every scenario by id, in the order of the file names' numbers in the menu.

    Raises ContentError listing every fault of every file, each with its line.
    """
    faults: list[str] = []
    bodies = [read_scenario(path, faults) for path in sorted(folder.glob("*.yml"))]
    found = [Scenario.from_body(body) for body in bodies if body is not None]
    faults += _shared_intents(found)
    if faults:
        raise ContentError("\n".join(faults))
    return {one.id: one for one in sorted(found, key=lambda one: one.body["place"])}


def _shared_intents(scenarios: list[Scenario]) -> list[str]:
    """Return a fault for each intent that would start two scenarios."""
    starts: dict[str, str] = {}
    faults = []
    for one in scenarios:
        for intent in one.intents:
            if intent in starts:
                faults.append(f"{one.id}.yml: intent {intent} starts {starts[intent]} already")
            starts[intent] = one.id
    return faults
