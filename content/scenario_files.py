"""Reading a scenario's file: what must stand in it, and the line of everything that is wrong."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
KINDS = ("feeling", "choice", "words", "number")
#: What a button holds on a small phone, and what a message should hold.
LONGEST_LABEL, LONGEST_PROMPT, LONGEST_INTRO = 40, 300, 300
#: The brief for writers: short enough for a bus. `long: true` says that a longer one is meant.
MOST_QUESTIONS, MOST_EASY = 7, 5
MOST_CHOICES, WIDEST_RANGE = 9, 10

#: Each key of a scenario: what it must be, and whether it must be there.
SCENARIO = {
    "id": (str, True),
    "version": (int, True),
    "place": (int, True),
    "title": (str, True),
    "intro": (str, True),
    "intents": (list, False),
    "own_words": (str, False),
    "asking": (str, False),
    "audience": (str, True),
    "audiences": (list, True),
    "complaint": (bool, False),
    "about_adviser": (bool, False),
    "advocate": (bool, False),
    "councils": (list, False),
    "long": (bool, False),
    "owner": (str, True),
    "reviewed_on": (date, True),
    "review_by": (date, True),
    "source": (str, True),
    "questions": (list, True),
}
QUESTION = {
    "id": (str, True),
    "kind": (str, True),
    "area": (str, False),
    "label": (str, True),
    "prompt": (str, True),
    "easy": (str, False),
    "choices": (dict, False),
    "easy_choices": (dict, False),
    "lowest": (int, False),
    "highest": (int, False),
    "optional": (bool, False),
    "quotable": (bool, False),
}
AUDIENCES = (
    "adviser",
    "manager",
    "reviewing_officer",
    "advocate",
    "participation_anonymous",
    "only_me",
)
LINES = "__lines__"
Fault = tuple[int, str]


class _Marked(yaml.SafeLoader):
    """Reads YAML and remembers the line of every key."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 (PyYAML's own signature)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        keys = [(self.construct_object(key), key.start_mark.line + 1) for key, _ in node.value]
        lines = dict(keys)
        twice = [key for number, (key, _) in enumerate(keys) if key in dict(keys[:number])]
        return {**found, LINES: {"": node.start_mark.line + 1, "twice": twice, **lines}}


def read_scenario(path: Path, faults: list[str]) -> dict[str, Any] | None:
    """Return what a file says, without anything that JSON could not hold; None when it is wrong.

    Every fault is added to the list, with the file and the line.
    """
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_Marked)  # noqa: S506 (it is a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.append(f"{path.name}:{line}: this is not YAML: {error.problem}")
        return None
    if not isinstance(raw, dict):
        faults.append(f"{path.name}:1: a scenario is a list of keys")
        return None
    found = sorted(_scenario_faults(raw, path.stem))
    faults += [f"{path.name}:{line}: {what}" for line, what in found]
    return None if found else plain(raw)


