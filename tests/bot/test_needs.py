"""Two needs in one message: the more urgent is answered, the other offered, and neither is lost."""

import typing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import beside
from bot.engine import Engine
from bot.practice import Practice
from bot.turn import Ask, KeepDraft, Who
from content import urgency
from content.library import Library
from nlu import parts
from safeguarding.judgement import NOTHING, Screening
from safeguarding.levels import Level
from safeguarding.screening import Screener
from storage import chats, switch
from storage.tables import Send
from tests import cast
from tests.bot.test_conversation import AMARA, Rasa, ScriptedScreener, Talk, found
from tests.cast import NOW

LETTER, STOPPED = "what is a section 21", "my uc got stopped"
BOTH = f"{LETTER}, also {STOPPED}"
BIKE = "how do i get a bike"
NEVER_REPLIES = "my pa never replies"
DANGER = "i want to kill myself"
EVICTION, SANCTIONS, COSTS = (
    "housing.eviction_private",
    "money.uc_sanctions",
    "eet.costs_of_work_study",
)


@pytest.fixture
def rasa() -> Rasa:
    taught = Rasa()
    taught.teach(LETTER, (EVICTION, 0.9))
    taught.teach(STOPPED, (SANCTIONS, 0.95))
    taught.teach(BIKE, (COSTS, 0.9))
    taught.teach(NEVER_REPLIES, ("adviser_not_replying", 0.9))
    taught.teach("i got a new job today", ("share_good_news", 0.9))
    taught.teach(BOTH, (SANCTIONS, 0.4), (EVICTION, 0.1))
    return taught


def with_screening(engine: Engine, finds: Screening) -> Engine:
    """Return the parts of a conversation with a screening that always finds the same."""
    return replace(engine, screener=typing.cast("Screener", ScriptedScreener(finds)))


@pytest.fixture
def talk(engine: Engine, rasa: Rasa) -> Talk:
    """Begin a conversation in which nothing worries us."""
    return Talk(with_screening(engine, NOTHING), rasa, Practice(who=AMARA))


@pytest.fixture
def screened(engine: Engine, rasa: Rasa) -> Talk:
    """Begin a conversation with the real screening."""
    return Talk(engine, rasa, Practice(who=AMARA))


def joined(rasa: Rasa, *texts: str) -> str:
    """Join needs with the plainest joint, in a message that says too little as a whole."""
    message = ", also ".join(texts)
    rasa.teach(message, ("unclear", 0.2))
    return message


def test_the_more_urgent_need_is_answered_and_the_other_is_a_button(talk: Talk) -> None:
    assert talk.says(BOTH) == [f"article.{EVICTION}"]
    assert "You also asked about: Universal Credit sanctions." in talk.words
    assert talk.labels[0] == "Universal Credit sanctions"
    assert talk.presses("Universal Credit sanctions") == [f"article.{SANCTIONS}"]


def test_the_order_they_were_written_in_does_not_matter(talk: Talk, rasa: Rasa) -> None:
    assert talk.says(joined(rasa, STOPPED, LETTER)) == [f"article.{EVICTION}"]


def test_the_other_need_is_named_below_what_a_lock_screen_shows(talk: Talk) -> None:
    talk.says(BOTH)

    assert "You also asked" not in talk.words[:100]


def test_the_other_one_can_be_asked_for_in_words(talk: Talk, rasa: Rasa) -> None:
    rasa.teach("the other one", ("not_that_one", 0.9), (SANCTIONS, 0.05))
    talk.says(BOTH)

    assert talk.says("the other one") == [f"article.{SANCTIONS}"]


def test_three_needs_are_all_served(talk: Talk, rasa: Rasa) -> None:
    assert talk.says(joined(rasa, BIKE, STOPPED, LETTER)) == [f"article.{EVICTION}"]
    assert talk.labels[:2] == ["Universal Credit sanctions", "Help to pay for work or study costs"]


def test_a_home_comes_before_a_wish_for_a_person(talk: Talk, rasa: Rasa) -> None:
    assert talk.says(joined(rasa, NEVER_REPLIES, LETTER)) == [f"article.{EVICTION}"]
    assert talk.effects(Ask) == []
    assert talk.presses("My adviser is not replying") == ["people.adviser_not_replying"]


