"""While Kith is switched off: one honest line, danger answered as ever, and nothing lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.engine import Engine, Heard
from nlu.understanding import NOT_UNDERSTOOD, Ranked, Understanding
from safeguarding.judgement import NOTHING, Screening
from safeguarding.levels import Category, Level
from storage import switch
from storage.tables import Chat, Flag, Message, Notice, Request, Staff
from tests import cast
from tests.bot.test_hearing import Talk
from tests.cast import AMARA, NOW


@pytest.fixture
def lee(session: Session) -> Staff:
    return cast.lee(session)


@pytest.fixture
def amara(session: Session, engine: Engine, lee: Staff) -> Talk:
    """Amara, who has been welcomed before, while Kith is off."""
    chat: Chat = cast.chat(session, AMARA, cast.person(session, cast.wren(session)))
    session.add(Notice(chat_id=chat.id, version="1", shown_at=NOW, agreed_at=NOW))
    chat.memory = {"notice": "1"}
    session.flush()
    talk = Talk(session, engine)
    talk.writes("/menu")
    switch.turn_off(session, lee.id, "answers are wrong", NOW)
    return talk


def found(level: Level, category: Category = Category.SELF_HARM) -> Heard:
    return Heard(Screening(level=level, categories=(category,)), NOT_UNDERSTOOD)


def understood(intent: str) -> Heard:
    return Heard(NOTHING, Understanding(intent, 0.99, (Ranked(intent, 0.99),)))


@pytest.mark.parametrize("words", ["can i stay after 18", "/menu", "hiya", "menu"])
def test_it_says_so_and_whom_to_ring(amara: Talk, words: str) -> None:
    assert amara.writes(words, understood("housing.staying_put")) == ["off.now"]

    assert "01632 960 101" in amara.last()
    assert "Call 999" in amara.last()
    assert "answers are wrong" not in amara.last()


def test_what_they_write_is_kept(session: Session, amara: Talk) -> None:
    amara.writes("my heating is broken")

    kept = [one.text for one in session.scalars(select(Message))]
    assert "my heating is broken" in kept


@pytest.mark.parametrize("level", [Level.IMMEDIATE, Level.SAME_DAY, Level.CONCERN])
def test_danger_is_answered_and_flagged(session: Session, amara: Talk, level: Level) -> None:
    said = amara.writes("i cut myself again", found(level))

    assert said[0].startswith("safety.")
    assert session.scalars(select(Flag)).one().level == level


def test_help_now_and_stop_and_human_still_work(session: Session, amara: Talk) -> None:
    assert amara.writes("stop")[0] == "control.stopped"
    assert amara.writes("resume")[0] == "control.resumed"
    assert amara.writes("human")[0] == "people.talk_to_adviser"
    assert session.scalars(select(Request)).one().kind == "talk_to_adviser"


def test_a_voice_message_is_still_looked_at_by_a_person(session: Session, amara: Talk) -> None:
    chat = {"id": AMARA, "type": "private"}
    body = {"message": {"voice": {"file_id": "1", "duration": 2}, "chat": chat}}

    assert amara._handle(body, None) == ["unreadable.voice"]
    assert session.scalars(select(Flag)).one().level == Level.CONCERN


def test_a_button_pressed_while_off_works_when_it_is_on_again(
    session: Session, lee: Staff, amara: Talk
) -> None:
    assert amara.presses(amara.engine.library.topics["housing"]) == ["off.now"]

    assert switch.turn_on(session, lee.id, NOW + timedelta(hours=1))
    session.flush()

    assert amara.presses(amara.engine.library.topics["housing"]) == ["menu.articles"]
    assert not switch.turn_on(session, lee.id, NOW)


def test_words_to_a_member_of_staff_still_reach_them(
    session: Session, lee: Staff, amara: Talk
) -> None:
    chat = session.scalars(select(Chat)).one()
    chat.held_by_id, chat.held_until = lee.id, NOW + timedelta(minutes=20)
    session.flush()
    session.refresh(chat)

    assert amara.writes("ok ring me then") == []

    assert session.scalars(select(Request)).one().words == "ok ring me then"
