"""Receiving confirms what was saved, and never with a number that may be out of date."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot.telegram.api import Api
from bot.telegram.receiving import Receiver
from storage.database import Database
from storage.tables import Update
from tests.cast import AMARA

QUIET: list[dict[str, Any]] = []


class EverythingSaidError(Exception):
    """The fake has nothing more to give out."""


class Scripted(Api):
    """Telegram that gives out batches, one for each time it is asked, and keeps the offsets."""

    def __init__(self, *batches: list[dict[str, Any]]) -> None:
        """Remember what to give out."""
        super().__init__("4242:" + "A" * 35, "http://127.0.0.1:9")
        self.batches = list(batches)
        self.offsets: list[int | None] = []

    async def updates(self, offset: int | None) -> list[dict[str, Any]]:
        """Give out the next batch."""
        self.offsets.append(offset)
        if not self.batches:
            raise EverythingSaidError
        return self.batches.pop(0)


def said(number: int, message_id: int, text: str) -> dict[str, Any]:
    """Return an update with a private message."""
    message = {
        "message_id": message_id,
        "date": 1_700_000_000 + message_id,
        "chat": {"id": AMARA, "type": "private"},
        "text": text,
    }
    return {"update_id": number, "message": message}


def receive(api: Scripted, database: Database) -> None:
    """Run the loop until everything was given out."""

    async def from_memory(_updates: list[dict[str, Any]]) -> None:
        raise AssertionError("the database was there all the time")

    receiver = Receiver(api, database, lambda _index: None, from_memory)
    with pytest.raises(EverythingSaidError):
        asyncio.run(receiver.poll_for_ever())


def test_an_offset_is_forgotten_once_it_has_confirmed_everything(database: Database) -> None:
    api = Scripted([said(900, 1, "hi")], QUIET, QUIET, [said(12, 2, "a week later")])

    receive(api, database)

    assert api.offsets == [None, 901, None, None, 13]


def test_messages_are_saved_in_the_order_they_were_written(database: Database) -> None:
    api = Scripted([said(12, 3, "third"), said(901, 2, "second"), said(900, 1, "first")])

    receive(api, database)

    with database.sessions() as session:
        kept = session.scalars(select(Update).order_by(Update.id)).all()
    assert [one.update_id for one in kept] == [900, 901, 12]
