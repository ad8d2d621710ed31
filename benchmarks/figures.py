"""What is measured: loads, reply times, memory. Plain data and sums; measures nothing itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Load:
    """So many messages, at an even rate (messages a second) or, with none, all at once."""

    count: int
    rate: float | None

    @property
    def name(self) -> str:
        """Say it in a word or two."""
        return "saturation" if self.rate is None else f"{self.rate:g} a second"

    def due(self, number: int) -> float:
        """Return when a message is due, in seconds from the start."""
        return number / self.rate if self.rate else 0.0


@dataclass(frozen=True)
class Message:
    """Something to be said in a chat."""

    chat_id: int
    text: str
    danger: bool = False


@dataclass(frozen=True)
class Exchange:
    """A message and when its first reply came, in seconds of one clock; None when none came."""

    message: Message
    asked: float
    replied: float | None
    article: bool = False


@dataclass(frozen=True)
class Timing:
    """How one load went: what was sent, the reply times in seconds, and how long it all took.

    `articles` is how many of the replies were an article: what is answered otherwise, because
    Rasa was late, would be quicker than it should be and must show.
    """

    load: Load
    sent: int
    replies: tuple[float, ...]
    lasted: float
    articles: int = 0

    def percentile(self, share: float) -> float | None:
        """Return the reply time that this share of the replies kept to (nearest rank)."""
        return percentile(self.replies, share)

    @property
    def throughput(self) -> float:
        """Return replies a second, from the first message to the last reply."""
        return len(self.replies) / self.lasted if self.lasted else 0.0


@dataclass(frozen=True)
class Memory:
    """What a process and all its children hold, in bytes.

    `resident` counts a page shared by several processes once for each; `shared_once` (Linux's
    proportional set size) counts it once, and is None where the machine does not tell.
    """

    resident: int
    shared_once: int | None


@dataclass(frozen=True)
class ProcessCost:
    """What one process costs: seconds until it served, memory then and after the load.

    `cpu` is the processor time that one reply took of it, in seconds, over all the loads.
    """

    name: str
    start: float | None
    ready: Memory | None
    after: Memory | None
    cpu: float | None = None


@dataclass
class System:
    """Everything measured of Kith or of a peer; what is absent was not measured."""

    name: str
    about: str
    timings: list[Timing] = field(default_factory=list)
    processes: list[ProcessCost] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def under(self, load: Load) -> Timing | None:
        """Return how a load went, if it was measured."""
        return next((one for one in self.timings if one.load == load), None)


@dataclass(frozen=True)
class Safety:
    """Reply times while Rasa does not answer: to danger, and to ordinary questions beside it."""

    case: str
    danger: Timing
    ordinary: Timing


@dataclass
class Results:
    """What one run found, filled as it goes, so that a run cut short still reports."""

    kith: System
    peers: list[System] = field(default_factory=list)
    safety: list[Safety] = field(default_factory=list)
    not_measured: list[str] = field(default_factory=list)


#: The rates the design names, and then everything at once.
LOADS = (Load(15, 1), Load(120, 10), Load(360, 30), Load(480, 60), Load(480, None))
#: Before the clock counts: everybody writes once, as people do who are known already.
WARM_UP = Load(480, 30)
#: Danger and ordinary questions by turns, while Rasa is away.
SAFETY_LOAD = Load(300, 30)
#: No load is larger than this, so no chat writes twice in one load and replies match exactly.
CHATS = max(load.count for load in LOADS)


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that this share of the values does not exceed."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def timing(load: Load, exchanges: Sequence[Exchange]) -> Timing:
    """Return how a load went, from its first message to its last reply."""
    replied = [one.replied for one in exchanges if one.replied is not None]
    asked = [one.asked for one in exchanges]
    return Timing(
        load,
        len(exchanges),
        tuple(one.replied - one.asked for one in exchanges if one.replied is not None),
        max(replied) - min(asked) if replied else 0.0,
        sum(one.article for one in exchanges),
    )
