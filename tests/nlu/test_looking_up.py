"""Asking what was changed, in one's own words, leads to it; other questions are left alone."""

import pytest

from nlu import evaluation
from nlu.looking_up import LookUp, kind
from tests.conftest import ROOT


@pytest.mark.parametrize(
    "text",
    [
        "What have you changed?",
        "what have u actually changed",
        "so what have you done about it",
        "what did the council do about what we said?",
        "has anything changed since we told you",
        "has anything changed",
        "did anything happen after what i said",
        "did you even listen to us",
        "have they done anything about our feedback",
        "what's changed because of what young people said",
        "what's different now because of us",
        "hi can you tell me what has been done about our ideas",
        "what difference did it make",
        "what changes have you made",
        "what came of what we said",
        "what are you doing about what people told you",
        "you said we did",
        "show me the you said we did page",
        "do u ever change anything",
        "what happened with our feedback",
    ],
)
def test_asking_what_was_changed_is_understood(text: str) -> None:
    assert kind(text) is LookUp.WE_DID


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what happened to what i told you", LookUp.MINE),
        ("What have I told you?", LookUp.MINE),
        ("what became of my complaint", LookUp.MINE),
        ("I want to ask the councillors something", LookUp.ASK_COUNCIL),
        ("how do i ask a councillor a question", LookUp.ASK_COUNCIL),
        ("ive got a question for the council", LookUp.ASK_COUNCIL),
        ("what did other young people ask", LookUp.ASKED),
        ("what have others asked the council?", LookUp.ASKED),
        ("what do you do", None),
        ("what can you do about my rent", None),
        ("what has the council done with my savings", None),
        ("has my PA changed", None),
        ("has anything changed with my universal credit", None),
        ("can i ask the council for money", None),
        ("can i ask the council for a flat", None),
        ("i want to ask my PA something", None),
        ("what happened to my PA", None),
        ("did you get my message", None),
        ("", None),
    ],
)
def test_the_rest_is_told_apart(text: str, asked: LookUp | None) -> None:
    assert kind(text) is asked


def test_no_message_of_another_kind_is_taken_for_it() -> None:
    others = [case.text for case in evaluation.cases(ROOT / "nlu" / "dev")]

    assert [text for text in others if kind(text)] == []
