"""The tick that draws, once a week, which conversations a second reader reads."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from safeguarding import second_reading
from scheduler.ticks import Tick
from storage.database import Database


def ticks(
    database: Database, councils: Iterable[str], notice: str, zone: ZoneInfo
) -> tuple[Tick, ...]:
    """Return the tick: it looks every hour, and draws each week of each council once."""
    all_of_them = tuple(sorted(councils))

    def draw(now: datetime) -> bool:
        with database.transaction() as session:
            return second_reading.draw_next(
                session,
                all_of_them,
                notice=notice,
                seed=secrets.randbits(62),
                zone=zone,
                now=now,
            )

    return (Tick("second_reads", timedelta(hours=1), draw),)
