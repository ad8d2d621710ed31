"""The measures mean what they say, and a bar not met is a failure."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from nlu import evaluation
from nlu.understanding import Ranked, Understanding

MESSAGES = """
- {text: stay, intent: housing.staying_put}
- {text: either, intent: housing.furniture, also: [housing.staying_put]}
- {text: lost, intent: housing.repairs_damp}
- {text: weather, intent: out_of_scope}
- {text: hi, intent: greet}
"""


def always(intent: str, confidence: float) -> Callable[[str], Understanding]:
    def parse(_text: str) -> Understanding:
        ranking = (Ranked(intent, confidence), Ranked("housing.repairs_damp", 0.05))
        return Understanding(intent, confidence, ranking)

    return parse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "some.yml").write_text(MESSAGES, "utf-8")
    return tmp_path / "test"


def run(folder: Path, bars: str, confidence: float = 0.9) -> evaluation.Result:
    (folder.parent / "bars.yml").write_text(bars, "utf-8")
    parse = always("housing.staying_put", confidence)
    return evaluation.evaluate(parse, folder=folder, bars=folder.parent / "bars.yml")


def test_the_shares_are_counted(folder: Path) -> None:
    measures = run(folder, "articles_first: 0.6").measures

    assert measures["articles_first"] == pytest.approx(2 / 3)
    assert measures["articles_in_three"] == 1
    assert measures["answered_wrong"] == pytest.approx(1 / 3)
    assert measures["off_topic_answered"] == 1
    assert measures["other_first"] == 0


def test_what_joined_later_stands_beside_what_was_there(folder: Path) -> None:
    (folder / "some_second.yml").write_text("- {text: bye, intent: housing.staying_put}", "utf-8")
    (folder / "greet_second.yml").write_text("- {text: yo, intent: greet}", "utf-8")
    (folder / "ok.yml").write_text(
        "- {text: ok, intent: affirm, also: [housing.staying_put]}", "utf-8"
    )

    measures = run(folder, "articles_first: 0.6").measures

    assert measures["other_first"] == pytest.approx(1 / 3)
    assert measures["other_first.first_part"] == pytest.approx(1 / 2)


def test_an_unsure_article_is_no_answer(folder: Path) -> None:
    assert run(folder, "articles_first: 0.6", confidence=0.1).measures["off_topic_answered"] == 0


@pytest.mark.parametrize(
    ("bars", "passed"),
    [
        ("articles_first: 0.6", True),
        ("articles_first: 0.7", False),
        ("off_topic_answered: 0.05", False),
        ("off_topic_answered: 1.0", True),
        ("something_unmeasured: 0.0", False),
    ],
)
def test_every_bar_must_be_met(folder: Path, bars: str, passed: bool) -> None:  # noqa: FBT001
    result = run(folder, bars)

    assert result.passed is passed
    assert bool(result.below()) is not passed


def test_the_worst_intents_come_first_with_what_they_were_taken_for(folder: Path) -> None:
    worst = evaluation.worst_intents(run(folder, "articles_first: 0.6").outcomes, 2)

    assert [(group.name, group.count, group.first) for group in worst] == [
        ("greet", 1, 0),
        ("housing.repairs_damp", 1, 0),
    ]
    assert worst[1].taken_for == (("housing.staying_put", 1),)


def test_confusions_are_counted(folder: Path) -> None:
    (folder / "more.yml").write_text("- {text: mould, intent: housing.repairs_damp}", "utf-8")

    found = evaluation.confusions(run(folder, "articles_first: 0.6").outcomes)

    assert found[0] == ("housing.repairs_damp", "housing.staying_put", 2)


def test_what_was_stated_is_held_against_what_was_right(folder: Path) -> None:
    [found] = evaluation.calibration(run(folder, "articles_first: 0.6", confidence=0.75).outcomes)

    assert (found.over, found.count) == (0.7, 5)
    assert found.right == pytest.approx(2 / 5)
    assert found.stated == pytest.approx(0.75)


def test_a_record_holds_figures_and_no_message(folder: Path) -> None:
    kept = str(evaluation.record(run(folder, "articles_first: 0.6"), date(2026, 11, 30)))

    assert "2026-11-30" in kept
    assert "weather" not in kept


def test_nothing_to_measure_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "test").mkdir()

    assert not run(tmp_path / "test", "articles_first: 0.0").passed


def test_a_file_of_another_shape_is_refused(folder: Path) -> None:
    (folder / "bad.yml").write_text("- {words: hello}", "utf-8")

    with pytest.raises(evaluation.EvaluationError, match=r"bad\.yml"):
        evaluation.cases(folder)
