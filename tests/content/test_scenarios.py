"""Scenarios are files: each fault is named with its file and line, and a new one needs no Python."""

import typing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.practice import Practice, take_turn
from bot.turn import Who
from content import check, scenario_check
from content.articles import ContentError
from content.library import Library
from content.scenarios import SCENARIOS, Scenario, load_scenarios
from nlu.understanding import NOT_UNDERSTOOD
from safeguarding.judgement import NOTHING
from safeguarding.screening import Screener
from tests.cast import NOW

WHOLE = """id: pets
version: 1
place: 50
title: My pet
intro: Tell me about your pet.
own_words: story
intents: [give_feedback]
audience: adviser
audiences: [adviser, only_me]
owner: participation-team
reviewed_on: 2026-11-30
review_by: 2027-05-30
source: A test
questions:
  - id: animal
    kind: choice
    label: Which animal
    prompt: Which animal is it?
    easy: Which animal?
    choices: {cat: A cat, dog: A dog}
  - id: story
    kind: words
    label: The story
    prompt: What is it like?
    optional: true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one scenario that has nothing wrong."""
    (tmp_path / "pets.yml").write_text(WHOLE, "utf-8")
    return tmp_path


def faults(folder: Path, text: str) -> list[str]:
    """Return what is said about a file."""
    (folder / "pets.yml").write_text(text, "utf-8")
    with pytest.raises(ContentError) as error:
        load_scenarios(folder)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("wrong", "instead", "line", "said"),
    [
        ("version: 1", "version: one", 2, "version must be a number"),
        ("version: 1", "version: 0", 2, "version starts at 1"),
        ("title: My pet\n", "", 1, "title is missing"),
        ("title: My pet", f"title: {'x' * 41}", 4, "title has 41 characters"),
        ("title: My pet", "titel: My pet", 4, "titel is not a key we know"),
        ("title: My pet", "title: My pet\ntitle: Mine", 5, "title is written twice"),
        ("id: pets", "id: cats", 1, "id must be the file's name"),
        ("audience: adviser", "audience: manager", 8, "not one of audiences"),
        ("[adviser, only_me]", "[adviser, everybody, only_me]", 9, "audience everybody"),
        ("[adviser, only_me]", "[adviser]", 9, "only_me must be there"),
        ("source: A test", "source: A test\ncomplaint: true", 9, "never goes to the adviser"),
        ("source: A test", "source: A test\nabout_adviser: true", 1, "advocate must be true"),
        ("review_by: 2027-05-30", "review_by: 2026-11-29", 12, "not after reviewed_on"),
        ("review_by: 2027-05-30", "review_by: soon", 12, "review_by must be a date"),
        ("own_words: story", "own_words: animal", 6, "must name a question answered in words"),
        ("kind: choice", "kind: pick", 16, "kind pick is not one of"),
        ("kind: words", "kind: words\n    quotable: maybe", 23, "quotable must be true or false"),
        ("    choices: {cat: A cat, dog: A dog}\n", "", 16, "choices belong to kind choice"),
        ("{cat: A cat, dog: A dog}", "{cat: A cat}", 20, "choices must be 2 to 9"),
        ("{cat: A cat, dog: A dog}", "{yes: A cat, dog: A dog}", 20, "quote yes and no"),
        ("id: story", "id: animal", 21, "used once"),
        ("    optional: true", "    easy: What is it like?", 25, "nobody has to type"),
        ("    prompt: What is it like?", "    prompt: ''", 24, "prompt is empty"),
        ("title: My pet", "title: [My pet", 5, "this is not YAML"),
    ],
)
def test_every_mistake_is_named_with_its_file_and_line(
    folder: Path, wrong: str, instead: str, line: int, said: str
) -> None:
    found = faults(folder, WHOLE.replace(wrong, instead, 1))

    assert any(one.startswith(f"pets.yml:{line}: ") and said in one for one in found), found


def test_all_mistakes_are_named_at_once(folder: Path) -> None:
    (folder / "birds.yml").write_text("id: birds\n", "utf-8")

    found = faults(folder, WHOLE.replace("version: 1", "version: x").replace("choice", "choise", 1))

    assert {one.split(":")[0] for one in found} == {"pets.yml", "birds.yml"}
    assert len([one for one in found if one.startswith("pets.yml")]) >= 2


