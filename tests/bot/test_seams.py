"""Where one part of the talk meets another: nothing takes what was meant for its neighbour."""

import typing
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import conversation
from bot.engine import Engine
from bot.incoming import Incoming, Kind
from bot.keeping import ChangePlan
from bot.memory import Memory, Waiting
from bot.practice import Practice
from bot.turn import AddLater, Ask, AskCouncil, KeepDraft, Key, Raise, Turn, Who
from feedback.shared import NOTHING as NOTHING_SHARED
from feedback.shared import Shared, Whose
from safeguarding.judgement import NOTHING
from safeguarding.screening import Screener
from tests.bot.test_conversation import AMARA, Rasa, ScriptedScreener, Talk

#: No longer menu fits the screen of a phone.
MOST_ROWS = 12
POLISH = "dostałem pracę w sklepie"
Start = Callable[..., Talk]


@pytest.fixture
def start(engine: Engine) -> Start:
    """Begin a conversation, at any point of one; by default nothing in it worries us."""

    def begin(memory: Memory | None = None, *, who: Who = AMARA, screened: bool = False) -> Talk:
        quiet = replace(engine, screener=typing.cast("Screener", ScriptedScreener(NOTHING)))
        practice = Practice(who=who, memory=memory or Memory())
        return Talk(engine if screened else quiet, Rasa(), practice)

    return begin


def rows(talk: Talk) -> int:
    assert talk.last is not None
    return sum(len(reply.keys) for reply in talk.last.outcome.replies)


# --- The menu ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [AMARA, Who(), replace(AMARA, council="cambridgeshire")])
def test_the_menu_fits_a_screen_even_with_a_statement_to_go_on_with(start: Start, who: Who) -> None:
    talk = start(who=who)
    talk.says("/tell")
    talk.presses("Sort a problem")
    talk.says("menu")

    assert "Carry on with it" in talk.labels
    assert rows(talk) <= MOST_ROWS


def test_what_is_offered_when_we_cannot_find_it_fits_too(start: Start) -> None:
    talk = start()
    talk.says("wibble")

    assert talk.says("wobble") == ["unsure.miss_2"]
    assert rows(talk) <= MOST_ROWS


# --- A question for the council ------------------------------------------------------------------


def test_whoever_walks_away_from_a_question_does_not_ask_it_by_accident(start: Start) -> None:
    talk = start()
    talk.says("/ask")
    talk.presses("Menu")
    talk.presses("Money and benefits")

    assert "ask_council.check" not in talk.says("how much is it")


def test_what_others_asked_may_be_read_before_asking(start: Start) -> None:
    talk = start()
    talk.says("/ask")
    talk.presses("What others asked")

    assert talk.says("why is the hub shut on fridays") == ["ask_council.check"]


@pytest.mark.parametrize("said", ["yes", "Send it"])
def test_a_yes_in_words_sends_the_question(start: Start, said: str) -> None:
    talk = start()
    talk.says("/ask")
    talk.says("why is the hub shut on fridays")

    assert talk.says(said) == ["ask_council.sent"]
    [asked] = talk.effects(AskCouncil)
    assert typing.cast("AskCouncil", asked).words == "why is the hub shut on fridays"


def test_a_no_in_words_drops_it(start: Start) -> None:
    talk = start()
    talk.says("/ask")
    talk.says("why is the hub shut on fridays")

    assert talk.says("nah") == ["ask_council.dropped"]
    assert talk.effects(AskCouncil) == []


def test_a_question_may_be_in_any_language(start: Start) -> None:
    talk = start()
    talk.says("/ask")

    assert talk.says("dlaczego nie mogę dostać mieszkania w crewe") == ["ask_council.check"]


def test_a_statement_can_be_gone_on_with_after_asking(start: Start) -> None:
    talk = start()
    talk.says("/tell")
    talk.presses("Sort a problem")
    talk.says("/ask")

    assert "Carry on with it" in talk.labels


# --- Words for somebody --------------------------------------------------------------------------


def test_words_after_a_menu_are_not_added_to_the_request_before_it(start: Start) -> None:
    talk = start()
    talk.says("human")
    talk.says("menu")

    assert "people.words_added" not in talk.says("thx anyway")


