"""A message that asks for another person is told from one that only mentions somebody."""

import yaml

from nlu.somebody_else import Asker, asked_for
from tests.conftest import ROOT

LEAST_FOUND, MOST_FALSE = 0.9, 0.02
HELD = yaml.safe_load((ROOT / "tests" / "nlu" / "somebody_else.yml").read_text("utf-8"))
ASKED = [(Asker(kind), one) for kind in HELD if kind != "nobody" for one in HELD[kind]]


def test_whoever_asks_for_somebody_else_is_noticed_with_the_age_said() -> None:
    right = [
        found is not None and (found.asker, found.age) == (asker, one.get("age"))
        for asker, one in ASKED
        for found in [asked_for(one["text"])]
    ]

    assert len(right) >= 40
    assert sum(right) >= LEAST_FOUND * len(right)


def test_whoever_only_mentions_somebody_asks_for_themselves() -> None:
    wrong = [text for text in HELD["nobody"] if asked_for(text)]

    assert len(HELD["nobody"]) >= 80
    assert len(wrong) <= MOST_FALSE * len(HELD["nobody"]), wrong


def test_a_birthday_to_come_is_not_an_age_yet() -> None:
    found = asked_for("my foster son turns 18 in june, what does he get")

    assert found is not None
    assert found.age == 17


def test_the_writers_own_age_is_not_theirs() -> None:
    assert asked_for("im 17 can i claim uc") is None
