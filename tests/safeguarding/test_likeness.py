"""What examples say of a message: how it is weighed, softened, and read over several messages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from safeguarding import training
from safeguarding.levels import Level
from safeguarding.likeness import Weights
from safeguarding.screening import Screener
from safeguarding.training import Example

SPLIT = Path(training.__file__).parent / "dev" / "split" / "messages.yml"

Screen = Callable[..., Level]


@pytest.fixture(scope="module")
def screen() -> Screen:
    screener = Screener.load()
    return lambda *said: screener.screen(said[-1], recent=said[:-1]).level


def test_urgent_words_far_from_every_example_of_danger_are_a_concern(screen: Screen) -> None:
    assert screen("ran away... from a goose. in the park. in front of people") is Level.CONCERN


def test_the_same_words_stay_urgent_where_they_are_meant(screen: Screen) -> None:
    assert screen("ran away from placement and im not going back").at_least(Level.SAME_DAY)


def test_the_last_piece_of_a_sentence_is_found_with_the_pieces_before_it(screen: Screen) -> None:
    assert screen("she wont", "wake", "up").at_least(Level.SAME_DAY)


@pytest.mark.parametrize("reply", ["idk", "no", "are you real?", "thanks"])
def test_what_follows_danger_is_no_new_danger(screen: Screen, reply: str) -> None:
    assert not screen("i want to die", reply).at_least(Level.SAME_DAY)


def test_most_sentences_split_over_messages_are_found_when_they_end(screen: Screen) -> None:
    cases: list[dict[str, Any]] = yaml.safe_load(SPLIT.read_text("utf-8"))
    dangerous = [case for case in cases if case["level"] != "none"]

    found = [screen(*case["parts"]).at_least(Level(case["level"])) for case in dangerous]

    assert sum(found) / len(found) >= 0.78


def test_a_sum_counts_each_opinion_by_its_weight() -> None:
    weights = Weights(counts=(2.0, -1.0), always=0.5, bar=0.0)

    assert weights.total((3.0, 4.0)) == pytest.approx(2.5)


def test_the_bar_lets_through_the_share_of_harmless_messages_it_was_told_to() -> None:
    chance = np.random.default_rng(3)
    found = [
        Example(str(at), Level.NONE, None, kind=("look_alike", "ordinary")[at // 2 % 2])
        if at % 2
        else Example(str(at), Level.IMMEDIATE, None)
        for at in range(2000)
    ]
    opinion = np.array(
        [[chance.normal(0.0 if at % 2 else 2.0)] for at in range(2000)], dtype=np.float32
    )

    learnt = training.judge(
        found, opinion, [Level.SAME_DAY, Level.NONE, Level.IMMEDIATE, Level.NONE] * 500
    )

    of = learnt["levels"][Level.SAME_DAY]
    weights = Weights(tuple(of["counts"]), of["always"], of["bar"])
    alarms = {
        kind: np.mean([weights.total(row) >= weights.bar for row in opinion[at::4].tolist()])
        for kind, at in (("look_alike", 1), ("ordinary", 3))
    }
    allowed = {"look_alike": training.LOOK_ALIKES, "ordinary": training.ORDINARY}
    spare = [allowed[kind][Level.SAME_DAY] - share for kind, share in alarms.items()]
    assert min(spare) == pytest.approx(0, abs=0.01)
