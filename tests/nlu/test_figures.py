"""Figures and tables come from what was recorded, and go where the document says."""

import itertools
import json

import pytest

from nlu import figures, learning_curve
from nlu.figures import FIGURES

RUN = {
    "topics": [["money", 10, 0.9, 1.0]],
    "calibration": [[0.5, 10, 0.55, 0.6], [0.9, 90, 0.96, 0.98]],
    "confusions": [["rights.advocacy", "want_advocate", 3]],
}
CURVE = {
    "points": [
        {"share": 0.1, "messages": 1400, "an_intent": 5.6, "first": 0.7, "in_three": 0.9},
        {"share": 1.0, "messages": 14000, "an_intent": 56.0, "first": 0.9, "in_three": 0.98},
    ]
}


def test_each_number_recorded_is_in_a_table() -> None:
    found = figures.tables(RUN, CURVE)

    assert "| 0.9 to 1.0 | 90 | 0.96 | 0.98 |" in found["calibration"]
    assert "| rights.advocacy | want_advocate | 3 |" in found["confusions"]
    assert "| 100% | 14,000 | 56.0 | 0.900 | 0.980 |" in found["learning curve"]


def test_a_table_replaces_the_one_between_its_marks() -> None:
    text = "before\n<!-- x: written by nlu.figures -->\nold\n<!-- end -->\nafter\n"

    assert figures.placed(text, "x", "new\n") == text.replace("old", "new")
    with pytest.raises(ValueError, match="no place"):
        figures.placed(text, "y", "new\n")


def test_the_document_says_what_was_recorded() -> None:
    run, curve = (
        json.loads((FIGURES / name).read_text("utf-8"))
        for name in ("run.json", "learning-curve.json")
    )
    document = figures.DOCUMENT.read_text("utf-8")

    for name, found in figures.tables(run, curve).items():
        assert figures.placed(document, name, found) == document


@pytest.mark.parametrize("name", ["calibration", "learning-curve"])
def test_each_figure_is_shown_with_words_for_who_does_not_see_it(name: str) -> None:
    drawn = (FIGURES / f"{name}.svg").read_text("utf-8")
    words = figures.DOCUMENT.read_text("utf-8").partition(f"](figures/{name}.svg)")[0]

    assert drawn.startswith("<svg")
    assert len(words.rpartition("![")[2]) > 60


def test_every_part_of_the_learning_curve_holds_the_part_before_it() -> None:
    taught = [(f"{intent} {number}", intent) for intent in "abc" for number in range(10)]

    parts = [learning_curve.part(taught, share) for share in learning_curve.SHARES]

    assert [len(part) for part in parts] == [3, 6, 12, 21, 30]
    assert all(set(small) <= set(large) for small, large in itertools.pairwise(parts))