def plain(value: Any) -> Any:
    """Return a value without line numbers, and dates as text."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key != LINES}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _shape(raw: dict[str, Any], wanted: dict[str, tuple[type, bool]]) -> Iterator[Fault]:
    """Yield what is missing, unknown, written twice, or of the wrong kind."""
    lines = raw[LINES]
    for name in lines["twice"]:
        yield lines[name], f"{name} is written twice"
    for name in raw:
        if name != LINES and name not in wanted:
            yield lines[name], f"{name} is not a key we know"
    for name, (kind, needed) in wanted.items():
        if name not in raw:
            if needed:
                yield lines[""], f"{name} is missing"
        elif not isinstance(raw[name], kind) or (kind is int and isinstance(raw[name], bool)):
            yield lines[name], f"{name} must be {_said(kind)}"
        elif kind is str and not raw[name].strip():
            yield lines[name], f"{name} is empty"


def _said(kind: type) -> str:
    names = {str: "text", int: "a number", bool: "true or false", list: "a list", dict: "keys"}
    return names.get(kind, "a date")


def _scenario_faults(raw: dict[str, Any], stem: str) -> Iterator[Fault]:
    shape = list(_shape(raw, SCENARIO))
    yield from shape
    lines = raw[LINES]
    if isinstance(raw.get("questions"), list):
        yield from _questions_faults(raw["questions"], lines["questions"])
    if shape:
        return
    if raw["id"] != stem or not SLUG.fullmatch(raw["id"]):
        yield lines["id"], f"id must be the file's name, {stem}"
    if raw["version"] < 1:
        yield lines["version"], "version starts at 1"
    yield from _long(lines["title"], "title", raw["title"], LONGEST_LABEL)
    yield from _long(lines["intro"], "intro", raw["intro"], LONGEST_INTRO)
    if raw["review_by"] <= raw["reviewed_on"]:
        yield lines["review_by"], "review_by is not after reviewed_on"
    yield from _audience_faults(raw, lines)
    yield from _count_faults(raw, lines)


def _long(line: int, name: str, text: str, most: int) -> Iterator[Fault]:
    if len(text.strip()) > most:
        yield line, f"{name} has {len(text.strip())} characters; at most {most}"


def _audience_faults(raw: dict[str, Any], lines: dict[str, int]) -> Iterator[Fault]:
    line = lines["audiences"]
    for one in raw["audiences"]:
        if one not in AUDIENCES:
            yield line, f"audience {one} is not one of {', '.join(AUDIENCES)}"
    if raw["audience"] not in raw["audiences"]:
        yield lines["audience"], "audience is not one of audiences"
    if "only_me" not in raw["audiences"]:
        yield line, "only_me must be there: nobody has to send anything"
    hidden = raw.get("complaint") or raw.get("about_adviser")
    if hidden and "adviser" in raw["audiences"]:
        yield line, "what is about the adviser never goes to the adviser"
    if hidden and not raw.get("advocate"):
        yield lines.get("advocate", lines[""]), "advocate must be true: one is always offered here"


def _count_faults(raw: dict[str, Any], lines: dict[str, int]) -> Iterator[Fault]:
    questions = [one for one in raw["questions"] if isinstance(one, dict)]
    easy = [one for one in questions if one.get("easy")]
    if not raw.get("long"):
        if len(questions) > MOST_QUESTIONS:
            yield lines["questions"], f"{len(questions)} questions; at most {MOST_QUESTIONS}"
        if len(easy) > MOST_EASY:
            yield lines["questions"], f"{len(easy)} in the short version; at most {MOST_EASY}"
    if not easy:
        yield lines["questions"], "no question has an easy version"
    own = next((one for one in questions if one.get("id") == raw.get("own_words")), None)
    if raw.get("own_words") and (own is None or own.get("kind") != "words"):
        yield lines["own_words"], "own_words must name a question answered in words"
    if raw.get("intents") and not raw.get("own_words"):
        yield lines["intents"], "own_words must say where the words that start it belong"


def _questions_faults(questions: list[Any], line: int) -> Iterator[Fault]:
    if not questions:
        yield line, "there are no questions"
    seen: set[str] = set()
    for one in questions:
        if not isinstance(one, dict):
            yield line, "each question is a list of keys"
            continue
        shape = list(_shape(one, QUESTION))
        yield from shape
        if shape:
            continue
        if one["id"] in seen or not SLUG.fullmatch(one["id"]):
            yield one[LINES]["id"], f"{one['id']}: an id is plain and used once"
        seen.add(one["id"])
        yield from _question_faults(one)


def _question_faults(raw: dict[str, Any]) -> Iterator[Fault]:
    lines, kind = raw[LINES], raw["kind"]
    if kind not in KINDS:
        yield lines["kind"], f"kind {kind} is not one of {', '.join(KINDS)}"
        return
    yield from _long(lines["label"], "label", raw["label"], LONGEST_LABEL)
    for name in ("prompt", "easy"):
        yield from _long(lines.get(name, 0), name, raw.get(name, ""), LONGEST_PROMPT)
    if raw.get("quotable") and kind != "words":
        yield lines["quotable"], "only words can be quoted"
    if ("choices" in raw) != (kind == "choice"):
        yield (
            lines.get("choices", lines["kind"]),
            "choices belong to kind choice, and must be there",
        )
    if raw.get("easy") and kind == "words" and not raw.get("easy_choices"):
        yield lines["easy"], "the short version needs easy_choices: nobody has to type"
    for name in ("choices", "easy_choices"):
        yield from _choice_faults(raw, name)
    if kind == "number" and not 1 <= raw.get("highest", 10) - raw.get("lowest", 0) <= WIDEST_RANGE:
        yield lines["kind"], f"lowest to highest must span 1 to {WIDEST_RANGE}"


def _choice_faults(raw: dict[str, Any], name: str) -> Iterator[Fault]:
    choices = {key: one for key, one in (raw.get(name) or {}).items() if key != LINES}
    if name not in raw:
        return
    marked = raw[name][LINES]
    if not 1 < len(choices) <= MOST_CHOICES:
        yield raw[LINES][name], f"{name} must be 2 to {MOST_CHOICES}"
    for key, label in choices.items():
        if not isinstance(key, str) or not SLUG.fullmatch(key):
            yield marked[key], f"{key}: a choice's id is plain text (quote yes and no)"
        elif not isinstance(label, str) or not 0 < len(label) <= LONGEST_LABEL:
            yield marked[key], f"{key}: a label is text of 1 to {LONGEST_LABEL} characters"
