"""While an adviser is away the young person is told who looks after messages: once, and never why."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.engine import Engine, Heard
from nlu.understanding import NOT_UNDERSTOOD, Ranked, Understanding
from people import cover
from safeguarding.judgement import NOTHING, Screening
from safeguarding.levels import Category, Level
from storage.tables import Absence, Alert, Chat, Notice, Staff
from tests import cast
from tests.bot.test_hearing import Talk
from tests.cast import AMARA, NOW

LINE = "cover.looks_after"
TODAY = cover.day_of(NOW)


@pytest.fixture
def wren(session: Session) -> Staff:
    return cast.wren(session)


@pytest.fixture
def amara(session: Session, engine: Engine, wren: Staff) -> Talk:
    """Amara, who has been welcomed before."""
    chat: Chat = cast.chat(session, AMARA, cast.person(session, wren))
    session.add(Notice(chat_id=chat.id, version="1", shown_at=NOW, agreed_at=NOW))
    chat.memory = {"notice": "1"}
    session.flush()
    return Talk(session, engine)


def away(session: Session, wren: Staff, name: str = "Robin") -> Absence:
    robin = cast.staff(session, name)
    days = (TODAY, TODAY + timedelta(days=6))
    return cover.set_away(session, wren, robin, days, by=wren, now=NOW)


def test_nothing_is_said_while_the_adviser_is_here(amara: Talk) -> None:
    assert LINE not in amara.writes("/menu")


def test_it_is_said_once_and_again_the_next_time_they_are_away(
    session: Session, amara: Talk, wren: Staff
) -> None:
    absence = away(session, wren)

    assert amara.writes("/menu")[0] == LINE
    assert LINE not in amara.writes("/menu")

    cover.end(absence, NOW)
    session.flush()
    assert LINE not in amara.writes("/menu")
    away(session, wren, "Holly")
    assert amara.writes("/menu")[0] == LINE


def test_danger_comes_first_and_alone(session: Session, amara: Talk, wren: Staff) -> None:
    away(session, wren)
    found = Screening(level=Level.IMMEDIATE, categories=(Category.SUICIDE,))

    said = amara.writes("i want to die now", Heard(found, NOT_UNDERSTOOD))

    assert LINE not in said
    assert "Saved for Robin, who stands in for Wren." in amara.last()
    assert amara.writes("/menu")[0] == LINE


def test_what_they_ask_of_their_adviser_is_said_to_go_to_the_cover(
    session: Session, amara: Talk, wren: Staff
) -> None:
    away(session, wren)

    amara.writes("human")

    assert "I saved this for Robin, who stands in for Wren." in amara.last()


def test_the_words_say_until_when_and_never_why(
    session: Session, engine: Engine, amara: Talk, wren: Staff
) -> None:
    del amara
    away(session, wren)
    chat = session.scalars(select(Chat)).one()
    found = cover.away_for(session, chat, NOW)

    assert found is not None
    assert cover.line(engine.library, found) == (
        "Wren is away until Monday 30 November. Robin will look after your messages until then, "
        "and can read what you send."
    )


def test_a_specialist_who_gets_it_as_well_is_named_and_told(
    session: Session, amara: Talk, wren: Staff
) -> None:
    holly = cast.staff(session, "Holly", specialist_in="local_offer")
    heard = Heard(NOTHING, Understanding("join_in", 0.99, (Ranked("join_in", 0.99),)))

    amara.writes("i want to join in", heard)

    assert "I saved this for Wren and Holly" in amara.last()
    told = set(session.scalars(select(Alert.staff_id).where(Alert.request_id.is_not(None))))
    assert told == {wren.id, holly.id}