def test_what_worries_us_is_still_added_to_what_they_told_us(start: Start) -> None:
    talk = start(Memory(waiting=Waiting.LATER_WORDS, waiting_for="S-1"), screened=True)
    shared = replace(NOTHING_SHARED, whose=lambda _: Whose("Wren", "seen.team", open=True))

    replies = said_with(talk, shared, "it makes me feel so low and alone all the time")

    assert replies[0] == "hearing.more_added"
    assert replies[1].startswith("safety.soft_check.")


# --- Lists and news, in so many words ------------------------------------------------------------


@pytest.mark.parametrize("words", ["ask the council", "what has changed", "events"])
def test_an_answer_that_is_also_the_name_of_a_list_stays_an_answer(
    start: Start, words: str
) -> None:
    talk = start()
    talk.says("/tell")
    talk.presses("Sort a problem")
    talk.says(words)

    [kept] = talk.effects(KeepDraft)
    assert typing.cast("KeepDraft", kept).draft.given[0].words == words


@pytest.mark.parametrize("words", ["NEWS", "/news", "stop news"])
def test_news_can_be_chosen_and_ended_in_the_middle_of_anything(start: Start, words: str) -> None:
    talk = start()
    talk.says("/tell")
    talk.presses("Sort a problem")
    assert talk.says(words)[0] == "events.choose"

    talk = start(Memory(waiting=Waiting.WORDS, waiting_for="talk_to_adviser"))
    assert talk.says(words)[0] == "events.choose"

    talk = start(
        Memory(
            waiting=Waiting.CHECK_IN,
            waiting_for="how_are_you:0",
            check_in_at=(start().now - timedelta(minutes=1)).isoformat(),
        )
    )
    assert talk.says(words)[0] == "events.choose"


# --- Other languages -----------------------------------------------------------------------------


def test_another_language_alone_is_answered_in_it_and_read_and_is_not_a_cry_for_help(
    start: Start,
) -> None:
    talk = start(screened=True)

    assert talk.says("مرحبا اريد ان اعرف عن المال") == ["languages.arabic"]
    assert len(talk.effects(Raise)) == 1
    assert "999" in talk.words
    assert "Wren" in talk.words
    assert talk.labels == ["Talk to a person", "Help now"]


def test_good_news_in_another_language_is_kept_and_nothing_in_it_is_called_hard(
    start: Start,
) -> None:
    talk = start(screened=True)
    talk.says("/tell")
    talk.presses("Good news")
    replies = talk.says(POLISH)

    assert replies == ["languages.polish", "statement.ask"]
    assert len(talk.effects(KeepDraft)) == 1
    assert len(talk.effects(Raise)) == 1


def said_with(talk: Talk, shared: Shared, words: str) -> list[str]:
    """Say something where there is something to look up, which practice has not."""
    turn = Turn(
        incoming=Incoming(Kind.TEXT, 0, words, 1),
        screening=talk.engine.screener.screen(words),
        understanding=talk.rasa(words),
        memory=talk.practice.memory,
        who=talk.practice.who,
        library=talk.engine.library,
        rota=talk.engine.rota(talk.practice.who.council),
        now=talk.now,
        thresholds=talk.engine.thresholds,
        shared=shared,
    )
    outcome = conversation.respond(turn)
    assert any(isinstance(one, AddLater) for one in outcome.effects)
    return [reply.id for reply in outcome.replies]


# --- What was asked for once ---------------------------------------------------------------------


def test_two_days_later_words_are_not_for_an_old_request(start: Start) -> None:
    talk = start()
    talk.says("human")
    talk.now += timedelta(hours=2)
    assert talk.says("its about my rent") == ["people.words_added"]
    talk.now += timedelta(days=2)

    assert "people.words_added" not in talk.says("alright there")


def test_after_a_check_in_words_answer_that(start: Start) -> None:
    talk = start()
    talk.rasa.teach("im good thanks", ("doing_well", 0.95))
    talk.says("human")
    asked_at = (talk.now + timedelta(hours=1)).isoformat()
    memory = replace(
        talk.practice.memory, check_in="how_are_you", check_in_due=1, check_in_at=asked_at
    )
    talk.practice = replace(talk.practice, memory=memory)
    talk.now += timedelta(hours=2)

    assert talk.says("im good thanks")[0] == "check_in.then.how_are_you"


# --- Words that always work, and answers ---------------------------------------------------------


