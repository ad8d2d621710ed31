"""How fast we may send: token buckets for Telegram's limits, with room kept for danger.

Pure but for `Pace`, which only remembers. Seconds are of a monotonic clock, so that setting the
machine's clock neither floods Telegram nor holds anything up (safety.md FT-17).
"""

from dataclasses import dataclass, replace

from storage.tables.outbox import Lane

#: What one look at the outbox takes at most.
BATCH = 32
#: Chats are forgotten once they have rested, when there are more than this.
MOST_REMEMBERED = 200
#: safety.md 1.4: about one message a second in a chat; a short burst is let through.
CHAT_PER_SECOND, CHAT_BURST = 1.0, 20.0
#: What may go at once after a quiet while, as a share of a second's worth.
BURST_SHARE = 0.5
#: Of that, what only danger may take.
KEPT_SHARE = 0.3
#: Bulk goes at two thirds of the limit, in small handfuls, so that a reply never waits for it.
BULK_SHARE, BULK_BURST_SHARE = 2 / 3, 0.2


@dataclass(frozen=True)
class Bucket:
    """Tokens that come back with time. It may owe some: danger does not wait for a token."""

    per_second: float
    size: float
    tokens: float
    at: float = 0.0


def full(per_second: float, size: float, at: float = 0.0) -> Bucket:
    """Return a bucket that has everything it can hold."""
    return Bucket(per_second, size, size, at)


def filled(bucket: Bucket, now: float) -> Bucket:
    """Return the bucket with what has come back since it was last looked at."""
    came = max(0.0, now - bucket.at) * bucket.per_second
    return replace(bucket, tokens=min(bucket.size, bucket.tokens + came), at=max(now, bucket.at))


def taken(bucket: Bucket, count: float, now: float) -> Bucket:
    """Return the bucket without these tokens; what it did not have it owes."""
    after = filled(bucket, now)
    return replace(after, tokens=after.tokens - count)


def room(bucket: Bucket, now: float, *, kept: float = 0.0) -> int:
    """Return how many whole tokens may be taken, leaving some for whoever comes first."""
    # A hair is forgiven: three times a third of a token is one.
    return max(0, int(filled(bucket, now).tokens - kept + 1e-6))


def wait(bucket: Bucket, now: float, *, kept: float = 0.0) -> float:
    """Return the seconds until one token may be taken."""
    missing = 1.0 + kept - filled(bucket, now).tokens
    return max(0.0, missing / bucket.per_second)


class Pace:
    """What has been sent lately and what Telegram has asked us to wait for. One for a process."""

    def __init__(self, per_second: int) -> None:
        """Begin with full buckets. `per_second` is how much Telegram takes of this bot in all."""
        self._all = full(per_second, max(2.0, per_second * BURST_SHARE))
        self._bulk = full(per_second * BULK_SHARE, max(1.0, per_second * BULK_BURST_SHARE))
        self._kept = self._all.size * KEPT_SHARE
        self._chats: dict[int, Bucket] = {}
        self._resting: dict[int, float] = {}
        self._bulk_stopped_until = 0.0

    def room(self, lane: Lane, now: float) -> int:
        """Return how many sends of a lane may go now. Danger always may."""
        if lane is Lane.SAFETY:
            return BATCH
        if lane is not Lane.BULK:
            return min(BATCH, room(self._all, now, kept=self._kept))
        if now < self._bulk_stopped_until:
            return 0
        # Bulk leaves as much again for replies as they leave for danger.
        left = room(self._all, now, kept=2 * self._kept)
        return min(BATCH, left, room(self._bulk, now))

    def wait(self, lane: Lane, now: float) -> float:
        """Return the seconds until a lane has room again."""
        if lane is Lane.SAFETY:
            return 0.0
        if lane is not Lane.BULK:
            return wait(self._all, now, kept=self._kept)
        return max(
            self._bulk_stopped_until - now,
            wait(self._all, now, kept=2 * self._kept),
            wait(self._bulk, now),
        )

    def sent(self, lane: Lane, chat_id: int, now: float) -> None:
        """Count a send that is about to go."""
        self._all = taken(self._all, 1, now)
        if lane is Lane.BULK:
            self._bulk = taken(self._bulk, 1, now)
        chat = self._chats.get(chat_id) or full(CHAT_PER_SECOND, CHAT_BURST, now)
        self._chats[chat_id] = taken(chat, 1, now)

    def told_to_wait(self, lane: Lane, chat_id: int, seconds: float, now: float) -> None:
        """Obey a 429: bulk stops altogether, and this chat's replies rest. Danger goes on."""
        until = now + seconds
        self._bulk_stopped_until = max(self._bulk_stopped_until, until)
        if lane is not Lane.BULK:
            self._resting[chat_id] = max(self._resting.get(chat_id, 0.0), until)

    def resting(self, lane: Lane, now: float) -> list[int]:
        """Return the chats that must not be sent to now in a lane."""
        if lane is Lane.SAFETY:
            return []
        self._forget_rested(now)
        emptied = {chat for chat, bucket in self._chats.items() if room(bucket, now) == 0}
        return sorted(emptied | set(self._resting))

    def _forget_rested(self, now: float) -> None:
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        if len(self._chats) > MOST_REMEMBERED:
            self._chats = {
                chat: bucket
                for chat, bucket in self._chats.items()
                if filled(bucket, now).tokens < bucket.size
            }
