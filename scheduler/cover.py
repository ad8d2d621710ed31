"""The ticks of cover and rota: who is back, and a day with nobody on duty."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from content.library import Library
from people import cover, opening
from scheduler.ticks import Tick
from storage.database import Database


def ticks(database: Database, library: Library, zone: ZoneInfo) -> tuple[Tick, ...]:
    """Return the ticks, each one piece of work in a transaction of its own."""

    def say_back(now: datetime) -> bool:
        with database.transaction() as session:
            return cover.say_back_next(session, now)

    def alarm(now: datetime) -> bool:
        with database.transaction() as session:
            return opening.alarm_next(session, library, now, zone)

    return (
        Tick("cover", timedelta(minutes=5), say_back),
        Tick("rota", timedelta(minutes=5), alarm),
    )
