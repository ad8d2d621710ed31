"""A burst: a chat that writes far too much loses nothing, and holds up nobody else (SEC-56, HZ-36)."""

import time

from sqlalchemy import select

from content.library import Library
from storage.tables import Chat, Message
from tests.journeys.conftest import AMARA, BEN, World

QUESTION, ANSWER = "can i stay at my foster mums after 18", "until you are 21"
DANGER, CARD = "im gonna kill myself tonight", "Call 999 now"
#: So many are answered in a minute; the danger comes long after them.
ANSWERED, BURST, DANGER_AT = 30, 60, 57
#: A chat is read in order, a tenth of a second a message or less; the rest is for a busy machine.
AT_ONCE = 20


def test_of_sixty_messages_at_once_all_are_kept_and_danger_among_the_last_is_answered(
    talking: World, library: Library
) -> None:
    said = [DANGER if number == DANGER_AT else QUESTION for number in range(BURST)]

    talking.telegram.push(*(talking.telegram.message(AMARA, text=text) for text in said))
    began = time.time()
    for_ben = talking.telegram.ask(BEN, QUESTION)
    talking.wait_until_handled(seconds=60)
    talking.wait_until_sent()

    kept = heard(talking, AMARA)
    assert [one.text for one in kept] == said
    assert not any(one.degraded for one in kept)
    assert kept[DANGER_AT].level == "immediate"
    assert [flag.level for flag in talking.flags()] == ["immediate"]
    sent = talking.telegram.sent(AMARA)
    [card] = [one for one in sent if CARD in one.text]
    *answers, paused = [one.text for one in sent if one is not card]
    assert [ANSWER in text for text in answers] == [True] * ANSWERED
    assert paused == library.replies["talk.slow_down"].strip()
    assert card.at - began < AT_ONCE
    # The other chat has its answer while the burst is still being read.
    assert ANSWER in for_ben.text
    assert for_ben.at < card.at


def heard(world: World, chat_id: int) -> list[Message]:
    """Return what was kept of what somebody wrote, in order."""
    with world.session() as session:
        rows = session.execute(
            select(Chat.telegram_id, Message)
            .join(Message)
            .where(Message.direction == "in")
            .order_by(Message.id)
        )
        return [message for telegram_id, message in rows if int(telegram_id) == chat_id]