def test_a_wish_for_a_person_comes_before_an_ordinary_question(talk: Talk, rasa: Rasa) -> None:
    message = joined(rasa, BIKE, NEVER_REPLIES)

    assert talk.says(message) == ["people.adviser_not_replying"]
    assert talk.effects(Ask) == [Ask("adviser_not_replying", about_adviser=True, words=message)]
    assert talk.presses("Help to pay for work or study costs") == [f"article.{COSTS}"]


def test_what_they_tell_begins_a_statement_below_the_answer(talk: Talk, rasa: Rasa) -> None:
    news = "i got a new job today"

    assert talk.says(joined(rasa, news, BIKE)) == [f"article.{COSTS}", "statement.ask"]

    [kept] = talk.effects(KeepDraft)
    assert isinstance(kept, KeepDraft)
    assert kept.draft.scenario.id == "good_news"
    assert news in str(kept.draft.given)
    assert talk.effects(Ask) == []


def test_the_same_need_twice_is_one_need(talk: Talk, rasa: Rasa) -> None:
    rasa.teach("can i get a bike", (COSTS, 0.9))
    message = f"{BIKE}, also can i get a bike"
    rasa.teach(message, (COSTS, 0.9))

    assert talk.says(message) == [f"article.{COSTS}"]
    assert "You also asked" not in talk.words


def test_a_part_that_is_not_sure_is_no_need(talk: Talk, rasa: Rasa) -> None:
    rasa.teach(STOPPED, (SANCTIONS, 0.4))
    rasa.teach(BOTH, (EVICTION, 0.9))

    assert talk.says(BOTH) == [f"article.{EVICTION}"]
    assert "You also asked" not in talk.words


def test_a_need_that_is_less_sure_is_offered_and_never_answered(talk: Talk, rasa: Rasa) -> None:
    rasa.teach(LETTER, (EVICTION, 0.5))

    assert talk.says(BOTH) == [f"article.{SANCTIONS}"]
    assert talk.labels[0] == "My private landlord wants me out"


def test_an_end_that_says_too_little_alone_is_read_with_the_whole(talk: Talk, rasa: Rasa) -> None:
    message = f"{LETTER} and {STOPPED} as well"
    rasa.teach(f"{STOPPED} as well", ("unclear", 0.3))
    rasa.teach(message, (SANCTIONS, 0.7))

    assert talk.says(message) == [f"article.{EVICTION}"]
    assert talk.labels[0] == "Universal Credit sanctions"


def test_one_clear_need_is_answered_where_the_whole_says_too_little(talk: Talk, rasa: Rasa) -> None:
    assert talk.says(joined(rasa, "flibber grommet wibble", BIKE)) == [f"article.{COSTS}"]


def test_two_needs_of_which_none_is_sure_are_not_guessed(talk: Talk, rasa: Rasa) -> None:
    rasa.teach(LETTER, (EVICTION, 0.5))
    rasa.teach(STOPPED, (SANCTIONS, 0.5))
    rasa.teach(BOTH, (SANCTIONS, 0.1))

    assert talk.says(BOTH) == ["unsure.first"]


def test_what_only_another_council_has_is_not_offered(talk: Talk, rasa: Rasa) -> None:
    rasa.teach(BIKE, ("cambridgeshire.bikes_and_stationery", 0.9), (COSTS, 0.05))
    message = f"{LETTER}, also {BIKE}"
    rasa.teach(message, (EVICTION, 0.9))

    talk.says(message)

    assert "Bikes and packs" not in talk.words


# Beside danger


def test_a_worry_in_two_questions_gets_the_answer_first(talk: Talk) -> None:
    talk.engine = with_screening(talk.engine, found(Level.CONCERN))

    assert talk.says(BOTH) == [f"article.{EVICTION}", "safety.soft_check.2"]


def test_a_question_beside_danger_is_offered_below_the_card(screened: Talk, rasa: Rasa) -> None:
    said = screened.says(joined(rasa, DANGER, BIKE))

    assert said == ["safety.suicide.same_day.self.16_17", "needs.beside_danger"]
    assert screened.presses("Help to pay for work or study costs") == [f"article.{COSTS}"]


