"""The parts of a message are heard beside the whole, and never at its cost."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from nlu import parts
from nlu.understanding import NluError, Ranked, Understanding

BOTH = "need a sofa also how do i get a bike"
SOON = timedelta(seconds=5)


def meant(intent: str, confidence: float = 0.9) -> Understanding:
    return Understanding(intent, confidence, (Ranked(intent, confidence),))


@dataclass
class Rasa:
    """Knows a few texts; others fail, or never end."""

    meanings: dict[str, Understanding]
    hangs: bool = False
    asked: list[str] = field(default_factory=list)

    async def __call__(self, text: str) -> Understanding:
        """Stand for a call to Rasa."""
        self.asked.append(text)
        if text in self.meanings:
            return self.meanings[text]
        if self.hangs:
            await asyncio.Event().wait()
        raise NluError("not now")


WHOLE = {BOTH: meant("housing.furniture", 0.6)}
PARTS = {"need a sofa": meant("housing.furniture"), "how do i get a bike": meant("money.travel")}


def hear(rasa: Rasa, text: str = BOTH, within: timedelta = SOON) -> Understanding:
    return asyncio.run(parts.hear(rasa, text, within))


def test_the_parts_are_heard_beside_the_whole() -> None:
    heard = hear(Rasa(WHOLE | PARTS))

    assert heard.intent == "housing.furniture"
    assert [part.meaning.intent for part in heard.parts] == ["housing.furniture", "money.travel"]
    assert all(part.certain for part in heard.parts)


def test_a_message_of_one_need_costs_one_question() -> None:
    rasa = Rasa({"how do i get a bike": meant("money.travel")})

    hear(rasa, "how do i get a bike")

    assert rasa.asked == ["how do i get a bike"]


def test_a_weak_joint_in_a_sure_message_costs_no_further_question() -> None:
    text = "got kicked out and my uc got stopped"
    rasa = Rasa({text: meant("housing.homeless_apply", 0.99)})

    assert hear(rasa, text).parts == ()
    assert rasa.asked == [text]


def test_a_part_that_fails_leaves_the_whole_as_it_is() -> None:
    assert hear(Rasa(WHOLE)) == WHOLE[BOTH]


def test_a_part_that_comes_too_late_leaves_the_whole_as_it_is() -> None:
    assert hear(Rasa(WHOLE, hangs=True), within=timedelta(seconds=0.05)) == WHOLE[BOTH]


def test_a_whole_that_fails_is_a_failure_of_everything() -> None:
    with pytest.raises(NluError):
        hear(Rasa(PARTS))


def test_what_only_another_council_has_is_ruled_out_of_the_parts_too() -> None:
    bike = Understanding(
        "cambridgeshire.bikes",
        0.6,
        (Ranked("cambridgeshire.bikes", 0.6), Ranked("money.travel", 0.4)),
    )
    heard = hear(Rasa(WHOLE | PARTS | {"how do i get a bike": bike}))

    narrowed = heard.without({"cambridgeshire.bikes"})

    assert [part.meaning.intent for part in narrowed.parts] == ["housing.furniture", "money.travel"]
