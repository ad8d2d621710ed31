"""A circuit breaker: stop asking a service that keeps failing, then try it again once.

Knows nothing of what it guards, and reads no clock: every call is told the time.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock

FAILURES_TO_OPEN = 5
REST = timedelta(seconds=5)


@dataclass
class Breaker:
    """Counts failures in a row. Safe to share between threads.

    After five it opens, and nobody may call for five seconds. Then one caller may try, alone;
    if that works everybody may, and if it fails the rest starts again. Times are seconds of a
    monotonic clock, since the wall clock jumps.
    """

    failures: int = 0
    opened_at: float | None = None
    trying: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    def may_call(self, now: float) -> bool:
        """Say whether to call. Whoever is told yes must report `worked`, `failed` or `let_go`."""
        with self._lock:
            if self.opened_at is None:
                return True
            if self.trying or now - self.opened_at < REST.total_seconds():
                return False
            self.trying = True
            return True

    def worked(self) -> None:
        """Note an answer, and close."""
        with self._lock:
            self.failures, self.opened_at, self.trying = 0, None, False

    def let_go(self) -> None:
        """Note that the caller stopped waiting by itself: that says nothing of the service."""
        with self._lock:
            self.trying = False

    def failed(self, now: float) -> None:
        """Note a failure, and open when there have been enough."""
        with self._lock:
            self.failures += 1
            self.trying = False
            if self.failures >= FAILURES_TO_OPEN:
                self.opened_at = now
