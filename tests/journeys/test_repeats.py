"""Journey 11: what Telegram repeats or numbers anew, and two bots at once: one effect each."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import select

from storage.tables import Alert, Message, Update
from tests.journeys.conftest import AMARA, BEN, World

DANGER = "i want to kill myself tonight"
SECRET = "s" * 64


def test_an_update_that_comes_three_times_has_one_effect(talking: World) -> None:
    update = {"update_id": 5000, **talking.telegram.message(AMARA, text=DANGER, message_id=900)}

    for _ in range(3):
        talking.telegram.push(update)
        talking.wait_until_handled()
    talking.telegram.ask(BEN, "/menu")
    talking.wait_until_sent()

    assert_one_effect(talking)


def test_an_update_pushed_three_times_at_once_has_one_effect(world: World) -> None:
    address = f"http://127.0.0.1:{free_port()}/telegram"
    world.run(
        "bot",
        KITH_WEBHOOK_URL=address,
        KITH_WEBHOOK_SECRET=SECRET,
        KITH_WEBHOOK_PORT=str(httpx.URL(address).port),
    )
    world.wait_until(lambda: world.telegram.state()["webhook"] is not None, seconds=90)
    update = {"update_id": 5000, **world.telegram.message(AMARA, text=DANGER, message_id=900)}

    def push(_time: int) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        return httpx.post(address, json=update, headers=headers).status_code

    with ThreadPoolExecutor(3) as side_by_side:
        answers = list(side_by_side.map(push, range(3)))
    world.wait_until_handled()
    world.telegram.ask(BEN, "/menu")
    world.wait_until_sent()

    assert answers == [200, 200, 200]
    assert_one_effect(world)


def assert_one_effect(world: World) -> None:
    """Check that Amara's danger was kept, flagged, told to staff and answered once."""
    [flag] = world.flags()
    with world.session() as session:
        kept = session.scalars(select(Update).where(Update.update_id == 5000)).all()
        heard = [one for one in session.scalars(select(Message)) if one.text == DANGER]
        alerts = session.scalars(select(Alert).where(Alert.flag_id == flag.id)).all()
    assert [len(found) for found in (kept, heard, alerts)] == [1, 1, 1]
    assert len(world.telegram.sent(AMARA)) == 1


def test_updates_out_of_order_or_numbered_lower_are_all_kept(talking: World) -> None:
    written = [(9001, 900, "first"), (12, 902, "third"), (11, 901, "second"), (9000, 903, "fourth")]
    first, third, second, fourth = (
        {"update_id": number, **talking.telegram.message(AMARA, text=text, message_id=message_id)}
        for number, message_id, text in written
    )

    for batch in ((first,), (third, second), (fourth,)):
        talking.telegram.push(*batch)
        talking.wait_until_handled()
    talking.wait_until_sent()

    with talking.session() as session:
        updates = session.scalars(select(Update).order_by(Update.id)).all()
        heard = session.scalars(
            select(Message.text).where(Message.direction == "in").order_by(Message.id)
        ).all()
    assert [(one.update_id, one.outcome) for one in updates] == [
        (9001, "answered"),
        (11, "answered"),
        (12, "answered"),
        (9000, "answered"),
    ]
    assert heard == ["first", "second", "third", "fourth"]
    assert len(talking.telegram.sent(AMARA)) == len(written)


def test_of_two_bots_started_together_one_leads_and_nothing_is_doubled(world: World) -> None:
    chats = range(9000, 9020)
    bots = {bot.pid: bot for bot in (world.run("bot"), world.run("bot"))}
    world.wait_until(lambda: "another bot process leads" in world.log.read_text(), seconds=90)

    world.telegram.push(*(world.telegram.message(chat, text="/menu") for chat in chats))
    world.wait_until_handled()
    world.wait_until_sent()
    [leader] = leaders(world)
    bots[leader].kill()
    bots[leader].wait()
    world.telegram.push(*(world.telegram.message(chat, text="HUMAN") for chat in chats))
    world.wait_until_handled(seconds=60)
    world.wait_until_sent()

    assert set(leaders(world)) == set(bots)
    assert {chat: len(world.telegram.sent(chat)) for chat in chats} == dict.fromkeys(chats, 2)
    assert "another program is reading" not in world.log.read_text()


def leaders(world: World) -> list[int]:
    """Return the processes that have led, by what they logged."""
    lines = [line for line in world.log.read_text().splitlines() if '"bot started"' in line]
    return [int(json.loads(line)["process"]) for line in lines]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
