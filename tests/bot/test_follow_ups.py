"""A follow-up is about the last answer, says so, and can go back to those before."""

import typing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine import Engine
from bot.practice import Practice
from nlu.entities import Entity, Kind
from safeguarding.judgement import NOTHING
from safeguarding.screening import Screener
from tests.bot.test_conversation import AMARA, Rasa, ScriptedScreener, Talk

STAYING_PUT, MONEY, BIKES = (
    "housing.staying_put",
    "housing.setting_up_home",
    "cambridgeshire.bikes_and_stationery",
)
ABOUT = "This is about: Staying with my foster carer after 18."


@pytest.fixture
def rasa() -> Rasa:
    taught = Rasa()
    taught.teach("can i stay after 18", (STAYING_PUT, 0.9))
    taught.teach("setting up home money", (MONEY, 0.9))
    taught.teach("how much is it", ("ask_amount", 0.9))
    taught.teach("who do i ring", ("ask_who", 0.9))
    taught.teach("tell me more", ("ask_more", 0.9))
    for text in ("what about in cambridge?", "where is cambridge"):
        taught.teach(text, ("unclear", 0.3))
        place = (Entity(Kind.PLACE, "cambridgeshire", "cambridge", 14),)
        taught.meanings[text] = replace(taught.meanings[text], entities=place)
    return taught


@pytest.fixture
def talk(engine: Engine, rasa: Rasa) -> Talk:
    """Begin after one answer, with nothing that worries us."""
    quiet = replace(engine, screener=typing.cast("Screener", ScriptedScreener(NOTHING)))
    begun = Talk(quiet, rasa, Practice(who=AMARA))
    begun.says("can i stay after 18")
    return begun


def test_how_to_start_is_answered_from_the_article(talk: Talk) -> None:
    assert talk.says("how do i apply") == ["follow_up.apply"]
    assert talk.words.endswith(ABOUT)


def test_a_no_gets_what_can_be_done_and_who_is_on_their_side(talk: Talk) -> None:
    [reply] = talk.says("what if they say no")

    assert reply in {"follow_up.refused", "follow_up.no_refused"}
    assert "You can complain straight away." in talk.words
    assert talk.presses("Getting an advocate") == ["article.rights.advocacy"]


def test_after_that_leads_through_the_rest_and_then_to_a_person(talk: Talk) -> None:
    said = [talk.says(words) for words in ("ok and after that?", "and then what", "what next")]

    assert said == [[f"more.{STAYING_PUT}"], [f"who.{STAYING_PUT}"], ["follow_up.end"]]
    assert "Talk to a person" in talk.labels


def test_is_that_for_real_says_where_it_comes_from_and_when_it_was_checked(talk: Talk) -> None:
    [reply] = talk.says("is that for real?")

    assert reply.startswith("follow_up.sure")
    assert "checked on 22 November 2026" in talk.words
    article = talk.engine.library.articles[STAYING_PUT]
    assert article.sources[0].name in talk.words


def test_another_council_is_answered_and_not_remembered(talk: Talk) -> None:
    assert talk.says("what about in cambridge?") == [f"article.{STAYING_PUT}"]
    assert talk.words.startswith("This is what I have for Cambridgeshire")
    assert "in Cambridgeshire" in talk.words
    assert talk.practice.who.council == "cheshire_east"


def test_what_the_other_council_does_not_have_is_not_made_up(talk: Talk, engine: Engine) -> None:
    talk.practice = replace(talk.practice, who=replace(AMARA, council="cheshire_east"))
    here = next(
        one.id for one in engine.library.articles.values() if one.councils == ("cheshire_east",)
    )
    talk.practice = replace(talk.practice, memory=replace(talk.practice.memory, article=here))

    assert talk.says("what about in cambridge?") == ["follow_up.not_elsewhere"]


def test_a_place_in_another_question_is_no_follow_up(talk: Talk) -> None:
    assert talk.says("where is cambridge") != [f"article.{STAYING_PUT}"]


def test_three_follow_ups_a_new_question_and_back(talk: Talk) -> None:
    for words in ("how much is it", "who do i ring", "tell me more"):
        talk.says(words)
        assert talk.words.endswith(ABOUT)

    assert talk.says("setting up home money") == [f"article.{MONEY}"]
    talk.says("who do i ring")
    assert talk.words.endswith("This is about: Setting up home money.")
    assert talk.says("the first thing you said") == [f"article.{STAYING_PUT}"]
    talk.says("who do i ring")
    assert talk.words.endswith(ABOUT)


def test_going_back_step_by_step_ends_honestly(talk: Talk, rasa: Rasa) -> None:
    rasa.teach("council tax", ("housing.council_tax", 0.9))
    talk.says("setting up home money")
    talk.says("council tax")

    said = [talk.says("go back") for _ in range(3)]

    assert said == [[f"article.{MONEY}"], [f"article.{STAYING_PUT}"], ["follow_up.nothing_before"]]


def test_a_button_needs_no_word_on_what_it_is_about(talk: Talk) -> None:
    talk.presses("Who can help")

    assert "This is about" not in talk.words


def test_what_it_is_about_is_said_below_what_a_lock_screen_shows(talk: Talk) -> None:
    for words in ("how much is it", "who do i ring", "is that for real?", "how do i apply"):
        talk.says(words)
        assert "Staying with my foster carer" not in talk.words[:100], words


def test_without_an_answer_before_it_a_follow_up_is_about_nothing(
    engine: Engine, rasa: Rasa
) -> None:
    talk = Talk(engine, rasa, Practice(who=AMARA))

    assert talk.says("how do i apply") == ["unsure.first"]


def test_half_an_hour_later_there_is_no_first_thing(talk: Talk) -> None:
    talk.now += timedelta(minutes=31)

    assert talk.says("the first thing you said") != [f"article.{STAYING_PUT}"]
