"""Journey 11: `kill -9` at random instants during a burst from fifty chats, fifty times."""

import random
from collections import Counter, defaultdict

from sqlalchemy import select

from storage.tables import Chat, Flag, Message, Request, Send, Update
from storage.tables.outbox import SendState
from tests.journeys.conftest import World

CHATS = range(9000, 9050)
KILLS = 50
#: Five messages from each chat, so that there is something new in every life of the bot.
A_BURST = 5
#: A life is cut off within this many seconds: about what the bot needs for a burst.
LONGEST_LIFE = 0.6
#: What each chat says, in this order. Only words whose effect needs no Rasa have one here: a slow
#: machine must not change what is counted.
LINES = (
    "/menu",
    "can i stay at my foster mums after 18",
    "HUMAN",
    "i want to kill myself tonight",
    "how do i get furniture",
)


def test_fifty_kills_lose_nothing_and_double_no_effect(talking: World) -> None:
    chance = random.Random(11)  # noqa: S311 (a test repeats itself)
    waiting = {chat: list(LINES) for chat in CHATS}
    numbers: list[int] = []
    cut_off = 0

    for _ in range(KILLS):
        ready = [chat for chat in CHATS if waiting[chat]]
        for chat in chance.sample(ready, k=min(A_BURST, len(ready))):
            numbers.append(talking.telegram.say(chat, waiting[chat].pop(0)))
        talking.pause(chance.uniform(0.0, LONGEST_LIFE))
        talking.kill_bot()
        cut_off += work_is_left(talking)
        talking.start_bot()
    for chat in CHATS:
        numbers += [talking.telegram.say(chat, line) for line in waiting[chat]]
    talking.wait_until_handled(seconds=120)
    talking.wait_until_sent(seconds=120)

    with talking.session() as session:
        updates = session.scalars(select(Update)).all()
        sends = session.scalars(select(Send).order_by(Send.id)).all()
        flags = Counter(session.scalars(select(Flag.chat_id)))
        requests = Counter(session.scalars(select(Request.chat_id)))
        kept = session.scalars(
            select(Message).where(Message.direction == "in").order_by(Message.id)
        ).all()
        telegram_ids = {one.id: int(one.telegram_id) for one in session.scalars(select(Chat))}
    assert sorted(telegram_ids.values()) == list(CHATS)
    assert sorted(one.update_id for one in updates) == sorted(numbers)
    assert {one.outcome for one in updates} == {"answered"}
    assert {one.update_id for one in sends} == {one.id for one in updates}
    assert {one.state for one in sends} == {SendState.SENT}
    assert flags == requests == Counter(list(telegram_ids))
    said: dict[int, list[str]] = defaultdict(list)
    for message in kept:
        said[message.chat_id].append(message.text or "")
    assert {tuple(lines) for lines in said.values()} == {LINES}
    for chat_id, telegram_id in telegram_ids.items():
        replies = [
            (one.body or {})["text"]
            for one in sends
            if one.chat_id == chat_id and one.lane == "2_reply"
        ]
        assert in_order_of_first_arrival(talking, telegram_id, replies) == replies
    # Else the kills came while the bot had nothing to do, and this shows nothing.
    assert cut_off > KILLS // 5


def work_is_left(world: World) -> bool:
    """Whether something is not received, not handled or not delivered yet."""
    with world.session() as session:
        unhandled = select(Update.id).where(Update.handled_at.is_(None))
        unsent = select(Send.id).where(Send.state != SendState.SENT)
        return bool(
            world.telegram.state()["waiting"]
            or session.scalars(unhandled).first()
            or session.scalars(unsent).first()
        )


def in_order_of_first_arrival(world: World, chat_id: int, replies: list[str]) -> list[str]:
    """Return these replies as a chat saw them. One may arrive twice: only its first time counts."""
    seen = dict.fromkeys(one.text for one in world.telegram.sent(chat_id))
    return [text for text in seen if text in replies]
