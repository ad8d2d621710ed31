"""Checks the words of scenarios, and of whatever is sent around them, as every other word is checked."""

from collections.abc import Iterator
from datetime import date

from content import language
from content.ids import FOLDER, read_yaml
from content.library import LONGEST_REPLY, Library
from content.reading import reading_age
from content.scenarios import Scenario

OLDEST_READER = 11.5
#: Below this many words a formula says nothing.
FEWEST_WORDS = 8


def scenario_faults(library: Library) -> Iterator[str]:
    """Yield what is wrong with the scenarios, each with its file."""
    raw = read_yaml(FOLDER / "taxonomy.yml")
    intents = library.ids.every_intent
    for one in library.scenarios.values():
        name = f"scenarios/{one.id}.yml"
        if one.id not in raw["scenarios"]:
            yield f"{name}: its id is not in taxonomy.yml"
        yield from (f"{name}: intent {each} does not exist" for each in set(one.intents) - intents)
        councils = set(one.councils) - set(library.councils)
        yield from (f"{name}: council {each} does not exist" for each in councils)
        areas = {question.area for question in one.questions if question.area}
        unknown = areas - set(raw["theme_areas"])
        yield from (f"{name}: area {each} is not in theme_areas" for each in unknown)
        yield from (f"{name}: {fault}" for fault in _said_faults(one))
    missing = set(raw["scenarios"]) - set(library.scenarios)
    yield from (f"scenario {one} of taxonomy.yml is not written" for one in sorted(missing))
    yield from _reply_faults(library)


def _said_faults(scenario: Scenario) -> Iterator[str]:
    said = [("title", scenario.title), ("intro", scenario.intro)]
    for question in scenario.questions:
        said += [(question.id, question.prompt), (f"{question.id}, short", question.easy)]
        said += [(f"{question.id}, label", question.label)]
        said += [(f"{question.id}, {one.id}", one.label) for one in question.picks(easy=False)]
        said += [(f"{question.id}, {one.id}", one.label) for one in question.easy_choices]
    for where, text in said:
        if len(text.split()) >= FEWEST_WORDS and reading_age(text) > OLDEST_READER:
            yield f"{where} needs a reader of {reading_age(text):.1f}"
        for council in scenario.councils or (None,):
            yield from (f"{where} {fault}" for fault in language.faults(text, council))


def _reply_faults(library: Library) -> Iterator[str]:
    """Yield what is wrong with what is said around a statement."""
    for name, text in library.replies.items():
        if name.split(".")[0] not in {"statement", "mine", "audience"}:
            continue
        if len(text) > LONGEST_REPLY:
            yield f"{name} has {len(text)} characters"


def overdue(library: Library, today: date) -> list[str]:
    """Return the scenarios whose review date has passed."""
    return [
        f"scenario {one.id} (by {one.review_by})"
        for one in library.scenarios.values()
        if today > date.fromisoformat(one.review_by)
    ]
