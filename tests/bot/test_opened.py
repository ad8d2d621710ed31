"""/seen: who opened what somebody wrote, by day; advisers by name, everybody else by role."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.engine import Engine, Heard
from bot.handling import handle
from bot.practice import Practice, take_turn
from content.library import Library
from nlu.understanding import NOT_UNDERSTOOD
from safeguarding.judgement import NOTHING
from storage import audit, chats, hearing_back, inbox, persons_data
from storage.tables import Chat, Flag, Send, Staff
from storage.tables.people import Role
from tests import cast
from tests.cast import AMARA, NOW

YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def chat(session: Session) -> Chat:
    return cast.chat(session, AMARA, cast.person(session, cast.wren(session)))


def ask(session: Session, engine: Engine, words: str) -> str:
    """Let Amara write something, and return all that is said to it."""
    message = {"message_id": 1, "text": words, "chat": {"id": AMARA, "type": "private"}}
    index = chats.index_of(AMARA)
    inbox.save(session, 1, [(index, {"update_id": 1, "message": message})], NOW)
    update = inbox.next_for(session, index)
    assert update is not None
    handle(session, engine, update, Heard(NOTHING, NOT_UNDERSTOOD), NOW)
    sent = session.query(Send).order_by(Send.id)
    return "\n".join(one.body["text"] for one in sent if one.body)


def opened(
    session: Session,
    whom: Chat,
    who: Staff | None,
    action: str,
    *,
    at: datetime = NOW,
    about: str = "F-1",
) -> None:
    audit.record(
        session,
        staff_id=who.id if who else None,
        action=action,
        about=about,
        now=at,
        request_id=uuid.uuid4().hex,
        person_id=whom.person_id,
    )


@pytest.mark.usefixtures("chat")
@pytest.mark.parametrize(
    "words", ["/seen", "who has seen this?", "Who’s seen my messages", "who read my messages"]
)
def test_it_is_asked_for_by_a_command_or_in_words(
    session: Session, engine: Engine, words: str
) -> None:
    assert "No person has opened your messages" in ask(session, engine, words)


def test_openings_are_grouped_by_day_newest_first(
    session: Session, engine: Engine, chat: Chat
) -> None:
    assert chat.person is not None
    wren = chat.person.adviser
    kit = cast.staff(session, "Kit")
    opened(session, chat, wren, "read_flag", at=YESTERDAY)
    opened(session, chat, wren, "read_person")
    opened(session, chat, wren, "read_flag")
    opened(session, chat, wren, "read_flag")
    opened(session, chat, kit, "opened_up")

    said = ask(session, engine, "/seen")

    today = said.index("Tuesday 24 November")
    assert today < said.index("Kit, an adviser: your page") < said.index("Monday 23 November")
    assert said.count("Wren, your adviser") == 2
    assert said.count("messages of yours") == 2


def test_whoever_is_no_adviser_is_shown_by_role(
    session: Session, engine: Engine, chat: Chat
) -> None:
    """So nobody who holds the phone finds out who looks into a worry about them."""
    lee, pat = cast.lee(session), cast.staff(session, "Pat", Role.PARTICIPATION)
    opened(session, chat, lee, "read_flag")
    opened(session, chat, None, "exported_person")
    hearing_back.note_look(session, pat, "statement", "S-1", NOW, chat_id=chat.id, person_id=None)

    said = ask(session, engine, "/seen")

    assert "A manager: messages of yours" in said
    assert "Somebody who looks after the computer: all we keep about you" in said
    assert "The team that collects what young people say: what you told us" in said
    assert "Lee" not in said
    assert "Pat" not in said
    assert "F-1" not in said
    assert "S-1" not in said


def test_lists_that_hold_no_word_of_theirs_and_others_messages_are_not_shown(
    session: Session, engine: Engine, chat: Chat
) -> None:
    ben = cast.chat(session, cast.BEN, cast.person(session, name="Ben"))
    lee = cast.lee(session)
    opened(session, ben, lee, "read_flag")
    opened(session, chat, lee, "saw_flags")
    opened(session, chat, lee, "took_flag")

    assert "No person has opened your messages" in ask(session, engine, "/seen")


def test_a_stranger_is_told_too(session: Session, engine: Engine) -> None:
    strange = cast.chat(session, AMARA)
    session.add(
        Flag(
            reference="F-9",
            chat_id=strange.id,
            level="same_day",
            categories=["suicide"],
            third_party=False,
            about_staff=False,
            why=[],
            rules_version="test",
            raised_at=NOW,
            last_sign_at=NOW,
            due_at=NOW,
        )
    )
    opened(session, strange, cast.lee(session), "read_flag", about="F-9")

    assert "A manager: messages of yours" in ask(session, engine, "/seen")


def test_a_long_list_ends_with_where_the_rest_is(
    session: Session, engine: Engine, chat: Chat, library: Library
) -> None:
    lee = cast.lee(session)
    for days in range(40):
        opened(session, chat, lee, "read_flag", at=NOW - timedelta(days=days))

    said = ask(session, engine, "/seen")

    assert said.count("A manager") == 25
    assert "Say MY DATA" in said
    assert len(said) < 4_096
    whole = persons_data.as_text(session, chat, library.say)
    assert whole.count("UTC: A manager: messages of yours") == 40


def test_in_practice_nobody_has_seen_anything(engine: Engine) -> None:
    result = take_turn(engine, lambda _: NOT_UNDERSTOOD, Practice(), "/seen", NOW)

    assert [one.id for one in result.outcome.replies] == ["seen_by.none"]


def test_what_a_phone_shows_first_says_nothing_of_why(library: Library) -> None:
    first = library.say("seen_by.lead")[:120].casefold()

    assert not any(word in first for word in ("care", "flag", "danger", "complain"))
