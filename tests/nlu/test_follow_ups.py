"""Short follow-ups are told by their words; a question that stands on its own is left to the model."""

import pytest

from nlu import evaluation
from nlu.follow_ups import FollowUp, kind
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("How do I apply?", FollowUp.APPLY),
        ("ok n how do i get it then", FollowUp.APPLY),
        ("where do i sign up", FollowUp.APPLY),
        ("what if they say no", FollowUp.REFUSED),
        ("and if i get turned down?", FollowUp.REFUSED),
        ("ok and after that?", FollowUp.NEXT),
        ("so then what", FollowUp.NEXT),
        ("is that for real?", FollowUp.SURE),
        ("u sure m8", FollowUp.SURE),
        ("how d'you know that", None),
        ("the first thing you said", FollowUp.FIRST),
        ("go back", FollowUp.BEFORE),
        ("how do i apply for a passport", None),
        ("what if they say no to my deposit", None),
        ("", None),
    ],
)
def test_what_is_asked_further(text: str, asked: FollowUp | None) -> None:
    assert kind(text) is asked


def test_no_question_of_its_own_is_taken_for_a_follow_up() -> None:
    articles = [
        case.text for case in evaluation.cases(ROOT / "nlu" / "dev") if "." in case.intents[0]
    ]

    assert [text for text in articles if kind(text)] == []
