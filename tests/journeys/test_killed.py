"""Journey 11: `kill -9` at random instants during a burst from fifty chats, fifty times."""

import random
from collections import Counter, defaultdict

from sqlalchemy import select

from storage.tables import Flag, Message, Request, Send, Update
from storage.tables.outbox import SendState
from tests.journeys.conftest import World

CHATS = range(9000, 9050)
KILLS = 50
#: What each chat says, in this order; one message a life of the bot, more or less.
LINES = (
    "/menu",
    "can i stay at my foster mums after 18",
    "talk to my pa",
    "i want to kill myself tonight",
    "how do i get furniture",
)


def test_fifty_kills_lose_nothing_and_double_no_effect(talking: World) -> None:
    chance = random.Random(11)  # noqa: S311 (a test repeats itself)
    waiting = {chat: list(LINES) for chat in CHATS}
    said: dict[int, list[int]] = defaultdict(list)

    for _ in range(KILLS):
        for chat in chance.sample([one for one in CHATS if waiting[one]] or list(CHATS), k=6):
            if waiting[chat]:
                said[chat].append(talking.telegram.say(chat, waiting[chat].pop(0)))
        talking.pause(chance.uniform(0.0, 0.6))
        talking.kill_bot()
        talking.start_bot()
    for chat in CHATS:
        for line in waiting[chat]:
            said[chat].append(talking.telegram.say(chat, line))
    talking.wait_until_handled(seconds=120)
    talking.wait_until_sent(seconds=120)

    with talking.session() as session:
        updates = list(session.scalars(select(Update)))
        sends = list(session.scalars(select(Send)))
        flags = Counter(session.scalars(select(Flag.chat_id)))
        requests = Counter(session.scalars(select(Request.chat_id)))
        kept = list(
            session.scalars(select(Message).where(Message.direction == "in").order_by(Message.id))
        )
    numbers = [number for lines in said.values() for number in lines]
    assert sorted(one.update_id for one in updates) == sorted(numbers)
    assert {one.outcome for one in updates} == {"answered"}
    assert {one.update_id for one in sends} == {one.id for one in updates}
    assert {one.state for one in sends} == {SendState.SENT}
    assert set(flags.values()) == {1}
    assert len(flags) == len(CHATS)
    assert set(requests.values()) == {1}
    assert len(requests) == len(CHATS)
    by_chat: dict[int, list[str]] = defaultdict(list)
    for message in kept:
        by_chat[message.chat_id].append(message.text or "")
    assert {tuple(lines) for lines in by_chat.values()} == {LINES}
    assert_replies_in_order(talking, sends)


def assert_replies_in_order(world: World, sends: list[Send]) -> None:
    """Check that each chat saw every reply, first times in the order of what caused them."""
    wanted: dict[int, list[str]] = defaultdict(list)
    for send in sorted((one for one in sends if one.lane == "2_reply"), key=lambda one: one.id):
        wanted[send.chat_id].append((send.body or {})["text"])
    seen = {tuple(dict.fromkeys(one.text for one in world.telegram.sent(chat))) for chat in CHATS}
    for texts in wanted.values():
        assert any([text for text in one if text in texts] == texts for one in seen)
