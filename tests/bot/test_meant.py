"""Somebody who asks for another person gets the answer for that person, and nothing is remembered of it."""

from dataclasses import replace

import pytest

from bot.engine import Engine
from bot.practice import Practice
from bot.turn import Ask, Remember, Who
from nlu.entities import Entity, Kind
from tests.bot.test_conversation import AMARA, Rasa, Talk

STAYING_PUT = "housing.staying_put"
FOR_SON = "my foster son is 17, can he stay with us after 18"
FOR_MATE = "asking for my mate, can he stay after 18"
FROM_PA = "I'm a PA asking for a young person I support, 19, can she stay put"
OWN = "can i stay after 18"
#: What the article adds for somebody of 16 or 17, of 18 to 20, and of 21 to 24.
AT_17, AT_19, AT_22 = (
    "Talk about it early",
    "If you are in Staying Put now",
    "The law on Staying Put stops",
)


@pytest.fixture
def rasa() -> Rasa:
    taught = Rasa()
    for text in (FOR_SON, FOR_MATE, FROM_PA, OWN):
        taught.teach(text, (STAYING_PUT, 0.9))
    taught.teach("how much is it", ("ask_amount", 0.9))
    return taught


@pytest.fixture
def talk(engine: Engine, rasa: Rasa) -> Talk:
    return Talk(engine, rasa, Practice(who=replace(AMARA, age=22)))


def test_the_age_said_counts_and_not_the_writers(talk: Talk) -> None:
    talk.says(FOR_SON)

    assert talk.words.startswith("Here is the answer for the young person you care for.")
    assert AT_17 in talk.words
    assert AT_22 not in talk.words


def test_without_an_age_no_age_is_taken_and_not_the_writers(talk: Talk) -> None:
    talk.says(FOR_MATE)

    assert talk.words.startswith("Here is the answer for the person you ask for.")
    assert not [line for line in (AT_17, AT_19, AT_22) if line in talk.words]


def test_nothing_of_it_is_remembered_of_the_writer(talk: Talk) -> None:
    talk.says(FOR_SON)

    assert talk.effects(Remember) == []
    assert talk.practice.who.age == 22
    talk.says(OWN)
    assert AT_22 in talk.words
    assert "Here is the answer for" not in talk.words


def test_a_worker_is_told_where_to_ask_and_stays_a_stranger(engine: Engine, rasa: Rasa) -> None:
    talk = Talk(engine, rasa, Practice(who=Who()))

    talk.says(FROM_PA)

    assert talk.words.startswith("Here is the answer for the young person you work with.")
    assert AT_19 in talk.words
    assert "Their own leaving care team can tell you what else holds for them." in talk.words
    assert (talk.practice.who, talk.effects(Ask)) == (Who(), [])


def test_an_answer_for_oneself_says_nothing_of_it(talk: Talk) -> None:
    talk.says(OWN)

    assert "Here is the answer for" not in talk.words


def test_a_follow_up_is_about_the_same_person(talk: Talk) -> None:
    talk.says(FOR_SON)

    assert talk.practice.memory.their_age == 17
    talk.says(OWN)
    assert talk.practice.memory.their_age == 0


def test_a_stranger_who_says_their_age_gets_the_answer_for_it(engine: Engine, rasa: Rasa) -> None:
    said = "im 17 can i stay after 18"
    rasa.teach(said, (STAYING_PUT, 0.9))
    rasa.meanings[said] = replace(
        rasa.meanings[said], entities=(Entity(Kind.AGE, "17", "im 17", 0),)
    )
    talk = Talk(engine, rasa, Practice(who=Who()))

    talk.says(said)

    assert AT_17 in talk.words
    assert talk.practice.who.age is None
