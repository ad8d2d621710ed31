"""What a turn decided, done: words written back reach whoever they are for, and nobody else."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.engine import Engine, Heard
from bot.handling import background, handle
from nlu.understanding import NOT_UNDERSTOOD, Ranked, Understanding
from safeguarding.judgement import NOTHING
from storage import chats, inbox
from storage.tables import Chat, Request, Shown, Staff
from tests import cast
from tests.cast import AMARA, NOW


def request(session: Session, chat: Chat, whose: Staff) -> Request:
    """Open a request that somebody has."""
    made = Request(
        reference=f"R-{whose.name}",
        chat_id=chat.id,
        kind="talk_to_a_person",
        route="adviser",
        staff_id=whose.id,
        asked_at=NOW,
        due_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def hear(
    session: Session, engine: Engine, words: str, meant: Understanding = NOT_UNDERSTOOD
) -> None:
    """Let Amara write something that worries nobody, and that Rasa mostly does not understand."""
    message = {"message_id": 1, "text": words, "chat": {"id": AMARA, "type": "private"}}
    index = chats.index_of(AMARA)
    inbox.save(session, 1, [(index, {"update_id": 1, "message": message})], NOW)
    update = inbox.next_for(session, index)
    assert update is not None
    handle(session, engine, update, Heard(NOTHING, meant), NOW)


def test_what_is_written_to_a_manager_is_not_added_to_the_advisers_request(
    session: Session, engine: Engine
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))
    wrens = request(session, chat, wren)
    chat.held_by_id, chat.held_until = lee.id, NOW + timedelta(minutes=30)

    hear(session, engine, "it was last week")

    [written_back] = session.scalars(select(Request).where(Request.id != wrens.id))
    assert wrens.words is None
    assert (written_back.staff_id, written_back.words) == (lee.id, "it was last week")


def test_what_is_written_back_is_added_to_the_request_of_whoever_is_talking(
    session: Session, engine: Engine
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))
    lees, wrens = request(session, chat, lee), request(session, chat, wren)
    chat.held_by_id, chat.held_until = lee.id, NOW + timedelta(minutes=30)

    hear(session, engine, "it was last week")

    assert (lees.words, wrens.words) == ("it was last week", None)


def test_a_code_and_commands_are_not_read_together_with_what_comes_after(session: Session) -> None:
    chat = cast.chat(session, AMARA)
    for words in ("/start gLsP5NbYT3_ya3zbtw0jHg", "/menu", "/help me", "i feel sick"):
        cast.message(session, chat, words)

    assert background(session, chats.index_of(AMARA), NOW).recent == ("me", "i feel sick")


def test_an_answer_is_counted_for_the_council_and_the_month(
    session: Session, engine: Engine
) -> None:
    cast.chat(session, AMARA, cast.person(session, cast.wren(session)))
    debt = Understanding("money.debt", 0.95, (Ranked("money.debt", 0.95),))

    hear(session, engine, "i owe money", debt)

    [asked] = session.scalars(select(Shown))
    assert (asked.article, asked.times) == ("money.debt", 1)
    assert asked.month == NOW.date().replace(day=1)
    assert asked.council == "cheshire_east"


def test_a_message_without_an_answer_is_not_counted(session: Session, engine: Engine) -> None:
    cast.chat(session, AMARA, cast.person(session, cast.wren(session)))

    hear(session, engine, "blah blah")

    assert session.scalars(select(Shown)).all() == []
