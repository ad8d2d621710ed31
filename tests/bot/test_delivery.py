"""Delivery against a Bot API that refuses, stays silent and has limits: what is sent, when, and how often."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.telegram.api import Api, Sent
from bot.telegram.delivery import Deliverer
from bot.telegram.last_look import let_be
from bot.telegram.pacing import Pace
from bot.telegram.program import SENDERS
from checkins import plans
from content.library import Library
from storage import due, outbox, switch
from storage.database import Database
from storage.tables import Chat, Circumstance, Due, Flag, Send
from storage.tables.outbox import Lane, SendState
from tests import cast
from tests.cast import AMARA, BEN, NOW
from tests.fakes.bot_api import BotApi, Fault
from tests.fakes.limits import Limits
from tests.fakes.telegram import TOKEN


@dataclass
class Delivery:
    """A Bot API over HTTP, and the three senders of the bot beside it."""

    database: Database
    telegram: BotApi
    senders: list[Deliverer]
    stop_telegram: Callable[[], Awaitable[None]]
    lost: list[tuple[int, str]] = field(default_factory=list)
    number: int = 0

    def put(self, chat: int, lane: Lane, count: int = 1, **about: Any) -> list[int]:
        """Write sends to a chat."""
        now = datetime.now(UTC)
        made = []
        with self.database.transaction() as session:
            where = cast.chat(session, chat, now=now)
            for _ in range(count):
                self.number += 1
                send = outbox.put(
                    session,
                    chat_id=where.id,
                    lane=lane,
                    once_key=f"s{self.number}",
                    method="sendMessage",
                    body={"text": f"message {self.number}"},
                    now=now,
                    **about,
                )
                made.append(send.id)
        return made

    def put_many(self, lane: Lane, count: int, first: int = 20_000) -> None:
        """Write one send to each of many chats."""
        for chat in range(first, first + count):
            self.put(chat, lane)

    async def look(self, lane: Lane) -> int:
        """Let the sender of a lane look once."""
        sender = next(
            one for one, lanes in zip(self.senders, SENDERS, strict=True) if lane in lanes
        )
        return await sender.deliver_batch()

    async def until(self, so: Callable[[], bool], seconds: float = 60) -> None:
        """Let all senders work until something is so."""
        tasks = [asyncio.create_task(one.deliver_for_ever()) for one in self.senders]
        deadline = time.monotonic() + seconds
        while not so():
            assert time.monotonic() < deadline, self.states()
            await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def states(self, lane: Lane | None = None) -> list[tuple[str, str | None, int]]:
        """Return the state, the reason and the tries of every send, of one lane when asked."""
        with self.database.sessions() as session:
            rows = session.scalars(select(Send).order_by(Send.id))
            return [(one.state, one.failure, one.tries) for one in rows if lane in {None, one.lane}]

    def all_are(self, state: SendState, lane: Lane | None = None) -> bool:
        """Whether every send is in a state."""
        return {one[0] for one in self.states(lane)} == {state}

    def texts(self) -> list[str]:
        """Return what arrived."""
        return [one.text for one in self.telegram.sent]


#: A scenario; what it returns is not looked at.
Scenario = Callable[[Delivery], Coroutine[Any, Any, object]]
Deliver = Callable[..., None]


@pytest.fixture
def deliver(database: Database) -> Deliver:
    """Run a scenario with a Bot API of its own."""

    def run(scenario: Scenario, limits: Limits | None = None) -> None:
        asyncio.run(_with_telegram(database, scenario, limits or Limits()))

    return run


async def _with_telegram(database: Database, scenario: Scenario, limits: Limits) -> None:
    telegram = BotApi(TOKEN, limits)
    runner = web.AppRunner(telegram.application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = site._server
    assert isinstance(server, asyncio.Server)
    api = Api(TOKEN, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await api.start()
    lost: list[tuple[int, str]] = []

    def on_lost(_session: Session, send: Send, result: Sent, _now: datetime) -> None:
        lost.append((send.id, result.failure))

    pace = Pace(30)
    senders = [Deliverer(api, database, lanes, [], on_lost, pace) for lanes in SENDERS]
    try:
        await scenario(Delivery(database, telegram, senders, runner.cleanup, lost))
    finally:
        await api.stop()
        await runner.cleanup()


def test_at_our_pace_telegram_never_refuses(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.put_many(Lane.BULK, 40)
        one.put_many(Lane.REPLY, 20, first=30_000)
        one.put(AMARA, Lane.REPLY, 5)
        one.put(BEN, Lane.SAFETY, 3)

        await one.until(lambda: one.all_are(SendState.SENT))

        assert one.telegram.limits.refused == 0
        assert len(one.texts()) == len(set(one.texts())) == 68

    deliver(scenario)


def test_when_the_limit_is_lower_than_we_think_everything_still_arrives_once(
    deliver: Deliver,
) -> None:
    async def scenario(one: Delivery) -> None:
        one.put_many(Lane.BULK, 30)
        one.put_many(Lane.REPLY, 10, first=30_000)

        await one.until(lambda: one.all_are(SendState.SENT))

        assert one.telegram.limits.refused > 0
        assert len(one.texts()) == len(set(one.texts())) == 40

    deliver(scenario, Limits(per_second=10, retry_after=1))


def test_told_to_wait_in_the_middle_of_bulk_danger_and_answers_go_on(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.put_many(Lane.BULK, 20)
        one.telegram.faults.append(Fault("sendMessage", 1, status=429, retry_after=30))
        await one.look(Lane.BULK)
        before = len(one.texts())
        one.put(AMARA, Lane.SAFETY)
        one.put(BEN, Lane.REPLY)

        await one.until(lambda: one.all_are(SendState.SENT, Lane.REPLY))
        await one.until(lambda: one.all_are(SendState.SENT, Lane.SAFETY))

        assert len(one.texts()) == before + 2
        assert ("waiting", "retry_after", 1) in one.states(Lane.BULK)

    deliver(scenario)


def test_while_kith_is_off_bulk_waits_and_the_rest_goes(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        with one.database.transaction() as session:
            lee = cast.lee(session)
            switch.turn_off(session, lee.id, "answers are wrong", NOW)
        one.put_many(Lane.BULK, 3)
        one.put(AMARA, Lane.SAFETY)
        one.put(BEN, Lane.STAFF)

        await one.until(lambda: one.all_are(SendState.SENT, Lane.SAFETY))
        await one.until(lambda: one.all_are(SendState.SENT, Lane.STAFF))
        assert await one.look(Lane.BULK) == 0
        assert one.all_are(SendState.WAITING, Lane.BULK)

        with one.database.transaction() as session:
            switch.turn_on(session, lee.id, NOW)
        await one.until(lambda: one.all_are(SendState.SENT))

    deliver(scenario)


def test_bulk_goes_on_once_it_has_waited(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.put_many(Lane.BULK, 10)
        one.telegram.faults.append(Fault("sendMessage", 1, status=429, retry_after=1))

        await one.until(lambda: one.all_are(SendState.SENT))

        assert len(one.texts()) == len(set(one.texts())) == 10

    deliver(scenario)


def test_a_reply_that_must_wait_holds_back_its_own_chat_only(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.put(AMARA, Lane.REPLY, 2)
        one.telegram.faults.append(
            Fault("sendMessage", 1, status=429, retry_after=30, chat_id=AMARA)
        )
        await one.look(Lane.REPLY)
        one.put(BEN, Lane.REPLY)

        await one.until(lambda: ("sent", None, 1) in one.states())

        assert one.telegram.sent[0].chat_id == BEN
        assert one.states() == [
            ("waiting", "retry_after", 1),
            ("waiting", None, 0),
            ("sent", None, 1),
        ]

    deliver(scenario)


def test_danger_is_tried_again_on_its_own_clock(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.telegram.faults.append(Fault("sendMessage", 1, status=429, retry_after=30))
        one.put(AMARA, Lane.SAFETY)

        await one.until(lambda: one.all_are(SendState.SENT))

        assert one.states() == [("sent", None, 2)]

    deliver(scenario)


def test_a_429_that_does_not_say_how_long_is_obeyed_too(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.telegram.faults.append(Fault("sendMessage", 1, status=429))
        one.put(AMARA, Lane.BULK)

        await one.look(Lane.BULK)

        assert one.states() == [("waiting", "retry_after", 1)]

    deliver(scenario)


def test_bulk_waits_while_an_answer_waits(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.put(AMARA, Lane.BULK)
        one.put(BEN, Lane.REPLY)

        assert await one.look(Lane.BULK) == 0
        assert await one.look(Lane.REPLY) == 1
        assert await one.look(Lane.BULK) == 1

    deliver(scenario)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Forbidden: bot was blocked by the user", "blocked"),
        ("Forbidden: user is deactivated", "deactivated"),
        ("Forbidden: bot can't initiate conversation with a user", "no_chat"),
    ],
)
def test_who_cannot_be_reached_is_noted_with_the_reason(
    deliver: Deliver, said: str, why: str
) -> None:
    async def scenario(one: Delivery) -> None:
        one.telegram.faults.append(Fault("sendMessage", 9, status=403, description=said))
        [send] = one.put(AMARA, Lane.REPLY)

        await one.look(Lane.REPLY)
        await one.look(Lane.REPLY)

        assert one.states() == [("failed", why, 1)]
        assert one.lost == [(send, why)]

    deliver(scenario)


@pytest.mark.parametrize("status", [400, 413, 420])
@pytest.mark.parametrize("lane", [Lane.REPLY, Lane.BULK])
def test_what_telegram_refuses_is_tried_once(deliver: Deliver, status: int, lane: Lane) -> None:
    async def scenario(one: Delivery) -> None:
        one.telegram.faults.append(Fault("sendMessage", 9, status=status))
        one.put(AMARA, lane)

        await one.look(lane)
        await one.look(lane)

        assert one.states() == [("failed", "bad_request", 1)]
        assert one.telegram.calls["sendMessage"] == 1

    deliver(scenario)


def test_bulk_that_may_have_arrived_is_not_sent_again(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.telegram.faults.append(Fault("sendMessage", 1, drop=True))
        one.put(AMARA, Lane.BULK)

        await one.look(Lane.BULK)
        await one.look(Lane.BULK)

        assert one.states() == [("unknown", "network", 1)]
        assert len(one.texts()) == 1

    deliver(scenario)


def test_an_answer_that_may_have_arrived_is_sent_again(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.telegram.faults.append(Fault("sendMessage", 1, drop=True))
        one.put(AMARA, Lane.REPLY)

        await one.until(lambda: one.all_are(SendState.SENT))

        assert len(one.texts()) == 2

    deliver(scenario)


def test_bulk_that_surely_did_not_leave_is_tried_again(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        await one.stop_telegram()
        one.put(AMARA, Lane.BULK)

        await one.look(Lane.BULK)

        assert one.states() == [("waiting", "not_reached", 1)]

    deliver(scenario)


def test_while_telegram_is_away_bulk_rests_as_one_and_danger_is_tried(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.put_many(Lane.BULK, 30)
        await one.stop_telegram()

        tried = await one.look(Lane.BULK)
        again = await one.look(Lane.BULK)
        one.put(AMARA, Lane.SAFETY)
        danger = await one.look(Lane.SAFETY)

        assert 0 < tried < 30
        assert (again, danger) == (0, 1)
        assert sum(tries for _, _, tries in one.states(Lane.BULK)) == tried

    deliver(scenario)


def test_bulk_that_is_too_late_is_let_be(deliver: Deliver) -> None:
    async def scenario(one: Delivery) -> None:
        one.put(AMARA, Lane.BULK, not_after=datetime.now(UTC) - timedelta(seconds=1))
        one.put(BEN, Lane.BULK, not_after=datetime.now(UTC) + timedelta(hours=1))

        await one.look(Lane.BULK)

        assert one.states() == [("failed", "too_late", 0), ("sent", None, 1)]
        assert [sent.chat_id for sent in one.telegram.sent] == [BEN]

    deliver(scenario)


def test_bulk_to_somebody_in_danger_is_let_be_and_an_answer_is_not(
    deliver: Deliver, database: Database
) -> None:
    async def scenario(one: Delivery) -> None:
        one.put(AMARA, Lane.BULK)
        one.put(AMARA, Lane.REPLY)
        with database.transaction() as session:
            raise_flag(session, cast.chat(session, AMARA), "immediate")

        await one.look(Lane.REPLY)
        await one.look(Lane.BULK)

        assert one.states() == [("dropped", "flag_open", 1), ("sent", None, 1)]

    deliver(scenario)


def raise_flag(session: Session, chat: Chat, level: str) -> None:
    """Open a flag."""
    now = datetime.now(UTC)
    flag = Flag(
        reference=f"F-{chat.id}",
        chat_id=chat.id,
        level=level,
        categories=[],
        third_party=False,
        about_staff=False,
        why=[],
        rules_version="test",
        raised_at=now,
        last_sign_at=now,
        due_at=now,
    )
    session.add(flag)


@pytest.mark.parametrize(
    ("about", "level", "why"),
    [
        ({}, "", None),
        ({"stopped_at": cast.NOW}, "", "stopped"),
        ({"paused_until": cast.NOW + timedelta(days=1)}, "", "paused"),
        ({"paused_until": cast.NOW - timedelta(days=1)}, "", None),
        ({"unreachable_at": cast.NOW}, "", "unreachable"),
        ({}, "immediate", "flag_open"),
        ({}, "same_day", "flag_open"),
        ({}, "concern", None),
    ],
)
def test_the_last_look_before_bulk(
    session: Session, about: dict[str, Any], level: str, why: str | None
) -> None:
    chat = cast.chat(session, AMARA)
    for name, value in about.items():
        setattr(chat, name, value)
    if level:
        raise_flag(session, chat, level)
    send = bulk(session, chat)

    assert let_be(session, send, cast.NOW) is (why is not None)
    assert (send.state, send.failure) == (("dropped" if why else "waiting"), why)


def test_what_was_due_is_settled_with_its_send(session: Session, library: Library) -> None:
    person = cast.person(session, cast.wren(session))
    chat = cast.chat(session, AMARA, person)
    plans.make(session, person, library.keeping, cast.NOW)
    send = bulk(session, chat)
    due.add(
        session,
        person_id=person.id,
        kind="event",
        what="announce:E-1",
        due_at=cast.NOW,
        expires_at=cast.NOW,
        once_key="one",
        now=cast.NOW,
    )
    one = session.scalars(select(Due)).one()
    one.state, one.send_id = "sent", send.id
    session.add(
        Circumstance(person_id=person.id, kind="bereaved", since=cast.NOW, noted_at=cast.NOW)
    )
    session.flush()

    let_be(session, send, cast.NOW)

    assert (send.failure, one.state, one.reason) == ("bereaved", "skipped", "bereaved")


def bulk(session: Session, chat: Chat) -> Send:
    """Write something for many to a chat."""
    return outbox.put(
        session,
        chat_id=chat.id,
        lane=Lane.BULK,
        once_key="bulk",
        method="sendMessage",
        body={"text": "words"},
        now=cast.NOW,
    )


# What came of a statement waits for the morning


NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def hears_back(session: Session, chat: Chat, reply_id: str, now: datetime = NIGHT) -> Send:
    """Put something about a statement in the outbox, and claim what is due with it."""
    send = outbox.put(
        session,
        chat_id=chat.id,
        lane=Lane.STAFF,
        once_key=f"{reply_id}{now}",
        method="sendMessage",
        body={"text": "x"},
        now=now,
        reply_id=reply_id,
    )
    outbox.claim(session, now, 5, (Lane.STAFF,))
    return send


def claimed(session: Session, now: datetime) -> list[str | None]:
    """Return what a sender would send now, in order."""
    found = outbox.claim(session, now, 5, (Lane.STAFF,))
    return [send.reply_id for send, _ in found if not let_be(session, send, now)]


@pytest.mark.parametrize("reply_id", ["hearing.opened", "hearing.done", "ask_council.answered"])
def test_what_came_of_a_statement_waits_for_the_morning(session: Session, reply_id: str) -> None:
    send = hears_back(session, cast.chat(session, AMARA), reply_id)

    assert let_be(session, send, NIGHT)

    assert (send.state, send.due_at, send.tries) == ("waiting", MORNING, 0)
    assert claimed(session, MORNING - timedelta(minutes=1)) == []
    assert claimed(session, MORNING) == [reply_id]


def test_it_waits_for_the_quiet_hours_somebody_chose(session: Session, library: Library) -> None:
    person = cast.person(session, cast.wren(session))
    chat = cast.chat(session, AMARA, person)
    plan = plans.make(session, person, library.keeping, cast.NOW)
    plan.quiet_from, plan.quiet_to, plan.lesson_days = clock(18), clock(12), []
    send = hears_back(session, chat, "hearing.done", NIGHT - timedelta(hours=4))

    assert let_be(session, send, NIGHT - timedelta(hours=4))

    assert send.due_at == MORNING + timedelta(hours=3)


@pytest.mark.parametrize("about", ["heard", "held"])
def test_in_the_middle_of_a_talk_it_goes_at_once(session: Session, about: str) -> None:
    chat = cast.chat(session, AMARA)
    if about == "heard":
        chat.heard_at = NIGHT - timedelta(minutes=5)
    else:
        chat.held_until = NIGHT + timedelta(minutes=20)
    send = hears_back(session, chat, "hearing.opened")

    assert not let_be(session, send, NIGHT)


def test_by_day_it_goes_at_once(session: Session) -> None:
    noon = MORNING + timedelta(hours=3)
    send = hears_back(session, cast.chat(session, AMARA), "hearing.opened", noon)

    assert not let_be(session, send, noon)


def test_what_a_colleague_writes_goes_at_night_and_is_not_held_up(session: Session) -> None:
    chat = cast.chat(session, AMARA)
    let_be(session, hears_back(session, chat, "hearing.opened"), NIGHT)

    written = hears_back(session, chat, "people.reply")

    assert written.state == "sending"
    assert not let_be(session, written, NIGHT)


def test_what_was_tried_and_failed_still_goes_first(session: Session) -> None:
    chat = cast.chat(session, AMARA)
    first = hears_back(session, chat, "people.reply")
    first.state, first.due_at = SendState.WAITING, NIGHT + timedelta(seconds=30)

    second = hears_back(session, chat, "people.reply", NIGHT + timedelta(seconds=1))

    assert second.state == "waiting"


def test_who_said_stop_meanwhile_does_not_hear_back(session: Session) -> None:
    chat = cast.chat(session, AMARA)
    send = hears_back(session, chat, "hearing.done")
    chat.stopped_at = NIGHT

    assert let_be(session, send, NIGHT)
    assert (send.state, send.failure) == ("dropped", "stopped")
