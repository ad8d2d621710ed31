"""Notices a tick whose thread has died or hangs: a library that says "running" is not believed.

`scheduler.running` of APScheduler stays true when its thread is dead (safety.md 1.7, FT-21), so
each tick leaves a pulse of its own. Time here is monotonic: the wall clock may be set (FT-17).
"""

import threading
import time
from collections.abc import Callable

import structlog

logger = structlog.get_logger()
#: FT-21: noticed within three ticks. No single piece of work may take longer than the grace.
TICKS, GRACE_SECONDS = 3, 120.0
LOOK_SECONDS = 5.0


class DeadTickError(Exception):
    """A tick has stopped; the process must be started again."""


class Pulse:
    """When each tick was last alive, by a clock that only goes forward."""

    def __init__(
        self, paces: dict[str, float], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin as if every tick had just been alive."""
        self._clock, self._paces = clock, paces
        self._beats = dict.fromkeys(paces, clock())
        self._lock = threading.Lock()

    def beat(self, tick: str) -> None:
        """Note that a tick is alive."""
        with self._lock:
            self._beats[tick] = self._clock()

    def dead(self) -> list[str]:
        """Return the ticks that have been silent for too long."""
        now = self._clock()
        with self._lock:
            return [
                tick
                for tick, beat in self._beats.items()
                if now - beat > TICKS * self._paces[tick] + GRACE_SECONDS
            ]


def watch(pulse: Pulse, rest: Callable[[float], None] = time.sleep) -> None:
    """Look at the pulse for ever; raise DeadTickError when a tick has stopped."""
    while not (dead := pulse.dead()):
        rest(LOOK_SECONDS)
    logger.error("ticks are dead", ticks=dead)
    message = f"These ticks have stopped: {', '.join(dead)}. The process ends, to be started again."
    raise DeadTickError(message)
