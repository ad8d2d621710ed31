"""Somebody who writes in another language is told honestly what we can do, and offered a person."""

import typing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine import Engine
from bot.practice import Practice
from bot.turn import AddWords, Ask, Raise, Who
from content import check
from safeguarding.judgement import NOTHING
from safeguarding.screening import Screener
from tests.bot.test_conversation import AMARA, Rasa, ScriptedScreener, Talk
from tests.cast import NOW

ALBANIAN = "pershendetje, si mund te gjej nje shtepi kur bej 18 vjec"
TIGRINYA = "ሰላም፣ ገዛ ከመይ ጌረ ይረክብ"
POLISH_DANGER = "nie chce zyc, chce umrzec"


@pytest.fixture
def talk(engine: Engine) -> Talk:
    """Begin a conversation in which nothing worries us."""
    quiet = replace(engine, screener=typing.cast("Screener", ScriptedScreener(NOTHING)))
    return Talk(quiet, Rasa(), Practice(who=AMARA))


@pytest.fixture
def screened(engine: Engine) -> Talk:
    """Begin a conversation with the real screening."""
    return Talk(engine, Rasa(), Practice(who=AMARA))


def test_the_answer_is_in_their_language_with_english_below(talk: Talk) -> None:
    assert talk.says(ALBANIAN) == ["languages.albanian"]
    theirs, english, *_ = talk.words.split("\n\n")
    assert "anglisht" in theirs
    assert english.startswith("I think you wrote in Albanian. I only read English well.")
    assert talk.labels == ["Talk to a person", "Help now"]


def test_without_a_line_of_theirs_the_english_one_names_the_language(talk: Talk) -> None:
    talk.says(TIGRINYA)

    assert talk.words.startswith("I think you wrote in Tigrinya.")


def test_a_person_reads_it_and_they_are_told_so(screened: Talk) -> None:
    screened.says(TIGRINYA)

    assert len(screened.effects(Raise)) == 1
    assert "Saved for Wren" in screened.words


def test_the_request_says_which_language(talk: Talk) -> None:
    talk.says(ALBANIAN)
    talk.presses("Talk to a person")

    assert talk.effects(Ask) == [
        Ask("talk_to_adviser", words="They wrote in Albanian. They may need an interpreter.")
    ]


def test_half_an_hour_later_a_request_says_nothing_of_it(talk: Talk) -> None:
    talk.says(ALBANIAN)
    talk.now += timedelta(minutes=31)
    talk.says("human")

    assert talk.effects(Ask) == [Ask("talk_to_adviser", words="human")]


def test_words_for_a_request_may_be_in_any_language(talk: Talk) -> None:
    talk.says("human")

    assert talk.says(ALBANIAN) == ["people.words_added"]
    assert talk.effects(AddWords) == [AddWords(ALBANIAN)]


def test_danger_in_another_language_gets_the_card_first_and_the_line_below(screened: Talk) -> None:
    [card] = screened.says(POLISH_DANGER)

    assert card.startswith("safety.suicide.")
    assert "W niebezpieczeństwie zadzwoń pod 999." in screened.words
    assert screened.words.index("999") < screened.words.index("Dobrze czytam tylko po angielsku")


def test_danger_in_english_gets_no_such_line(screened: Talk) -> None:
    screened.says("i want to kill myself")

    assert "I only read English well" not in screened.words


def test_a_command_works_whatever_the_language(talk: Talk) -> None:
    talk.says(ALBANIAN)

    assert talk.says("stop") == ["control.stopped"]


def test_a_stranger_is_answered_too(talk: Talk) -> None:
    talk = replace(talk, practice=Practice(who=Who()))

    assert talk.says(ALBANIAN) == ["languages.albanian"]


def test_lines_no_speaker_has_checked_are_listed_for_an_editor() -> None:
    found = check.everything(NOW.date())

    assert "unconfirmed: languages.line.albanian (draft, to be checked by a speaker)" in (
        found.report(unconfirmed=True)
    )