def test_two_scenarios_cannot_begin_with_the_same_words(folder: Path) -> None:
    (folder / "dogs.yml").write_text(WHOLE.replace("id: pets", "id: dogs"), "utf-8")

    with pytest.raises(ContentError, match="give_feedback starts dogs already"):
        load_scenarios(folder)


def test_a_mistake_stops_the_program_when_it_starts(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (folder / "pets.yml").write_text(WHOLE.replace("version: 1", "version: x"), "utf-8")
    monkeypatch.setattr(load_scenarios, "__defaults__", (folder,))

    found = check.everything(date(2026, 11, 30))

    assert found.faults == ["pets.yml:2: version must be a number"]


def test_a_new_file_is_all_a_new_scenario_takes(
    engine: Engine, library: Library, folder: Path
) -> None:
    class Calm:
        def screen(self, _text: str, **_known: object) -> object:
            return NOTHING

    with_pets = replace(library, scenarios={**library.scenarios, **load_scenarios(folder)})
    parts = replace(engine, library=with_pets, screener=typing.cast("Screener", Calm()))
    practice = Practice(who=Who(known=True, name="Amara", council="cheshire_east", adviser="Wren"))
    for said in ("/tell", "[My pet]", "[A cat]", "she sleeps on my feet", "[Send it]"):
        actions = {f"[{key.label}]": key.action for key in practice.keys}
        text = "" if said in actions else said
        result = take_turn(
            parts, lambda _text: NOT_UNDERSTOOD, practice, text, NOW, action=actions.get(said)
        )
        practice = result.practice

    [told] = practice.told
    assert [(one.picked, one.words) for one in told.draft.given] == [
        ("cat", ""),
        ("", "she sleeps on my feet"),
    ]
    assert told.sent_at == NOW


def test_what_was_begun_is_finished_in_the_version_it_began_with(folder: Path) -> None:
    begun = load_scenarios(folder)["pets"]
    changed = WHOLE.replace("version: 1", "version: 2").replace("Which animal is it?", "Which?")
    (folder / "pets.yml").write_text(changed, "utf-8")

    now = load_scenarios(folder)["pets"]

    assert Scenario.from_body(begun.body) == begun
    assert begun.digest != now.digest
    assert now.questions[0].prompt == "Which?"


def test_the_thirteen_of_the_taxonomy_are_written_with_owner_source_and_dates() -> None:
    found = load_scenarios()

    assert len(found) == 13
    for one in found.values():
        assert {"owner", "source", "reviewed_on", "review_by"} <= set(one.body)


def test_only_the_long_ones_are_long() -> None:
    for one in load_scenarios().values():
        if not one.body.get("long"):
            assert len(one.questions) <= 7
        assert 1 <= len(one.asked(easy=True)) <= 5


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yml")))
def test_every_answer_button_fits_a_small_phone(name: str) -> None:
    for question in load_scenarios()[name].questions:
        for one in (*question.choices, *question.easy_choices):
            assert len(one.label) <= 30


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"intro": "This is for a care leaver."}, "care leaver” on a lock screen"),
        ({"intro": "Your placement is what we ask about."}, "says “placement”"),
        (
            {
                "intro": "Comprehensive evaluation facilitates organisational accountability of all "
                "participating institutions."
            },
            "needs a reader of",
        ),
        ({"id": "pets"}, "its id is not in taxonomy.yml"),
        ({"intents": ("nothing_we_know",)}, "intent nothing_we_know does not exist"),
        ({"councils": ("atlantis",)}, "council atlantis does not exist"),
    ],
)
def test_the_words_of_a_scenario_are_checked(
    library: Library, change: dict[str, typing.Any], said: str
) -> None:
    wrong = replace(library.scenarios["problem"], **change)
    scenarios = {**library.scenarios, "problem": wrong}

    found = list(scenario_check.scenario_faults(replace(library, scenarios=scenarios)))

    assert any(said in one for one in found), found


def test_nothing_is_wrong_with_ours(library: Library) -> None:
    assert list(scenario_check.scenario_faults(library)) == []


def test_a_scenario_past_its_date_is_listed(library: Library) -> None:
    assert scenario_check.overdue(library, date(2026, 12, 1)) == []
    assert len(scenario_check.overdue(library, date(2027, 6, 1))) == 13
