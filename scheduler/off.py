"""What waits while Kith is switched off: everything that writes to somebody first."""

from dataclasses import replace
from datetime import datetime

from scheduler.ticks import Tick
from storage import switch
from storage.database import Database

#: Silence waits as well: nobody is late in answering what cannot be answered.
WAITS = frozenset({"check_ins", "events", "pushes", "silence"})


def waiting(database: Database, ticks: tuple[Tick, ...]) -> tuple[Tick, ...]:
    """Return the ticks, those that write first doing nothing while Kith is off. What is due stays due."""
    return tuple(_waiting(database, one) if one.name in WAITS else one for one in ticks)


def _waiting(database: Database, tick: Tick) -> Tick:
    def work(now: datetime) -> bool:
        with database.transaction() as session:
            off = switch.is_off(session)
        return False if off else tick.work(now)

    return replace(tick, work=work)
