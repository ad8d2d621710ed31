"""The young person's side of hearing back: was it sorted, what was changed, a question to the council."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.engine import Engine, Heard
from bot.handling import handle
from content.library import Library
from feedback import actions, asking, hearing, pushing, surveys
from feedback.actions import Change
from feedback.hearing import Step
from nlu.understanding import NOT_UNDERSTOOD, Ranked, Understanding
from safeguarding.judgement import NOTHING
from safeguarding.levels import Level
from storage import chats, hearing_back, inbox
from storage.tables import (
    Alert,
    Asked,
    Chat,
    Flag,
    Message,
    Notice,
    Push,
    Raised,
    Send,
    Staff,
    Statement,
)
from storage.tables.people import Role
from storage.tables.statements import StatementState as State
from tests import cast
from tests.bot.test_conversation import found
from tests.cast import AMARA, BEN, COUNCIL, NOW
from tests.feedback.sparing import SPARING
from tests.feedback.test_hearing import statement


@dataclass
class Talk:
    """One young person who writes and presses, through the whole of a turn."""

    session: Session
    engine: Engine
    who: int = AMARA
    now: datetime = NOW
    number: int = field(default=0)

    def writes(self, words: str, heard: Heard | None = None) -> list[str]:
        """Write something; return the ids of the replies."""
        chat = {"id": self.who, "type": "private"}
        return self._handle({"message": {"text": words, "chat": chat}}, heard)

    def presses(self, label: str) -> list[str]:
        """Press the newest button of that name; return the ids of the replies."""
        rows = self.session.scalars(select(Send).order_by(Send.id.desc()))
        keys = [key for one in rows if one.body for row in one.body.get("rows", []) for key in row]
        data = next(key["data"] for key in keys if key["text"] == label)
        message = {"message_id": 9, "chat": {"id": self.who, "type": "private"}}
        about = {"id": "1", "from": {"id": self.who}, "message": message, "data": data}
        return self._handle({"callback_query": about}, None)

    def _handle(self, body: dict[str, Any], heard: Heard | None) -> list[str]:
        self.number += 1
        if "message" in body:
            body["message"]["message_id"] = self.number
        index = chats.index_of(self.who)
        raw = {"update_id": self.who + self.number, **body}
        inbox.save(self.session, 1, [(index, raw)], self.now)
        update = inbox.next_for(self.session, index)
        assert update is not None
        handle(self.session, self.engine, update, heard or Heard(NOTHING, NOT_UNDERSTOOD), self.now)
        self.session.flush()
        sent = select(Send).where(Send.update_id == update.id).order_by(Send.id)
        return [str(one.reply_id) for one in self.session.scalars(sent)]

    def last(self) -> str:
        """Return the words said last."""
        newest = select(Message).where(Message.direction == "out").order_by(Message.id.desc())
        return str(self.session.scalars(newest).first().text)  # type: ignore[union-attr]


@pytest.fixture
def wren(session: Session) -> Staff:
    """Wren is Amara's adviser."""
    return cast.wren(session)


@pytest.fixture
def chat(session: Session, wren: Staff) -> Chat:
    """Amara's chat."""
    return cast.chat(session, AMARA, cast.person(session, wren))


@pytest.fixture
def amara(session: Session, engine: Engine, chat: Chat) -> Talk:
    """Amara, who has been welcomed before."""
    session.add(Notice(chat_id=chat.id, version="1", shown_at=NOW, agreed_at=NOW))
    chat.memory = {"notice": "1"}
    session.flush()
    return Talk(session, engine)


@pytest.fixture
def done(session: Session, library: Library, chat: Chat, wren: Staff) -> Statement:
    """Something Amara told Wren, and Wren says is done."""
    told = statement(session, library, chat, wren)
    hearing.take(session, library, told, wren, Step(State.DONE), NOW)
    return told


def test_it_was_sorted(amara: Talk, done: Statement) -> None:
    assert amara.presses("Yes, it is sorted") == ["hearing.sorted_yes"]

    assert (done.sorted, done.state) == (True, State.DONE)


def test_it_was_not_sorted_and_what_is_missing_goes_to_whoever_has_it(
    session: Session, amara: Talk, done: Statement, wren: Staff
) -> None:
    assert amara.presses("Not yet") == ["hearing.sorted_not_yet"]
    assert "Wren" in amara.last()
    assert amara.writes("the window is still broken") == ["hearing.more_added"]

    assert (done.state, done.closed_at) == (State.IN_HAND, None)
    assert [words for _, words in hearing_back.words_of(session, done)][-1] == (
        "the window is still broken"
    )
    assert set(session.scalars(select(Alert.staff_id))) == {wren.id}
    assert amara.presses("That's all") == ["people.words_done"]
    assert "hearing.more_added" not in amara.writes("hello again")


