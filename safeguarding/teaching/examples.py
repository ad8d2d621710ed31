"""Reads what there is to learn danger from, and what there is to choose on."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from safeguarding.levels import Category, Level
from safeguarding.normalise import canonical
from safeguarding.screening import INTENTS

DATA = Path(__file__).parent.parent / "data"
DEV = DATA.parent / "dev"
#: What the conversation is trained on: thousands of ordinary messages, by other hands.
CONVERSATION = Path(__file__).parents[2] / "nlu" / "data"
#: Ordinary questions that neither the encoders nor the letters have read.
QUESTIONS = CONVERSATION.parent / "dev"
#: Files that came after the encoders were tuned. An encoder is too sure of what it was tuned on, so
#: only these can teach the fresh head how it fares on what it never read. Empty this when the
#: encoders have read all.
UNREAD = (
    "danger_d",
    "danger_e",
    "danger_f",
    "pairs_d",
    "ordinary_e",
    "ordinary_f",
    "ordinary_g",
    "ordinary_statements",
)
#: Intents between an ordinary question and a call for help: neither teaches the other.
_CLOSE_TO_DANGER = frozenset(
    {"help_now", "struggling", "insult", "housing.unsafe_abuse", "housing.cuckooing"}
    | {"housing.homeless_16_17"}
)
#: Questions about something hard, by somebody who looks for information: worth a person's look,
#: and not an alarm.
_HARD_QUESTIONS = frozenset(
    {"health.crisis", "health.self_harm", "health.eating", "health.sexual_assault"}
    | {"health.bereavement", "health.loneliness", "health.drugs_alcohol", "money.loan_sharks"}
    | {"health.emergency_contraception", "family.domestic_abuse", "family.online_images"}
    | {"family.forced_marriage_hba", "family.healthy_relationships", "justice.county_lines"}
    | {"justice.modern_slavery", "justice.missing_exploited_friend", "justice.victim"}
    | {"housing.rough_sleeping", "money.foodbank", "money.crisis_fund"}
)


@dataclass(frozen=True)
class Example:
    """One message to learn from, as plain words. Ordinary ones have no category."""

    text: str
    level: Level
    category: Category | None
    graded: bool = True
    somebody_else: bool | None = None
    kind: str | None = None


def examples(folder: Path = DATA, only: Sequence[str] = ()) -> list[Example]:
    """Read every example, or those of the files named, in either of the two shapes they have."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        if only and path.stem not in only:
            continue
        loaded = yaml.safe_load(path.read_text("utf-8"))
        if isinstance(loaded, dict):
            ordinary = path.stem.startswith("ordinary")
            category = None if ordinary else Category(path.stem)
            found += [
                Example(canonical(line.strip()), Level(level), category)
                for level, lines in loaded.items()
                for line in lines.splitlines()
                if line.strip()
            ]
        else:
            found += [_example(each) for each in loaded]
    return found


def asked(folder: Path = CONVERSATION) -> list[Example]:
    """Read what people say to the bot about anything else, and its danger intents.

    The danger intents have no level. They are urgent; how urgent is left open.
    """
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        for each in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            intent = str(each.get("intent", ""))
            category = INTENTS.get(intent)
            if intent in _CLOSE_TO_DANGER or (path.stem == "danger" and category is None):
                continue
            level = Level.SAME_DAY if category is not None else Level.NONE
            if intent in _HARD_QUESTIONS:
                level = Level.CONCERN
            for line in each.get("examples", "").splitlines():
                if line.strip().startswith("- "):
                    text = canonical(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.strip()[2:]))
                    found.append(Example(text, level, category, graded=category is None))
    return found


def questions(folder: Path = QUESTIONS) -> list[Example]:
    """Read ordinary questions that no encoder was taught. Nobody graded them for danger one by one."""
    return [
        Example(canonical(str(each["text"])), Level.NONE, None, graded=False, kind="ordinary")
        for path in sorted(folder.glob("*.yml"))
        for each in yaml.safe_load(path.read_text("utf-8"))
        if not _is_hard(str(each.get("intent", "")))
    ]


def halves(found: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return those that may teach the fresh head and those that the bars are chosen on, by their words."""
    teach = [each for each in found if _number(each) % 2 == 0]
    return teach, [each for each in found if _number(each) % 2]


def some(found: Sequence[Example]) -> list[Example]:
    """Return a third of them, by their words: the same ones however many come after."""
    return [each for each in found if _number(each) % 3 == 0]


def _number(example: Example) -> int:
    return int(hashlib.sha256(example.text.encode()).hexdigest(), 16)


def _is_hard(intent: str) -> bool:
    return intent in INTENTS or intent in _CLOSE_TO_DANGER or intent in _HARD_QUESTIONS


def _example(each: dict[str, Any]) -> Example:
    named = each.get("category") or ""
    level = Level(each.get("level") or each["at_most"])
    return Example(
        canonical(str(each["text"])),
        level,
        Category(named) if named else None,
        somebody_else=each.get("third_party") if named else None,
        kind=each.get("kind"),
    )
