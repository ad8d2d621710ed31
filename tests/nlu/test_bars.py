"""The bars only go up, and what they are measured on is large enough to mean something."""

from collections import Counter

import pytest
import yaml

from nlu import evaluation
from safeguarding.evaluate import MESSAGES, load_bars
from safeguarding.levels import Level
from tests.conftest import ROOT

FLOORS: dict[str, dict[str, float]] = yaml.safe_load(
    (ROOT / "tests" / "nlu" / "floors.yml").read_text("utf-8")
)
#: What the issue asks for at least, whatever was reached since.
ASKED = {"articles_first": 0.80, "articles_in_three": 0.93, "off_topic_answered": 0.10}
FEWEST_PER_INTENT, FEWEST_OFF_TOPIC, FEWEST_DANGER, FEWEST_LOOK_ALIKE = 8, 200, 200, 400


def understanding_bars() -> dict[str, float]:
    held: dict[str, float] = yaml.safe_load(evaluation.BARS.read_text("utf-8"))
    return held


def lowered(bars: dict[str, float], floors: dict[str, float]) -> list[str]:
    """Return the bars that are easier to meet than their floor, or gone."""
    counted_against = {*evaluation.AT_MOST, *(name for name in floors if name.startswith("alarms"))}

    def easier(name: str) -> bool:
        if name not in bars:
            return True
        if name in counted_against:
            return bars[name] > floors[name]
        return bars[name] < floors[name]

    return [name for name in floors if easier(name)]


def test_no_bar_of_the_understanding_was_lowered() -> None:
    assert lowered(understanding_bars(), FLOORS["understanding"]) == []


@pytest.mark.parametrize("name", ["alone", "with_rasa"])
def test_no_bar_of_danger_was_lowered(name: str) -> None:
    assert lowered(load_bars(name), FLOORS["danger"]) == []


def test_no_floor_is_below_what_was_asked() -> None:
    assert lowered(FLOORS["understanding"], ASKED) == []


@pytest.mark.parametrize(
    ("bars", "found"),
    [
        ({"articles_first": 0.8, "off_topic_answered": 0.1}, []),
        ({"articles_first": 0.79, "off_topic_answered": 0.1}, ["articles_first"]),
        ({"articles_first": 0.8, "off_topic_answered": 0.11}, ["off_topic_answered"]),
        ({"articles_first": 0.8}, ["off_topic_answered"]),
    ],
)
def test_a_lowered_bar_is_noticed(bars: dict[str, float], found: list[str]) -> None:
    assert lowered(bars, {"articles_first": 0.8, "off_topic_answered": 0.1}) == found


def intents() -> set[str]:
    """Return every intent there is, from the taxonomy."""
    taxonomy = yaml.safe_load((ROOT / "content" / "taxonomy.yml").read_text("utf-8"))
    articles = {
        f"{topic}.{name}" for topic, named in taxonomy["articles"].items() for name in named
    }
    return articles | {name for group in taxonomy["intents"].values() for name in group}


def test_every_intent_is_measured_on_eight_messages() -> None:
    counts = Counter(case.intents[0] for case in evaluation.cases(evaluation.TEST))
    # Danger is measured on messages of its own, and what is off-topic below.
    apart = {"out_of_scope"} | {name for name in intents() if name.startswith("danger_")}

    assert {
        name: counts[name] for name in intents() - apart if counts[name] < FEWEST_PER_INTENT
    } == {}


def test_two_hundred_messages_are_off_topic() -> None:
    off_topic = [
        case
        for case in evaluation.cases(evaluation.TEST)
        if case.intents[0] in evaluation.OFF_TOPIC
    ]

    assert len({case.text for case in off_topic}) >= FEWEST_OFF_TOPIC


def held_out(*names: str) -> list[dict[str, str]]:
    """Return the held-out messages of these files."""
    return [
        item
        for name in names
        for item in yaml.safe_load((MESSAGES / f"{name}.yml").read_text("utf-8"))
    ]


def test_two_hundred_messages_are_dangerous() -> None:
    urgent = [
        item["text"]
        for item in held_out("dangerous", "obfuscated", "others")
        if Level(item["level"]).at_least(Level.SAME_DAY)
    ]

    assert len(set(urgent)) >= FEWEST_DANGER


def test_four_hundred_harmless_messages_look_alike() -> None:
    alike = [
        item["text"]
        for item in held_out("harmless", "harmless_second")
        if item["kind"] == "look_alike"
    ]

    assert len(set(alike)) >= FEWEST_LOOK_ALIKE
