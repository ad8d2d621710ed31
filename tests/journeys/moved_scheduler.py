"""A scheduler whose clock a test moves: a process that runs everything due at each time it reads.

It is `kith scheduler` without its timers: the same ticks, from the same settings. A line is a
time; the answer is a line when nothing is due any more. Plans are looked at only when the line says
`plans`: looking at each of them every day is most of the work of a quiet week.
"""

import sys
from datetime import datetime

from sqlalchemy.exc import OperationalError

from scheduler.ticks import run_once
from settings import load
from wiring import base, running


def main() -> None:
    """Run until the input ends."""
    settings = load()
    base.set_up_logging(settings)
    with base.opened(settings) as database:
        everything = running.ticks(settings, database)
        for line in sys.stdin:
            at, _, plans = line.strip().partition(" ")
            ticks = [one for one in everything if plans or one.name != "plans"]
            while True:
                try:
                    run_once(database, ticks, datetime.fromisoformat(at))
                except OperationalError:
                    continue  # two of us met: as with timers, the next look does it
                break
            sys.stdout.write("done\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