def test_saying_more_opens_nothing_again(amara: Talk, done: Statement) -> None:
    assert amara.presses("Say more") == ["hearing.say_more"]
    assert amara.writes("thanks for the new lock") == ["hearing.more_added"]

    assert done.state == State.DONE


def test_danger_in_what_they_add_comes_first(
    session: Session, amara: Talk, done: Statement
) -> None:

    amara.presses("Not yet")
    danger = Heard(found(Level.IMMEDIATE), NOT_UNDERSTOOD)

    [card] = amara.writes("i cant go on", danger)

    assert card.startswith("safety.")
    assert session.scalars(select(Flag)).all()
    assert len(hearing_back.words_of(session, done)) == 1


def test_a_month_later_it_is_closed_for_good(amara: Talk, done: Statement) -> None:
    amara.now = NOW + timedelta(days=13)
    done.closed_at = NOW - timedelta(days=31)

    assert amara.presses("Not yet") == ["hearing.too_late"]
    assert done.state == State.DONE


def test_somebody_elses_statement_cannot_be_touched(
    session: Session, engine: Engine, amara: Talk, done: Statement
) -> None:
    ben = cast.chat(session, BEN, cast.person(session, name="Ben"))
    ben.memory = {"notice": "1"}
    session.flush()

    assert Talk(session, engine, BEN).presses("Not yet") == ["buttons.old"]
    assert done.state == State.DONE
    assert amara.who != BEN


def test_they_are_asked_once_whether_they_want_to_hear(
    session: Session, library: Library, amara: Talk, chat: Chat
) -> None:
    assert hearing.ask_about_hearing(session, library, chat, NOW)
    assert not hearing.ask_about_hearing(session, library, chat, NOW)

    assert amara.presses("Yes, tell me") == ["hearing.wanted"]
    assert hearing_back.wants_to_hear(session, chat.id) is True
    assert not hearing.ask_about_hearing(session, library, chat, NOW)


@pytest.mark.parametrize("words", ["/wedid", "What have you changed?", "you said, we did"])
def test_what_was_changed_can_be_read_at_any_time(
    session: Session, amara: Talk, words: str
) -> None:
    assert amara.writes(words.replace(",", "")) == ["wedid.none"]
    pat = cast.staff(session, "Pat", Role.PARTICIPATION)
    for number in range(4):
        change = Change(did=f"We mended roof {number}.")
        made = actions.add(session, pat, "repairs", COUNCIL, "Roofs", change, NOW)
        actions.publish(session, made, pat, NOW + timedelta(minutes=number))

    assert amara.writes(words.replace(",", "")) == ["wedid.list"]

    assert "roof 3" in amara.last()
    assert "roof 0" not in amara.last()
    assert amara.presses("Older ones") == ["wedid.list"]
    assert "roof 0" in amara.last()


def test_what_is_not_published_is_read_by_nobody(session: Session, amara: Talk) -> None:
    pat = cast.staff(session, "Pat", Role.PARTICIPATION)
    actions.add(session, pat, "repairs", COUNCIL, "Roofs", Change(did="Not yet."), NOW)

    assert amara.writes("/wedid") == ["wedid.none"]


def test_a_question_is_shown_before_it_is_sent(session: Session, amara: Talk, chat: Chat) -> None:
    assert amara.writes("ask the council") == ["ask_council.start"]
    assert amara.writes("why do buses stop at six") == ["ask_council.check"]
    assert session.scalars(select(Asked)).all() == []

    assert amara.presses("Send my question") == ["ask_council.sent"]

    [one] = session.scalars(select(Asked))
    assert (one.words, one.chat_id, one.council) == ("why do buses stop at six", chat.id, COUNCIL)
    assert one.reference in amara.last()


def test_a_question_can_be_dropped(session: Session, amara: Talk) -> None:
    amara.writes("/ask")
    amara.writes("why do buses stop at six")

    assert amara.presses("Don't send it") == ["ask_council.dropped"]
    assert session.scalars(select(Asked)).all() == []