def test_what_the_card_itself_is_about_is_not_offered_below_it(screened: Talk, rasa: Rasa) -> None:
    rasa.teach("where can i get counselling", ("health.talking_therapies", 0.95))

    said = screened.says(joined(rasa, DANGER, "where can i get counselling"))

    assert said == ["safety.suicide.same_day.self.16_17"]


def test_two_questions_beside_danger_are_both_offered(screened: Talk, rasa: Rasa) -> None:
    said = screened.says(joined(rasa, DANGER, BIKE, STOPPED))

    assert said == ["safety.suicide.same_day.self.16_17", "needs.beside_danger_two"]
    assert screened.labels[-2:] == [
        "Universal Credit sanctions",
        "Help to pay for work or study costs",
    ]


def test_danger_alone_gets_its_card_alone(screened: Talk, rasa: Rasa) -> None:
    rasa.teach(DANGER, (COSTS, 0.99))

    assert screened.says(DANGER) == ["safety.suicide.same_day.self.16_17"]


def offers(session: Session) -> list[str]:
    """Return the titles that were offered."""
    return [
        send.body["rows"][0][0]["text"]
        for send in session.scalars(select(Send).where(Send.reply_id == "needs.beside_danger"))
        if send.body
    ]


def test_after_the_commit_the_offer_is_made_once(
    session: Session, engine: Engine, rasa: Rasa
) -> None:
    chat = cast.chat(session, cast.AMARA)
    cast.message(session, chat).telegram_message_id = 5
    meaning = parts.hear_now(rasa, joined(rasa, DANGER, BIKE))

    beside.offer(session, engine, chats.index_of(cast.AMARA), 5, meaning, NOW)

    assert offers(session) == ["Help to pay for work or study costs"]


def test_once_they_wrote_again_the_offer_is_not_made(
    session: Session, engine: Engine, rasa: Rasa
) -> None:
    chat = cast.chat(session, cast.AMARA)
    cast.message(session, chat).telegram_message_id = 5
    cast.message(session, chat, "hello?").telegram_message_id = 6
    meaning = parts.hear_now(rasa, joined(rasa, DANGER, BIKE))

    beside.offer(session, engine, chats.index_of(cast.AMARA), 5, meaning, NOW)

    assert offers(session) == []


@pytest.mark.parametrize("quiet", ["stopped_at", "held_until"])
def test_nothing_is_offered_to_whoever_is_to_be_left_alone(
    session: Session, engine: Engine, rasa: Rasa, quiet: str
) -> None:
    chat = cast.chat(session, cast.AMARA)
    cast.message(session, chat).telegram_message_id = 5
    setattr(chat, quiet, NOW + timedelta(minutes=5))
    meaning = parts.hear_now(rasa, joined(rasa, DANGER, BIKE))

    beside.offer(session, engine, chats.index_of(cast.AMARA), 5, meaning, NOW)

    assert offers(session) == []


def test_nothing_is_offered_while_kith_is_off(session: Session, engine: Engine, rasa: Rasa) -> None:
    chat = cast.chat(session, cast.AMARA)
    cast.message(session, chat).telegram_message_id = 5
    switch.turn_off(session, cast.lee(session).id, "answers are wrong", NOW)
    meaning = parts.hear_now(rasa, joined(rasa, DANGER, BIKE))

    beside.offer(session, engine, chats.index_of(cast.AMARA), 5, meaning, NOW)

    assert offers(session) == []


# The order


def test_the_bands_hold_articles_that_exist_each_once(library: Library) -> None:
    assert list(urgency.faults(library.ids)) == []


def test_a_bed_comes_before_money_and_money_before_a_bike() -> None:
    order = urgency.load_urgency()

    assert order.of(EVICTION) < order.of(SANCTIONS) < order.person < order.of(COSTS)


def test_a_stranger_is_served_like_anybody(engine: Engine, rasa: Rasa) -> None:
    talk = Talk(with_screening(engine, NOTHING), rasa, Practice(who=Who()))

    assert talk.says(BOTH) == [f"article.{EVICTION}"]
