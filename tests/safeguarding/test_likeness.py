"""What examples say of a message: how it is weighed, softened, and read over several messages."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import yaml

from safeguarding.classifier import Array
from safeguarding.levels import Level
from safeguarding.likeness import Weights
from safeguarding.screening import Screener
from safeguarding.teaching import sums
from safeguarding.teaching.examples import DEV, Example

SPLIT = DEV / "split" / "messages.yml"

Screen = Callable[..., Level]


@pytest.fixture(scope="module")
def screen() -> Screen:
    screener = Screener.load()
    return lambda *said: screener.screen(said[-1], recent=said[:-1]).level


def test_urgent_words_far_from_every_example_of_danger_are_a_concern(screen: Screen) -> None:
    assert screen("i ran away from the spin class after ten minutes") is Level.CONCERN


def test_the_same_words_stay_urgent_where_they_are_meant(screen: Screen) -> None:
    assert screen("ran away from placement and im not going back").at_least(Level.SAME_DAY)


@pytest.mark.parametrize(
    "words",
    [
        "i want to kill myself",
        "been thinking about not being here, for months now",
        "my boyfriend hit me",
        "i want to hurt myself",
    ],
)
def test_what_is_wanted_thought_or_over_is_read_today(screen: Screen, words: str) -> None:
    assert screen(words) is Level.SAME_DAY


@pytest.mark.parametrize(
    "words",
    [
        "i took 20 pills",
        "stood on the edge of the roof about to go",
        "hes kicking the door in now and hes got a knife",
    ],
)
def test_what_happens_now_is_immediate(screen: Screen, words: str) -> None:
    assert screen(words) is Level.IMMEDIATE


@pytest.mark.parametrize(
    "words",
    [
        "it drips all night",
        "my flat is cold and the boiler broke",
        "mirdita, si jeni sot",
        "what are the rules about guests",
        "im so skint its a joke",
        "thank you so much",
    ],
)
def test_repairs_rules_thanks_and_moans_ring_for_nobody(screen: Screen, words: str) -> None:
    assert not screen(words).at_least(Level.SAME_DAY)


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


def sums_of(levels: list[Level], means: dict[Level, float]) -> tuple[list[Example], Array]:
    """Return messages of these levels in turn, and one opinion of each around the mean of its level."""
    chance = np.random.default_rng(3)
    found = [
        Example(str(at), level, None, kind=kinds(at, level)) for at, level in enumerate(levels)
    ]
    rows = [[chance.normal(means[each.level])] for each in found]
    return found, np.array(rows, dtype=np.float32)


def kinds(at: int, level: Level) -> str | None:
    harmless = tuple(sums.MAY_REACH[Level.SAME_DAY])
    return harmless[at // 4 % len(harmless)] if level is Level.NONE else None


def reached(weights: dict[str, Any], rows: Array) -> float:
    of = Weights.of(weights)
    return float(np.mean([of.total(row) >= of.bar for row in rows.tolist()]))


def test_the_bars_let_through_the_shares_they_were_told_to() -> None:
    order = [Level.NONE, Level.CONCERN, Level.SAME_DAY, Level.IMMEDIATE]
    found, rows = sums_of(order * 1000, {level: float(at) for at, level in enumerate(order)})

    judged = sums.judge(found, rows, [each.level for each in found])

    alarms = {
        kind: reached(judged["levels"][Level.SAME_DAY], rows[[each.kind == kind for each in found]])
        for kind in sums.MAY_REACH[Level.SAME_DAY]
    }
    allowed = sums.MAY_REACH[Level.SAME_DAY]
    assert min(allowed[kind] - share for kind, share in alarms.items()) == pytest.approx(
        0, abs=0.01
    )
    today = rows[[each.level is Level.SAME_DAY for each in found]]
    assert reached(judged["now"], today) == pytest.approx(sums.MAY_BE_NOW, abs=0.01)
