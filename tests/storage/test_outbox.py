"""The outbox gives each send to one sender, most urgent lane first, a chat's in order."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import outbox
from storage.database import Database
from storage.outbox import CLAIM_LASTS
from storage.tables import Chat, Send
from storage.tables.outbox import Lane, SendState
from tests import cast
from tests.cast import AMARA, BEN, NOW
from tests.storage.reading import most_rows_read

LATER = NOW + CLAIM_LASTS + timedelta(seconds=1)


def put(session: Session, chat: Chat, key: str, lane: Lane = Lane.REPLY) -> Send:
    """Put something in the outbox."""
    return outbox.put(
        session,
        chat_id=chat.id,
        lane=lane,
        once_key=key,
        method="sendMessage",
        body={"text": key},
        now=NOW,
    )


def claimed(session: Session, most: int = 10, **when: object) -> list[str]:
    """Claim, and return the keys of what was given out."""
    return [send.once_key for send, _ in outbox.claim(session, when.get("now", NOW), most)]  # type: ignore[arg-type]


def test_one_cause_makes_one_send(session: Session) -> None:
    chat = cast.chat(session)
    put(session, chat, "u1.0")

    with pytest.raises(IntegrityError), session.begin_nested():
        put(session, chat, "u1.0")


def test_a_send_comes_with_the_number_to_send_it_to(session: Session) -> None:
    put(session, cast.chat(session, AMARA), "u1.0")

    [(send, telegram_id)] = outbox.claim(session, NOW, 10)

    assert telegram_id == str(AMARA)
    assert (send.state, send.tries, send.body) == (SendState.SENDING, 1, {"text": "u1.0"})


def test_a_claimed_send_is_not_given_out_again(session: Session) -> None:
    put(session, cast.chat(session), "u1.0")
    claimed(session)

    assert claimed(session) == []


def test_urgent_lanes_go_first(session: Session) -> None:
    chats = [cast.chat(session, number) for number in (1, 2, 3, 4)]
    for chat, lane in zip(chats, (Lane.BULK, Lane.STAFF, Lane.REPLY, Lane.SAFETY), strict=True):
        put(session, chat, lane, lane)

    assert claimed(session, 1) == [Lane.SAFETY]
    assert claimed(session) == [Lane.REPLY, Lane.STAFF, Lane.BULK]


def test_a_sender_can_keep_to_some_lanes(session: Session) -> None:
    put(session, cast.chat(session, AMARA), "reply")
    put(session, cast.chat(session, BEN), "safety", Lane.SAFETY)

    [(send, _)] = outbox.claim(session, NOW, 10, (Lane.SAFETY,))

    assert send.once_key == "safety"


def test_a_chats_next_reply_waits_for_the_one_before(session: Session) -> None:
    chat, other = cast.chat(session, AMARA), cast.chat(session, BEN)
    first = put(session, chat, "first")
    put(session, chat, "second")
    put(session, other, "somebody else's")

    assert claimed(session) == ["first", "somebody else's"]
    assert claimed(session) == []

    first.state = SendState.SENT
    session.flush()
    assert claimed(session) == ["second"]


def test_a_reply_that_is_tried_again_later_holds_back_the_ones_after_it(session: Session) -> None:
    chat = cast.chat(session)
    put(session, chat, "first").due_at = NOW + timedelta(minutes=1)
    put(session, chat, "second")

    assert claimed(session) == []
    assert claimed(session, now=NOW + timedelta(minutes=1)) == ["first"]


def test_danger_does_not_wait_for_an_ordinary_reply(session: Session) -> None:
    chat = cast.chat(session)
    put(session, chat, "reply")
    claimed(session)
    put(session, chat, "safety", Lane.SAFETY)

    assert claimed(session) == ["safety"]


def test_two_senders_never_get_the_same_send(database: Database) -> None:
    with database.transaction() as session:
        for number in range(10):
            put(session, cast.chat(session, number), f"u{number}")

    with database.transaction() as one, database.transaction() as two:
        first, second, third = claimed(one, 6), claimed(two, 10), claimed(one, 10)

    assert (len(first), len(second), len(third)) == (6, 4, 0)
    assert not set(first) & set(second)


def test_a_claim_that_was_not_committed_is_given_out_again(database: Database) -> None:
    with database.transaction() as session:
        put(session, cast.chat(session), "u1")
    with database.sessions() as dies:
        claimed(dies)

    with database.transaction() as session:
        assert claimed(session) == ["u1"]


@pytest.mark.parametrize("lane", [Lane.SAFETY, Lane.REPLY, Lane.STAFF])
def test_when_a_sender_dies_replies_are_sent_at_least_once(session: Session, lane: Lane) -> None:
    put(session, cast.chat(session), "u1", lane)
    claimed(session)

    assert claimed(session, now=NOW + CLAIM_LASTS) == []
    assert claimed(session, now=LATER) == ["u1"]


def test_when_a_sender_dies_bulk_is_left_as_unknown(session: Session) -> None:
    send = put(session, cast.chat(session), "u1", Lane.BULK)
    claimed(session)

    assert claimed(session, now=LATER) == []
    assert outbox.give_up_unknown(session, LATER) == 1

    session.refresh(send)
    assert send.state == SendState.UNKNOWN


def test_an_unknown_bulk_send_does_not_hold_back_the_next(session: Session) -> None:
    chat = cast.chat(session)
    put(session, chat, "first", Lane.BULK)
    put(session, chat, "second", Lane.BULK)
    claimed(session)

    outbox.give_up_unknown(session, LATER)

    assert claimed(session, now=LATER) == ["second"]


def test_only_bulk_is_ever_left_as_unknown(session: Session) -> None:
    for number, lane in enumerate(Lane):
        put(session, cast.chat(session, number), lane, lane)
    claimed(session)

    assert outbox.give_up_unknown(session, LATER) == 1


def test_a_new_leader_takes_over_at_once_but_leaves_bulk(session: Session) -> None:
    put(session, cast.chat(session, AMARA), "reply")
    put(session, cast.chat(session, BEN), "bulk", Lane.BULK)
    claimed(session)

    outbox.release_claims(session)

    assert claimed(session) == ["reply"]


def test_the_oldest_unsent_of_a_lane_is_known(session: Session) -> None:
    put(session, cast.chat(session), "u1", Lane.SAFETY)

    assert outbox.oldest_unsent_at(session, Lane.SAFETY) == NOW
    assert outbox.oldest_unsent_at(session, Lane.REPLY) is None


def test_what_has_its_hour_is_sent_until_then_and_not_after(session: Session) -> None:
    kept = outbox.put(
        session,
        chat_id=cast.chat(session).id,
        lane=Lane.BULK,
        once_key="d1",
        method="sendMessage",
        body={"text": "words"},
        now=NOW,
        not_after=NOW + timedelta(hours=2),
    )

    assert outbox.claim(session, NOW + timedelta(hours=2), 1) == []
    assert outbox.expire(session, NOW + timedelta(hours=2)) == 1
    session.refresh(kept)
    assert (kept.state, kept.failure) == (SendState.FAILED, "too_late")


def test_what_became_of_sends_is_shown_newest_first_and_by_whose_they_are(session: Session) -> None:
    amara = cast.person(session)
    chat, other = cast.chat(session, AMARA, amara), cast.chat(session, BEN)
    for where, key in ((chat, "first"), (other, "other"), (chat, "second")):
        put(session, where, key)

    assert [one.once_key for one in outbox.lately(session)] == ["second", "other", "first"]
    assert [one.once_key for one in outbox.lately(session, chat_id=other.id)] == ["other"]
    assert [one.once_key for one in outbox.lately(session, person_id=amara.id, most=1)] == [
        "second"
    ]


def test_sends_are_counted_with_the_reason_they_did_not_go(session: Session) -> None:
    chat = cast.chat(session)
    for key, failure in (("one", "blocked"), ("two", "blocked"), ("three", None)):
        send = put(session, chat, key)
        send.state, send.failure = (SendState.FAILED if failure else SendState.SENT), failure
    session.flush()

    assert outbox.count_by_state(session) == {
        (Lane.REPLY, "failed", "blocked"): 2,
        (Lane.REPLY, "sent", ""): 1,
    }
    assert len(outbox.lately(session, state=SendState.FAILED)) == 2


def test_chats_that_rest_are_left_alone(session: Session) -> None:
    resting, other = cast.chat(session, AMARA), cast.chat(session, BEN)
    put(session, resting, "resting")
    put(session, other, "other")

    found = outbox.claim(session, NOW, 10, resting=[resting.id])

    assert [send.once_key for send, _ in found] == ["other"]


#: So many of each: chats, what waits for them, and what was sent to them before.
MANY = 5_000
CHATS = text("""
insert into chats (telegram_index, telegram_id, began_at, heard_at)
select int4send(number), 'sealed', :now, :now from generate_series(1, :many) number
""")
SENDS = text("""
insert into outbox (chat_id, lane, once_key, method, state, made_at, due_at)
select id, :lane, :state || id, 'sendMessage', :state, :now, :now from chats
""")


@pytest.mark.parametrize("counted", [False, True])
def test_a_claim_reads_what_it_takes_however_many_wait(
    database: Database, *, counted: bool
) -> None:
    with database.transaction() as session:
        session.execute(CHATS, {"now": NOW, "many": MANY})
        for state in (SendState.SENT, SendState.WAITING):
            session.execute(SENDS, {"lane": Lane.BULK, "state": state, "now": NOW})
        if counted:
            session.execute(text("analyze"))

    assert most_rows_read(database, outbox.next_in_lane(NOW, Lane.BULK, 6)) == 6
    assert most_rows_read(database, outbox.next_in_lane(NOW, Lane.REPLY, 6)) <= 1