def test_home_is_an_answer_where_one_is_waited_for_and_the_menu_elsewhere(start: Start) -> None:
    talk = start()
    assert talk.says("home") == ["menu.topics"]
    talk.says("/tell")
    talk.presses("Sort a problem")
    talk.says("home")

    [kept] = talk.effects(KeepDraft)
    assert typing.cast("KeepDraft", kept).draft.given[0].words == "home"


def test_carry_on_in_words_goes_on_with_the_statement(start: Start) -> None:
    talk = start()
    talk.says("/tell")
    talk.presses("Sort a problem")
    talk.says("menu")

    assert talk.says("carry on") == ["statement.ask"]


def test_a_long_topic_comes_a_screen_at_a_time_and_ends(start: Start) -> None:
    talk = start()
    talk.says("menu")
    talk.presses("Money and benefits")
    seen: list[str] = []
    while "More of these" in talk.labels:
        assert rows(talk) <= MOST_ROWS
        seen += talk.labels[:-2]
        assert talk.presses("More of these") == ["menu.articles"]
    seen += talk.labels[:-1]

    assert len(seen) == len(set(seen)) > MOST_ROWS
    assert talk.presses(seen[-1])[0].startswith("article.money.")


@pytest.mark.parametrize("words", ["ok", "k", "mb", "Fair enough."])
def test_a_nod_is_not_a_question_we_cannot_answer(start: Start, words: str) -> None:
    talk = start(Memory(missed=1, missed_at=start().now.isoformat()))

    assert talk.says(words) == ["talk.affirm"]


# --- A person, when it is about the adviser ------------------------------------------------------


def test_whoever_is_telling_about_their_adviser_and_wants_a_person_gets_another_one(
    start: Start,
) -> None:
    talk = start()
    talk.says("/tell")
    talk.presses("About my adviser")
    talk.says("HUMAN")

    [asked] = talk.effects(Ask)
    assert typing.cast("Ask", asked).about_adviser
    assert "Wren" not in talk.words
    talk.says("she is never there")
    assert talk.practice.memory.waiting_for == "about_my_adviser"


def test_a_person_after_my_adviser_never_replies_is_another_one(start: Start) -> None:
    talk = start(Memory(waiting=Waiting.WORDS, waiting_for="adviser_not_replying"))
    talk.says("human")

    [asked] = talk.effects(Ask)
    assert typing.cast("Ask", asked).about_adviser
    assert "Wren" not in talk.words


def test_somebody_else_is_still_put_through_to_their_adviser(start: Start) -> None:
    talk = start()
    talk.says("/tell")
    talk.presses("Good news")
    talk.says("human")

    [asked] = talk.effects(Ask)
    assert not typing.cast("Ask", asked).about_adviser
    assert "Wren" in talk.words


def test_the_line_about_languages_is_said_once_and_not_after_each_word_added(start: Start) -> None:
    talk = start(screened=True)
    talk.says("مرحبا اريد ان اعرف عن المال")
    talk.presses("Talk to a person")

    assert talk.says("انا لا املك شقة") == ["people.words_added"]
    assert len(talk.effects(Raise)) == 1


# --- Agreeing on check-ins in words --------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [("How often", "every month"), ("Which day", "friday"), ("What time", "mornings")],
)
def test_what_is_asked_about_check_ins_may_be_answered_in_words(
    start: Start, asked: str, said: str
) -> None:
    talk = start()
    talk.says("menu")
    talk.presses("Check-ins")
    talk.presses(asked)

    assert talk.says(said) == ["check_in.changed"]
    assert len(talk.effects(ChangePlan)) == 1


def test_something_in_between_and_words_are_about_that(start: Start) -> None:
    talk = start()
    talk.says("menu")
    talk.presses("Check-ins")
    talk.presses("How often")
    talk.says("menu")

    assert "check_in.changed" not in talk.says("every month")


def test_agreeing_on_check_ins_leaves_a_way_back_to_a_statement(start: Start) -> None:
    talk = start()
    talk.says("menu")
    settings = {key.label: key.action for key in talk.practice.keys}["Check-ins"]
    talk.says("/tell")
    talk.presses("Sort a problem")
    talk.practice = replace(talk.practice, keys=(Key("Check-ins", settings),))

    assert talk.presses("Check-ins") == ["check_in.settings"]
    assert talk.labels[-1] == "Carry on with it"
