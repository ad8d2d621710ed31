"""The inbox keeps each update once, and hands a chat's updates out in order."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage import chats, inbox
from storage.database import Database
from tests.cast import AMARA, BEN, NOW

BOT, OTHER_BOT = 1, 2


def raw(number: int, chat_id: int = AMARA) -> tuple[bytes, dict[str, Any]]:
    """Return an update as it is given to the inbox."""
    return chats.index_of(chat_id), {"update_id": number, "message": {"text": f"message {number}"}}


def test_an_update_that_telegram_repeats_is_kept_once(session: Session) -> None:
    first = inbox.save(session, BOT, [raw(1), raw(2)], NOW)
    again = inbox.save(session, BOT, [raw(1), raw(2), raw(3)], NOW)

    assert (first, again) == (2, 1)


def test_an_update_repeated_within_one_batch_is_kept_once(session: Session) -> None:
    assert inbox.save(session, BOT, [raw(1), raw(1)], NOW) == 1


def test_an_update_that_was_handled_is_not_handled_again(session: Session) -> None:
    inbox.save(session, BOT, [raw(1)], NOW)
    handled = inbox.next_for(session, chats.index_of(AMARA))
    assert handled is not None
    handled.handled_at = NOW

    inbox.save(session, BOT, [raw(1)], NOW)

    assert inbox.next_for(session, chats.index_of(AMARA)) is None


def test_another_bots_numbers_are_its_own(session: Session) -> None:
    inbox.save(session, BOT, [raw(1)], NOW)

    assert inbox.save(session, OTHER_BOT, [raw(1)], NOW) == 1


def test_nothing_is_saved_of_nothing(session: Session) -> None:
    assert inbox.save(session, BOT, [], NOW) == 0


def test_a_chats_updates_come_out_in_the_order_they_came_in(session: Session) -> None:
    inbox.save(session, BOT, [raw(5), raw(7, BEN), raw(6), raw(9)], NOW)
    order = []

    while (update := inbox.next_for(session, chats.index_of(AMARA))) is not None:
        order.append(json.loads(update.raw or "")["update_id"])
        update.handled_at = NOW
        session.flush()

    assert order == [5, 6, 9]


def test_the_chat_that_waited_longest_is_first(session: Session) -> None:
    inbox.save(session, BOT, [raw(1, BEN), raw(2), raw(3, BEN)], NOW)

    assert inbox.waiting_chats(session) == [chats.index_of(BEN), chats.index_of(AMARA)]


def test_nobody_waits_when_all_is_handled(session: Session) -> None:
    inbox.save(session, BOT, [raw(1)], NOW)
    session.execute(text("update inbox set handled_at = now()"))

    assert inbox.waiting_chats(session) == []
    assert inbox.oldest_unhandled_at(session) is None


def test_the_oldest_unhandled_is_the_one_that_came_first(session: Session) -> None:
    inbox.save(session, BOT, [raw(1)], NOW)
    inbox.save(session, BOT, [raw(2)], NOW + timedelta(minutes=5))

    assert inbox.oldest_unhandled_at(session) == NOW


def test_an_update_not_committed_is_as_if_never_received(database: Database) -> None:
    with database.sessions() as dies:
        inbox.save(dies, BOT, [raw(1)], NOW)

    with database.transaction() as session:
        assert inbox.save(session, BOT, [raw(1)], NOW) == 1


def test_one_chats_lane_is_held_by_one_at_a_time(database: Database) -> None:
    free = text("select pg_try_advisory_xact_lock(:key)")
    keys = {
        who: int.from_bytes(chats.index_of(who)[:8], "big", signed=True) for who in (AMARA, BEN)
    }

    with database.transaction() as first, database.transaction() as second:
        chats.lock(first, chats.index_of(AMARA))

        assert second.scalar(free, {"key": keys[AMARA]}) is False
        assert second.scalar(free, {"key": keys[BEN]}) is True

    with database.transaction() as third:
        assert third.scalar(free, {"key": keys[AMARA]}) is True
