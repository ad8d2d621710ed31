"""The client keeps its promises whatever Rasa does."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from nlu.client import NOT_UNDERSTOOD, Client, Entity, Kind, NluError, Ranked
from tests.nlu.fake_rasa import (
    Behaviour,
    FakeRasa,
    drips,
    drips_headers,
    fake_rasa,
    is_silent,
    parse_reply,
    says,
)

pytestmark = pytest.mark.enable_socket

TOKEN = "a-secret-token"
SOON = timedelta(milliseconds=300)
PATIENT = timedelta(seconds=5)


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    with fake_rasa() as running:
        yield running


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def ranked(*confidences: object) -> dict[str, object]:
    ranking = [{"name": f"i{n}", "confidence": c} for n, c in enumerate(confidences)]
    return parse_reply(intent=ranking[0], intent_ranking=ranking)


def test_a_good_reply_is_understood(rasa: FakeRasa) -> None:
    understood = Client(rasa.url, TOKEN, PATIENT).parse_now("im 17 can i stay")

    assert (understood.intent, understood.confidence) == ("housing.staying_put", 0.9)
    assert understood.ranking[1] == Ranked("greet", 0.1)
    assert understood.entities == (Entity(Kind.AGE, "17", "im 17"),)


def test_the_message_and_the_token_are_sent_as_rasa_wants_them(rasa: FakeRasa) -> None:
    Client(rasa.url + "/", TOKEN, PATIENT).parse_now("caf\u00e9 \U0001f642")

    head, _, body = rasa.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(f"POST /model/parse?token={TOKEN} ".encode())
    assert json.loads(body) == {"text": "caf\u00e9 \U0001f642"}


def test_a_message_without_words_is_not_understood(rasa: FakeRasa) -> None:
    rasa.behave = says(
        parse_reply(intent={"name": None, "confidence": 0.0}, intent_ranking=[], entities=[])
    )

    assert Client(rasa.url, TOKEN, PATIENT).parse_now("\U0001f642") == NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"null",
        b"[]",
        b'{"intent": {"name": "a", "confidence": NaN}, "intent_ranking": [], "entities": []}',
        b'{"intent": {"name": "a", "confidence": Infinity}, "intent_ranking": [], "entities": []}',
        b'{"intent": {"name": "a", "confidence": 1e999}, "intent_ranking": [], "entities": []}',
        b" " * 10_000_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_garbage_is_refused(rasa: FakeRasa, body: bytes) -> None:
    rasa.behave = says(body)

    with pytest.raises(NluError):
        Client(rasa.url, TOKEN, PATIENT).parse_now("hello")


@pytest.mark.parametrize(
    "reply",
    [
        ranked("0.9"),
        ranked(*[True]),
        ranked(None),
        ranked(1.5),
        ranked(-0.1),
        ranked(0.1, 0.9),
        parse_reply(intent=None),
        parse_reply(intent="housing.staying_put"),
        parse_reply(intent={"confidence": "x", "name": "greet"}),
        parse_reply(intent={"name": "greet", "confidence": 0.9}),
        parse_reply(intent={"name": "../etc", "confidence": 0.9}),
        parse_reply(intent_ranking=None),
        parse_reply(intent_ranking=[["greet", 0.9]]),
        parse_reply(intent_ranking=[{"name": "greet", "confidence": 0}] * 1000),
        parse_reply(entities={}),
        parse_reply(entities=[{"entity": "spaceship", "value": "1", "text": "1", "start": 0}]),
        parse_reply(entities=[{"entity": "age", "value": 17, "text": "17", "start": 0}]),
        parse_reply(entities=[{"entity": "age", "value": "17", "text": "17", "start": None}]),
        parse_reply(entities=[{"entity": "age", "value": "1" * 999, "text": "17", "start": 0}]),
    ],
)
def test_a_reply_of_the_wrong_shape_is_refused(rasa: FakeRasa, reply: object) -> None:
    rasa.behave = says(reply)

    with pytest.raises(NluError):
        Client(rasa.url, TOKEN, PATIENT).parse_now("hello")


@pytest.mark.parametrize("status", [302, 401, 404, 500, 503])
def test_any_other_status_is_an_error(rasa: FakeRasa, status: int) -> None:
    rasa.behave = says(parse_reply(), status)

    with pytest.raises(NluError):
        Client(rasa.url, TOKEN, PATIENT).parse_now("hello")


@pytest.mark.parametrize("behave", [is_silent, drips, drips_headers])
def test_the_deadline_holds_however_the_reply_trickles_in(
    rasa: FakeRasa, behave: Behaviour
) -> None:
    rasa.behave = behave
    began = time.monotonic()

    with pytest.raises(NluError):
        Client(rasa.url, TOKEN, SOON).parse_now("hello")

    assert time.monotonic() - began < 4 * SOON.total_seconds()


def test_nobody_there_is_an_error() -> None:
    with pytest.raises(NluError):
        Client("http://127.0.0.1:9", TOKEN, SOON).parse_now("hello")


def test_one_slow_answer_does_not_hold_up_another(rasa: FakeRasa) -> None:
    async def two() -> str:
        client = Client(rasa.url, TOKEN, PATIENT)
        rasa.behave = is_silent
        slow = asyncio.create_task(client.parse("slow"))
        while not rasa.asked:  # noqa: ASYNC110  The fake lives in a thread, not in this loop.
            await asyncio.sleep(0.01)
        rasa.behave = says(parse_reply())
        quick = await client.parse("quick")
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        await client.aclose()
        return quick.intent

    assert asyncio.run(two()) == "housing.staying_put"


def test_after_five_failures_it_stops_asking_then_tries_once(rasa: FakeRasa) -> None:
    clock = Clock()
    client = Client(rasa.url, TOKEN, PATIENT, clock=clock)
    rasa.behave = says(b"garbage")
    _fail(client, times=5)

    _fail(client, times=3)
    assert len(rasa.asked) == 5

    clock.now += 5.1
    _fail(client, times=2)
    assert len(rasa.asked) == 6

    clock.now += 5.1
    rasa.behave = says(parse_reply())
    assert client.parse_now("hello").intent == "housing.staying_put"
    assert client.parse_now("hello").intent == "housing.staying_put"
    assert len(rasa.asked) == 8


def test_a_trial_that_was_cancelled_does_not_leave_it_shut(rasa: FakeRasa) -> None:
    clock = Clock()
    client = Client(rasa.url, TOKEN, PATIENT, clock=clock)
    rasa.behave = says(b"garbage")
    _fail(client, times=5)
    clock.now += 5.1
    rasa.behave = is_silent

    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(client.parse("hello"), 0.1))

    clock.now += 5.1
    rasa.behave = says(parse_reply())
    assert client.parse_now("hello").intent == "housing.staying_put"


def test_callers_who_stop_waiting_do_not_make_it_seem_broken(rasa: FakeRasa) -> None:
    client = Client(rasa.url, TOKEN, PATIENT, clock=Clock())
    rasa.behave = is_silent
    for _ in range(5):
        with pytest.raises(TimeoutError):
            asyncio.run(asyncio.wait_for(client.parse("im in danger"), 0.1))

    rasa.behave = says(parse_reply())

    assert client.parse_now("hello").intent == "housing.staying_put"


@pytest.mark.parametrize(
    ("behave", "ready"),
    [
        (says({"model_file": "x.tar.gz", "num_active_training_jobs": 0}), True),
        (says({"model_file": "x.tar.gz"}, 401), False),
        (says({"message": "no model"}), False),
        (says(b"x" * 2_000_000), False),
    ],
)
def test_it_says_whether_rasa_is_ready(rasa: FakeRasa, behave: Behaviour, ready: bool) -> None:  # noqa: FBT001
    rasa.behave = behave

    assert asyncio.run(Client(rasa.url, TOKEN, PATIENT).ready()) is ready


@pytest.mark.parametrize("reply", [says(parse_reply()), says(b"no", 500), says(b"garbage")])
def test_neither_token_nor_words_are_logged_or_raised(
    rasa: FakeRasa, reply: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rasa.behave = reply

    said = _whatever_it_says(lambda: Client(rasa.url, TOKEN, PATIENT).parse_now("planted words"))

    for secret in (TOKEN, "planted"):
        assert secret not in caplog.text
        assert secret not in said


def _whatever_it_says(call: Callable[[], object]) -> str:
    try:
        call()
    except NluError as error:
        return f"{error!r} {error.__cause__!r}"
    return ""


def _fail(client: Client, *, times: int) -> None:
    for _ in range(times):
        with pytest.raises(NluError):
            client.parse_now("hello")