def test_too_long_and_too_many_are_said_kindly(session: Session, amara: Talk, chat: Chat) -> None:
    amara.writes("/ask")
    assert amara.writes("why " * 200) == ["ask_council.too_long"]

    for _ in range(asking.MOST_A_DAY):
        asking.ask(
            session,
            chat,
            asking.fresh_reference(),
            "why",
            council=COUNCIL,
            rota=amara.engine.rota(None),
            now=NOW,
        )

    assert amara.writes("/ask") == ["ask_council.enough"]


def test_answers_are_there_for_everybody(session: Session, library: Library, amara: Talk) -> None:
    assert amara.writes("/asked") == ["ask_council.none"]
    pat = cast.staff(session, "Pat", Role.PARTICIPATION)
    stranger = cast.chat(session)
    one = asking.ask(
        session,
        stranger,
        asking.fresh_reference(),
        "why",
        council=COUNCIL,
        rota=amara.engine.rota(None),
        now=NOW,
    )
    asking.approve(session, library, one, pat, "Why are there no buses?", NOW)
    asking.answer(session, library, one, pat, by="Councillor Vale", text="We are asking.", now=NOW)

    assert amara.writes("/asked") == ["ask_council.list"]
    assert "Why are there no buses?" in amara.last()
    assert "Councillor Vale" in amara.last()


def test_the_menu_leads_to_both(amara: Talk) -> None:
    amara.writes("/menu")

    assert amara.presses("What have you changed?") == ["wedid.none"]
    amara.writes("/menu")
    assert amara.presses("Ask the council") == ["ask_council.start"]


def test_an_invitation_begins_the_survey(
    session: Session, library: Library, amara: Talk, chat: Chat
) -> None:

    pat = cast.staff(session, "Pat", Role.PARTICIPATION)
    intervals = {"wellbeing": timedelta(days=30)}
    surveys.send(session, pat, "wellbeing", intervals, surveys.Group(COUNCIL), NOW)
    while pushing.send_next(session, library, SPARING, NOW):
        pass
    assert session.scalar(select(Push.state)) == "sent"

    [asked] = amara.presses("OK, ask me")

    assert asked.startswith("statement.")
    [begun] = session.scalars(select(Statement))
    assert (begun.origin, begun.scenario, begun.chat_id) == ("survey", "wellbeing", chat.id)


def test_an_invitation_can_be_left(session: Session, library: Library, amara: Talk) -> None:

    pat = cast.staff(session, "Pat", Role.PARTICIPATION)
    intervals = {"wellbeing": timedelta(days=30)}
    surveys.send(session, pat, "wellbeing", intervals, surveys.Group(COUNCIL), NOW)
    while pushing.send_next(session, library, SPARING, NOW):
        pass

    assert amara.presses("Not this time") == ["survey.later"]
    assert session.scalars(select(Statement)).all() == []


def test_delete_forgets_what_they_raised_and_what_they_asked(
    session: Session, library: Library, amara: Talk, chat: Chat
) -> None:
    pat = cast.staff(session, "Pat", Role.PARTICIPATION)
    hearing_back.note_raised(session, chat.id, ["repairs"], COUNCIL, NOW)
    hearing_back.set_hearing(session, chat, NOW, wanted=True)
    rota = amara.engine.rota(None)
    one = asking.ask(session, chat, "Q-222222", "why me", council=COUNCIL, rota=rota, now=NOW)
    asking.approve(session, library, one, pat, "Why?", NOW)
    asking.answer(session, library, one, pat, by="Councillor Vale", text="So.", now=NOW)

    amara.writes("delete")
    amara.presses("Yes, delete")
    session.expire_all()

    assert session.scalars(select(Raised)).all() == []
    assert hearing_back.wants_to_hear(session, chat.id) is None
    assert (one.chat_id, one.words, one.put) == (None, None, "Why?")


REPAIRS = "housing.repairs_damp"


@pytest.mark.parametrize(
    ("words", "added"),
    [("the bathroom wall is still damp", True), ("who has to fix damp", False)],
)
def test_only_a_question_is_taken_for_one(
    amara: Talk,
    done: Statement,
    words: str,
    added: bool,  # noqa: FBT001 (a case of the test)
) -> None:
    amara.presses("Not yet")
    ranking = (Ranked(REPAIRS, 0.97), Ranked("housing.council_tax", 0.01))
    heard = Heard(NOTHING, Understanding(REPAIRS, 0.97, ranking))

    replies = amara.writes(words, heard)

    assert (replies == ["hearing.more_added"]) is added
    assert done.state == State.IN_HAND
