"""Journeys: two needs in one message, follow-ups over several turns, asking for somebody, another language."""

import asyncio
from datetime import UTC, datetime

import pytest
import yaml
from sqlalchemy import select

from bot.engine import Engine
from bot.practice import Practice, take_turn
from bot.turn import Ask, KeepDraft
from nlu import clauses, evaluation, server
from nlu.client import Client
from nlu.understanding import Understanding
from storage.tables import Request
from tests.conftest import ROOT
from tests.journeys.conftest import AMARA, NLU_TOKEN, STRANGER, World

#: What `docs/understanding.md` says was reached is higher; below these something broke.
LEAST_BOTH, MOST_SPLIT = 0.7, 0.01


def test_two_needs_are_both_served(talking: World) -> None:
    talking.join(AMARA)

    answer = talking.telegram.ask(AMARA, "whats the bursary for college? and do i pay council tax")
    other = talking.telegram.press(AMARA, answer.labels[0])

    titles = {"Council tax", "College and sixth form bursary"}
    assert answer.labels[0] in titles
    assert f"You also asked about: {answer.labels[0]}." in answer.text
    assert "You also asked" not in answer.text[:100]
    assert "You also asked" not in other.text
    assert "ouncil tax" in answer.text + other.text
    assert "ursary" in answer.text + other.text


def test_a_person_and_a_question_are_both_served(talking: World) -> None:
    talking.join(AMARA)

    said = "can i talk to my PA pls and also whats the setting up home money"
    asked = talking.telegram.ask(AMARA, said)

    assert "Wren" in asked.text
    assert "£" in talking.telegram.press(AMARA, "Setting up home money").text
    with talking.session() as session:
        assert [one.kind for one in session.scalars(select(Request))] == ["talk_to_adviser"]


def test_beside_danger_the_card_comes_first_and_the_question_is_offered(talking: World) -> None:
    talking.join(AMARA)

    talking.telegram.say(AMARA, "i want to kill myself. also how do i get a provisional licence")
    card, offer = talking.telegram.wait_for(AMARA, 2)

    assert "999" in card.text
    assert "What I said above comes first." in offer.text
    assert "licence" in talking.telegram.press(AMARA, "Learning to drive").text
    assert [one.level for one in talking.flags()] != []


def test_three_follow_ups_a_new_question_and_back(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "how much is the setting up home allowance")

    for words in ("how much is it", "who do i ring", "is that for real?", "what if they say no"):
        assert "This is about: Setting up home money." in talking.telegram.ask(AMARA, words).text
    elsewhere = talking.telegram.ask(AMARA, "what about in cambridge?")
    talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")
    again = talking.telegram.ask(AMARA, "who do i ring")
    first = talking.telegram.ask(AMARA, "the first thing you said")

    assert elsewhere.text.startswith("This is what I have for Cambridgeshire")
    assert "This is about: Staying with my foster carer after 18." in again.text
    assert "£" in first.text


def test_a_worker_gets_the_answer_for_the_person_meant_and_stays_a_stranger(
    talking: World,
) -> None:
    said = "I'm a PA asking for a young person I support, 17, can he claim UC"

    answer = talking.telegram.ask(STRANGER, said)

    assert answer.text.startswith("Here is the answer for the young person you work with.")
    assert "Their own leaving care team" in answer.text
    again = talking.telegram.ask(STRANGER, "can i claim uc")
    assert "Here is the answer for" not in again.text


def test_another_language_gets_an_honest_line_and_the_request_names_it(talking: World) -> None:
    talking.join(AMARA)

    answer = talking.telegram.ask(AMARA, "ሰላም፣ ገዛ ከመይ ጌረ ይረክብ")
    talking.telegram.press(AMARA, "Talk to a person")

    assert "I think you wrote in Tigrinya. I only read English well." in answer.text
    with talking.session() as session:
        [request] = session.scalars(select(Request))
        assert request.words == "They wrote in Tigrinya. They may need an interpreter."


# How often, with the real model


@pytest.fixture(scope="module")
def parsed(rasa: str) -> "Parsed":
    """Give a way to understand that remembers."""
    return Parsed(Client(rasa, NLU_TOKEN, server.PATIENT))


class Parsed:
    """Asks the real model, many texts at once when told beforehand."""

    def __init__(self, client: Client) -> None:
        """Know nothing yet."""
        self._client = client
        self._known: dict[str, Understanding] = {}

    def __call__(self, text: str) -> Understanding:
        """Return what a text means."""
        if text not in self._known:
            self._known[text] = self._client.parse_now(text)
        return self._known[text]

    def learn(self, texts: list[str]) -> None:
        """Ask about many, a few at a time."""

        async def all_of_them() -> None:
            few = asyncio.Semaphore(4)

            async def one(text: str) -> None:
                async with few:
                    self._known[text] = await self._client.parse(text)

            await asyncio.gather(*(one(text) for text in dict.fromkeys(texts)))
            await self._client.aclose()

        asyncio.run(all_of_them())


def served(engine: Engine, parsed: Parsed, text: str) -> set[str]:
    """Return the needs that an answer gives or offers; a choice of what was meant serves none."""
    result = take_turn(engine, parsed, Practice(), text, datetime.now(UTC))
    replies = [one for one in result.outcome.replies if one.id != "unsure.did_you_mean"]
    actions = [key.action for reply in replies for row in reply.keys for key in row]
    offered = {one.partition(":")[2] for one in actions if one.startswith(("article:", "ask:"))}
    told = {
        intent
        for effect in result.outcome.effects
        if isinstance(effect, KeepDraft)
        for intent in effect.draft.scenario.intents
    }
    asked = {effect.kind for effect in result.outcome.effects if isinstance(effect, Ask)}
    cards = {".".join(one.id.split(".")[:2]) for one in replies if one.id.startswith("safety.")}
    return {result.outcome.article, *offered, *told, *asked, *cards}


def test_most_messages_with_two_needs_are_served_in_full(engine: Engine, parsed: Parsed) -> None:
    held = yaml.safe_load((ROOT / "tests" / "nlu" / "two_needs.yml").read_text("utf-8"))
    messages = [one for each in held.values() for one in each]
    parsed.learn(
        [
            text
            for one in messages
            for found in [clauses.split(one["text"])]
            for text in (one["text"], *(found.parts if found else ()))
        ]
    )

    both = [
        all(served(engine, parsed, one["text"]) & set(need) for need in one["needs"])
        for one in messages
    ]

    assert len(both) == 60
    assert sum(both) >= LEAST_BOTH * len(both)


def test_a_message_with_one_need_is_rarely_taken_for_two(engine: Engine, parsed: Parsed) -> None:
    cases = evaluation.cases(ROOT / "nlu" / "dev")
    jointed = [(case, found) for case in cases if (found := clauses.split(case.text))]
    # Without the screening, which has nothing to do with it.
    parsed.learn([text for case, found in jointed for text in (case.text, *found.parts)])

    split = [case.text for case, _ in jointed if _taken_for_two(engine, parsed, case.text)]

    assert len(split) <= MOST_SPLIT * len(cases), split


def _taken_for_two(engine: Engine, parsed: Parsed, text: str) -> bool:
    result = take_turn(engine, parsed, Practice(), text, datetime.now(UTC))
    return any("You also asked about" in reply.text for reply in result.outcome.replies)
