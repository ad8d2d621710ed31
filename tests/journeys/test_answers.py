"""Journeys 3 to 6: a question, not sure, a follow-up, browsing."""

from itertools import pairwise

from sqlalchemy import select

from storage.tables import Question
from tests.journeys.conftest import AMARA, BEN, World


def test_a_question_gets_a_short_sourced_answer_for_their_age_and_council(
    talking: World,
) -> None:
    talking.join(AMARA)

    answer = talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")

    assert "until you are 21" in answer.text
    assert "Cheshire East" in answer.text
    assert "Checked 22 November 2026" in answer.text
    assert len(answer.text.split("\n\nChecked")[0]) <= 600
    assert answer.labels == [
        "Tell me more",
        "Who can help",
        "Official page",
        "👍",
        "👎",
        "Out of date",
    ]
    official = next(key for row in answer.rows for key in row if "url" in key)
    assert official["url"].startswith("https://")
    assert "You become an adult in the home" in talking.telegram.press(AMARA, "Tell me more").text
    assert "Shelter: 0808 800 4444" in talking.telegram.press(AMARA, "Who can help").text


def test_a_vote_is_kept_without_who_gave_it(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")

    talking.telegram.press(AMARA, "👎")

    with talking.session() as session:
        [vote] = session.scalars(select(Question).where(Question.outcome == "wrong"))
    assert vote.article == "housing.staying_put"
    assert vote.month.day == 1
    assert set(Question.__table__.columns.keys()) == {
        "id",
        "month",
        "council",
        "outcome",
        "article",
        "offered",
        "words",
    }
    assert "housing.staying_put" in talking.kith("gaps")


def test_what_nobody_can_place_is_never_answered_twice_alike(talking: World) -> None:
    talking.join(AMARA)

    replies = [
        talking.telegram.ask(AMARA, text)
        for text in (
            "flibber grommet",
            "wibble wobble zonk",
            "plonk dibber",
            "snark fizz bop",
        )
    ]

    assert len({one.text for one in replies[:3]}) == 3
    assert all(one.text != after.text for one, after in pairwise(replies))
    assert "Talk to a person" in replies[1].labels
    assert "Somewhere to live" in replies[1].labels
    assert "flibber grommet" in talking.kith("gaps")


def test_a_follow_up_is_about_the_last_article(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "how much is the setting up home allowance")

    amount = talking.telegram.ask(AMARA, "how much is it")
    who = talking.telegram.ask(AMARA, "who do i ring")

    assert "£" in amount.text
    assert "who can help" in who.text
    talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")
    assert "If" not in talking.telegram.ask(AMARA, "and if im 19?").text[:3]
    other = talking.telegram.ask(AMARA, "nah the uni one")
    assert "holidays" in other.text


def test_everything_can_be_found_by_buttons(talking: World) -> None:
    talking.join(AMARA)

    menu = talking.telegram.ask(AMARA, "/menu")
    topic = talking.telegram.press(AMARA, "Somewhere to live")
    answer = talking.telegram.press(AMARA, "Staying with my foster carer after 18")
    talking.telegram.ask(AMARA, "/menu")
    page = talking.telegram.press(AMARA, "Somewhere to live")
    found = [*page.labels]
    while "More of these" in page.labels:
        page = talking.telegram.press(AMARA, "More of these")
        found += page.labels

    assert "Somewhere to live" in menu.labels
    assert len(topic.labels) <= 12
    assert "Where to stay in uni holidays" in found
    assert len(found) > 20
    assert "Staying Put" in answer.text


def test_forged_replayed_and_foreign_buttons_get_a_friendly_line(
    talking: World,
) -> None:
    talking.join(AMARA)
    talking.join(BEN, name="Ben")
    menu = talking.telegram.ask(AMARA, "/menu")
    data = menu.data("Somewhere to live")

    lines = []
    for chat, payload, message in (
        (AMARA, "v1.forged", menu.message_id),
        (BEN, data, menu.message_id),
        (AMARA, data, 999),
        (AMARA, "", menu.message_id),
    ):
        talking.telegram.tap_data(chat, payload, message)
        lines.append(talking.telegram.wait_for(chat)[0].text)
    talking.telegram.press(AMARA, "Somewhere to live")
    talking.telegram.tap_data(AMARA, data, menu.message_id)
    lines.append(talking.telegram.wait_for(AMARA)[0].text)

    assert len(set(lines)) == 1
    assert "fresh menu" in lines[0]
    assert len(talking.telegram.state()["presses"]) >= 5
