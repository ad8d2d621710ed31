"""`kith nlu test` shows every measure beside its bar, in plain lines when nobody is looking."""

import io
from collections.abc import Mapping

from rich.console import Console

from nlu.evaluation import Case, Outcome, Result
from nlu.understanding import Ranked, Understanding
from safeguarding.evaluate import Measured, Share
from wiring import scores


def outcome(wanted: str, got: str) -> Outcome:
    return Outcome(Case("words", (wanted,), "file"), Understanding(got, 0.9, (Ranked(got, 0.9),)))


def shown(shares: Mapping[str, Share], *, terminal: bool = False) -> str:
    said = io.StringIO()
    result = Result(
        {"articles_first": 0.5, "off_topic_answered": 0.02},
        {"articles_first": 0.8, "off_topic_answered": 0.05},
        [outcome("housing.furniture", "housing.staying_put"), outcome("greet", "greet")],
    )
    danger = Measured()
    danger.shares.update(shares)
    out = Console(file=said, force_terminal=terminal, width=100, soft_wrap=True)
    scores.show(result, danger, {"recall.immediate.raised": 0.9, "alarms.ordinary": 0.05}, out)
    return said.getvalue()


DANGER = {"recall.immediate.raised": Share(95, 100), "alarms.ordinary": Share(3, 100)}


def line(text: str, start: str) -> list[str]:
    """Return the words of the line that starts so."""
    [found] = [one for one in text.splitlines() if one.strip().startswith(start)]
    return found.split()


def test_each_measure_stands_beside_its_bar() -> None:
    said = shown(DANGER)

    assert line(said, "right article first")[-4:] == ["0.500", "at", "least", "0.800"]
    assert line(said, "off-topic accepted")[-4:] == ["0.020", "at", "most", "0.050"]
    assert line(said, "immediate, raised")[-5:] == ["0.950", "95/100", "at", "least", "0.900"]
    assert line(said, "ordinary messages")[-5:] == ["0.030", "3/100", "at", "most", "0.050"]


def test_the_worst_intent_names_what_it_was_taken_for() -> None:
    assert line(shown(DANGER), "housing.furniture")[-2:] == ["housing.staying_put", "(1)"]


def test_a_pipe_keeps_a_long_line_whole() -> None:
    long = "cambridgeshire.participation_of_everybody_who_was_ever_in_care"
    result = Result({}, {}, [outcome("cheshire_east.a_group_with_a_name_of_some_length", long)])
    said = io.StringIO()

    scores.show(result, Measured(), {}, Console(file=said, width=80, soft_wrap=True))

    assert line(said.getvalue(), "cheshire_east.")[-2:] == [long, "(1)"]


def test_what_is_below_its_bar_is_named_last() -> None:
    missed = {**DANGER, "recall.immediate.raised": Share(80, 100)}

    assert shown(missed).splitlines()[-2:] == [
        "BELOW ITS BAR: articles_first",
        "BELOW ITS BAR: recall.immediate.raised",
    ]


def test_a_danger_that_was_not_measured_is_below_its_bar() -> None:
    only = {"alarms.ordinary": Share(3, 100)}

    assert "BELOW ITS BAR: recall.immediate.raised" in shown(only)


def test_a_pipe_gets_plain_lines_and_a_terminal_a_table() -> None:
    assert "─" not in shown(DANGER)
    assert "─" in shown(DANGER, terminal=True)
