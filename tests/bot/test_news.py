"""Asking for news by buttons, ending it, saying whether one is coming; and staff's own test chat."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.engine import Engine, Heard
from bot.handling import handle
from checkins import events, inviting
from checkins.events import Draft, Sending
from checkins.sending import Clock
from nlu.understanding import NOT_UNDERSTOOD
from people.hours import LONDON
from safeguarding.judgement import NOTHING
from storage import chats, inbox, trials
from storage import events as stored
from storage.tables import Button, Due, Send
from tests import cast
from tests.cast import AMARA, NOW

NUMBERS = count(1)
FAIR = Draft("job_fairs", "Job fair", "Come and meet people.", NOW + timedelta(days=3))


class Talk:
    """Somebody's chat: they write, press, and read."""

    def __init__(self, session: Session, engine: Engine, number: int) -> None:
        """Begin."""
        self.session, self.engine, self.number = session, engine, number

    def _happens(self, update: dict[str, object]) -> list[str]:
        at, index = next(NUMBERS), chats.index_of(self.number)
        last = self.session.scalar(select(Send.id).order_by(Send.id.desc()).limit(1)) or 0
        inbox.save(self.session, 1, [(index, {"update_id": at, **update})], NOW)
        found = inbox.next_for(self.session, index)
        assert found is not None
        handle(self.session, self.engine, found, Heard(NOTHING, NOT_UNDERSTOOD), NOW)
        self.session.flush()
        new = self.session.scalars(select(Send).where(Send.id > last).order_by(Send.id))
        return [(one.body or {})["text"] for one in new]

    def say(self, text: str) -> list[str]:
        """Write, and return what comes back."""
        chat = {"id": self.number, "type": "private"}
        return self._happens({"message": {"message_id": 1, "text": text, "chat": chat}})

    def press(self, label: str) -> list[str]:
        """Press the newest button with these words, and return what comes back."""
        sends = self.session.scalars(select(Send).order_by(Send.id.desc()))
        data = next(
            key["data"]
            for send in sends
            for row in (send.body or {}).get("rows", [])
            for key in row
            if key["text"] == label
        )
        chat = {"id": self.number, "type": "private"}
        return self._happens(
            {
                "callback_query": {
                    "id": "1",
                    "from": {"id": self.number},
                    "data": data,
                    "message": {"message_id": 1, "chat": chat},
                }
            }
        )

    def labels(self) -> list[str]:
        """Return the words on the newest buttons."""
        send = self.session.scalars(select(Send).order_by(Send.id.desc())).first()
        return [key["text"] for row in ((send and send.body) or {}).get("rows", []) for key in row]


@pytest.fixture
def amara(session: Session, engine: Engine) -> Talk:
    """Amara has joined."""
    cast.chat(session, AMARA, cast.person(session, cast.wren(session)))
    return Talk(session, engine, AMARA)


def asked_for(talk: Talk) -> frozenset[str]:
    """Return what somebody asked for."""
    chat = chats.find(talk.session, chats.index_of(talk.number))
    assert chat is not None
    assert chat.person_id is not None
    return stored.interests(talk.session, chat.person_id)


@pytest.mark.parametrize("said", ["News", "events", "What’s on?"])
def test_nobody_gets_news_until_they_ask_for_it(amara: Talk, said: str) -> None:
    [text] = amara.say(said)

    assert "You get none until you tap one" in text
    assert asked_for(amara) == frozenset()


def test_a_tap_turns_news_on_and_another_off(amara: Talk) -> None:
    amara.say("news")
    amara.press("Job fairs")
    on, labels = asked_for(amara), amara.labels()
    amara.press("✓ Job fairs")

    assert (on, asked_for(amara)) == (frozenset({"job_fairs"}), frozenset())
    assert "✓ Job fairs" in labels


def test_places_are_chosen_and_let_go(amara: Talk) -> None:
    amara.say("news")
    amara.press("Forums" if "Forums" in amara.labels() else "Have your say")
    amara.press("Choose places")
    amara.press("Crewe")
    chosen = asked_for(amara)
    amara.press("Anywhere")

    assert chosen == {"forums", "place:Crewe"}
    assert asked_for(amara) == {"forums"}


def test_all_news_stops_at_one_tap(amara: Talk) -> None:
    amara.say("news")
    amara.press("Job fairs")
    [text] = amara.press("Stop all news")

    assert "no more news" in text
    assert asked_for(amara) == frozenset()


def test_a_stranger_hears_that_it_needs_a_code(session: Session, engine: Engine) -> None:
    [text] = Talk(session, engine, 99).say("news")

    assert "joined with a code" in text


@pytest.fixture
def announced(amara: Talk, engine: Engine) -> str:
    """Amara has been told of the job fair."""
    session = amara.session
    amara.say("news")
    amara.press("Job fairs")
    lee = cast.lee(session)
    fair = events.draft(session, engine.library, lee, FAIR, NOW)
    events.send(session, Sending(engine.library, LONDON, 60, 20), fair, lee, NOW)
    after_school = NOW.replace(hour=17)
    while inviting.send_next(session, Clock(engine.library, LONDON), after_school):
        session.flush()
    return fair.reference


def test_whoever_is_coming_taps_and_hears_who_sees_it(amara: Talk, announced: str) -> None:
    [text] = amara.press("I'm coming")

    assert "how many are coming, not who" in text
    kept = amara.session.scalars(select(Due).where(Due.what == f"announce:{announced}")).one()
    assert kept.answer == "coming"


def test_they_may_change_their_mind(amara: Talk, announced: str) -> None:
    amara.press("I'm coming")
    [text] = amara.press("I can't come")

    assert "not counted in" in text
    kept = amara.session.scalars(select(Due).where(Due.what == f"announce:{announced}")).one()
    assert kept.answer == "not_coming"


def test_a_fair_that_was_called_off_says_so(amara: Talk, announced: str) -> None:
    fair = stored.of(amara.session, announced)
    assert fair is not None
    events.cancel(amara.session, fair, fair.made_by, NOW)

    assert amara.press("I'm coming") == [amara.engine.library.say("events.over")]


def test_staff_join_their_own_chat_with_a_code_that_works_once(
    session: Session, engine: Engine
) -> None:
    wren = cast.wren(session)
    code = trials.new_code(session, wren, NOW)
    own = Talk(session, engine, 55)

    [text] = own.say(f"/start {code}")

    found = trials.chat_of(session, wren)
    assert "test messages for Wren" in text
    assert found is not None
    assert found.telegram_id == "55"
    Talk(session, engine, 56).say(f"/start {code}")
    again = trials.chat_of(session, wren)
    assert again is not None
    assert again.telegram_id == "55"


def test_a_young_persons_chat_never_gets_test_messages(amara: Talk) -> None:
    wren = cast.staff(amara.session, "Kit")
    code = trials.new_code(amara.session, wren, NOW)

    amara.say(f"/start {code}")

    assert trials.chat_of(amara.session, wren) is None


def test_an_old_code_does_not_work(session: Session, engine: Engine) -> None:
    wren = cast.wren(session)
    code = trials.new_code(session, wren, NOW - timedelta(hours=2))

    Talk(session, engine, 55).say(f"/start {code}")

    assert trials.chat_of(session, wren) is None
    assert session.scalars(select(Button)).first() is not None
