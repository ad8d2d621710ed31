"""Both Rasas are judged by the same measures, and what was not measured is said."""

from datetime import date
from typing import Any

import pytest

from benchmarks import stock, understanding_report
from benchmarks.parsing import Asked, outcome
from benchmarks.understanding import KITH, STOCK, Cost, Findings, Measured
from nlu import evaluation
from nlu.evaluation import Case

CASE = Case("can i stay", ("housing.staying_put",), "housing")


def answer(*ranking: tuple[str, float]) -> dict[str, Any]:
    named = [{"name": name, "confidence": share} for name, share in ranking]
    return {"intent": named[0], "intent_ranking": named}


def test_a_fallback_is_not_sure_and_keeps_its_first_choice() -> None:
    fell_back = outcome(CASE, answer(("nlu_fallback", 0.3), ("housing.staying_put", 0.2)))

    assert fell_back.first
    assert evaluation.measure([fell_back], 1e-9)["answered_right"] == 0


def test_an_answer_that_stands_is_answered_outright() -> None:
    said = outcome(CASE, answer(("housing.staying_put", 0.2), ("greet", 0.1)))

    assert evaluation.measure([said], 1e-9)["answered_right"] == 1


def test_the_progress_of_the_training_is_told_once_an_epoch() -> None:
    told: list[str] = []
    watch = stock.watch(told.append)

    watch("Epochs:   0%|          | 0/100 [00:00<?, ?it/s]")
    watch("\rEpochs:   2%|2   | 2/100 [01:10<57:20, 35.1s/it, t_loss=9.1]")
    watch("\rEpochs:   2%|2   | 2/100 [01:10<57:20, 35.1s/it, t_loss=9.1]")

    assert [line.partition(": ")[2] for line in told] == [
        "epoch 0 of 100, ? left by its own reckoning",
        "epoch 2 of 100, 57:20 left by its own reckoning",
    ]


def measured(seconds: float) -> Measured:
    return Measured(
        "as told",
        Cost(wall=100 * seconds, processor=50 * seconds),
        start=5.0,
        asked={1: [Asked((), (seconds,) * 4, 4 * seconds)]},
        processor={1: seconds},
        measures={"articles_first": 0.5},
    )


def page(found: Findings) -> str:
    return understanding_report.written(found, on=date(2026, 11, 30), machine=[], took=60)


def test_the_ratio_is_stock_rasa_over_kith() -> None:
    both = Findings({KITH: measured(0.02), STOCK: measured(0.05)})

    assert "| 1 | 2.50 | 2.50 | 2.50 | 2.50 |" in page(both)


@pytest.mark.parametrize("said", ["left out, as asked", "training took over 60 seconds"])
def test_what_was_not_measured_is_said(said: str) -> None:
    alone = page(Findings({KITH: measured(0.02)}, not_measured=[f"Stock Rasa: {said}"]))

    assert f"## Not measured\n\n- Stock Rasa: {said}" in alone
    assert "Kith beside" not in alone
