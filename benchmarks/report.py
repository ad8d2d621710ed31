"""Writes what a run found as `docs/benchmarks.md`: tables with ratios, and how to read them."""

from collections.abc import Iterable, Sequence
from datetime import date

from benchmarks.figures import (
    LOADS,
    SAFETY_LOAD,
    Memory,
    ProcessCost,
    Results,
    System,
    Timing,
)
from benchmarks.kith import OTHERS, RASA
from benchmarks.tables import ABSENT, MIB, listed, milliseconds, ratio, table

#: Telegram's own ceiling, at which the design names a reply time.
_TARGET_RATE = 30
#: More cores than this at work before the run, and the times are not ours alone.
_QUIET = 0.5
_P50, _P95, _P99 = 0.5, 0.95, 0.99
_INTRODUCTION = """\
# Benchmarks

Written by `make bench`; do not edit. One run measured everything below, on one machine, one system
after the other, with the same messages from the same number of chats at the same rates. Figures of
another machine, or of a busy one, differ: compare the ratios, not the milliseconds.
"""
_READING = """\
## How to read this

- **Kith** is the whole bot: a fake Bot API over HTTP, long polling, the inbox commit, screening,
  Rasa, one transaction in an encrypted PostgreSQL, the outbox, delivery. Its reply time runs from
  the push of the update into the fake Telegram to the arrival of the first `sendMessage` there.
  The fake Telegram runs on the same cores and its work counts against Kith.
- **Stock Rasa** is Rasa 3.6.21 with its REST channel, RulePolicy only, one rule an intent and an
  SQLite tracker. Its reply time runs from the HTTP request to the whole reply. It screens nothing,
  encrypts nothing and confirms nothing before it has answered.
- Messages are the questions of `tests/nlu/messages`, in which screening sees no danger. Everybody writes once
  before the clock counts, and at most once in each load. *Saturation* is every message at once:
  its reply times are mostly waiting, its throughput is what the system can do.
- Kith waits for Rasa for so long and then answers without it, by asking back. Where the share of
  articles falls, that happened, and Kith's times there are better than they should be.
- A ratio above 1 is in Kith's favour. Nothing here fails a build: times are not asserted.
"""


def business(cores: float) -> str:
    """Return a line on how busy the machine was before the run, and whether that spoils it."""
    line = f"{cores:.1f} cores busy with other things in the minute before the run"
    quiet = (
        ""
        if cores < _QUIET
        else ": **too busy: trust neither times nor ratios, only the processor time; run it again when quiet**"
    )
    return line + quiet


def written(results: Results, *, on: date, machine: Sequence[str], took: float) -> str:
    """Return the whole page."""
    sections = [
        _INTRODUCTION,
        listed([f"Measured on {on.day} {on:%B %Y}, in {took / 60:.1f} minutes", *machine]),
        *_systems(results),
        _reply_times(results),
        _ratios(results),
        _safety(results),
        _costs(results),
        _targets(results),
        _missing(results),
        _READING,
    ]
    return "\n".join(section for section in sections if section).replace("\n\n\n", "\n\n")


def _systems(results: Results) -> list[str]:
    systems = [results.kith, *results.peers]
    lines = [f"**{one.name}**: {'; '.join([one.about, *one.notes])}" for one in systems]
    return ["## What was measured\n", listed(lines)]


def _reply_times(results: Results) -> str:
    rows = [
        [load.name, system.name, *_row(timing)]
        for load in LOADS
        for system in (results.kith, *results.peers)
        if (timing := system.under(load))
    ]
    heads = (
        "Messages",
        "System",
        "Sent",
        "Answered",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "Replies/s",
    )
    articles = _articles(results.kith)
    note = f"\nOf Kith's replies, articles (the rest ask back or offer a person): {articles}.\n"
    return f"## Reply time and throughput\n\n{table(heads, rows)}{note}"


def _row(timing: Timing) -> list[str]:
    return [
        str(timing.sent),
        str(len(timing.replies)),
        *(milliseconds(timing.percentile(share)) for share in (_P50, _P95, _P99)),
        f"{timing.throughput:.1f}",
    ]


def _articles(system: System) -> str:
    return ", ".join(
        f"{one.articles / len(one.replies):.0%} at {one.load.name}"
        for one in system.timings
        if one.replies
    )


def _ratios(results: Results) -> str:
    rows = []
    for load in LOADS:
        ours = results.kith.under(load)
        for peer in results.peers:
            theirs = peer.under(load)
            if ours and theirs:
                rows.append(
                    [
                        load.name,
                        peer.name,
                        *(
                            ratio(theirs.percentile(share), ours.percentile(share))
                            for share in (_P50, _P95, _P99)
                        ),
                        ratio(ours.throughput, theirs.throughput),
                    ]
                )
    heads = ("Messages", "Kith beside", "p50", "p95", "p99", "Replies/s")
    return f"## Ratios (above 1: Kith is better)\n\n{table(heads, rows)}" if rows else ""


def _safety(results: Results) -> str:
    rows = [
        [f"Rasa {one.case}", kind, *_row(timing)]
        for one in results.safety
        for kind, timing in (
            ("danger", one.danger),
            ("ordinary question", one.ordinary),
        )
    ]
    if not rows:
        return ""
    heads = (
        "Case",
        "Message",
        "Sent",
        "Answered",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "Replies/s",
    )
    return (
        f"## Danger while Rasa does not answer\n\nDanger and ordinary questions by turns, "
        f"{SAFETY_LOAD.rate:g} a second together, each from a chat never seen before. *Frozen* "
        f"takes calls and answers none; *stopped* is not there.\n\n{table(heads, rows)}"
    )


def _costs(results: Results) -> str:
    rows = [
        [
            system.name,
            one.name,
            _seconds(one.start),
            *_held(one.ready),
            *_held(one.after),
            milliseconds(one.cpu),
        ]
        for system in (results.kith, *results.peers)
        for one in system.processes
    ]
    heads = (
        "System",
        "Process",
        "Start s",
        "Ready MB",
        "shared once",
        "After load MB",
        "shared once",
        "CPU ms a reply",
    )
    return (
        "## Memory, start-up and work of each process\n\nResident memory with all children; "
        "*shared once* counts a page that several processes share only once. The bot's start makes "
        "a new database; PostgreSQL starts with it. *CPU* is processor time for one reply, over all "
        f"the loads: it hardly changes when the machine is busy.\n\n{table(heads, rows)}"
    )


def _targets(results: Results) -> str:
    at_30 = next((one for one in results.kith.timings if one.load.rate == _TARGET_RATE), None)
    stopped = next((one.danger for one in results.safety if one.case == "stopped"), None)
    rasa, others = _totals(results.kith.processes)
    rows = [
        [
            "reply time p95 at 30 messages a second",
            "150 ms",
            _at(at_30, _P95),
        ],
        [
            "danger reply p99 with Rasa stopped",
            "2000 ms",
            _at(stopped, _P99),
        ],
        ["memory of everything but Rasa, shared once", "400 MB", others],
        ["memory of Rasa, shared once", "1536 MB", rasa],
    ]
    return f"## Beside the targets of the design\n\n{table(('What', 'At most', 'Measured'), rows)}"


def _totals(processes: Iterable[ProcessCost]) -> tuple[str, str]:
    """Return what Rasa holds and what all the rest holds; nothing where a part is not known."""
    held = {one.name: one.after.shared_once for one in processes if one.after}
    return _whole([held.get(RASA)]), _whole([held.get(name) for name in OTHERS])


def _whole(parts: Sequence[int | None]) -> str:
    known = [one for one in parts if one is not None]
    return f"{sum(known) / MIB:.0f} MB" if len(known) == len(parts) else ABSENT


def _missing(results: Results) -> str:
    return f"## Not measured\n\n{listed(results.not_measured)}" if results.not_measured else ""


def _held(memory: Memory | None) -> tuple[str, str]:
    if memory is None:
        return ABSENT, ABSENT
    once = memory.shared_once
    return (
        f"{memory.resident / MIB:.0f}",
        ABSENT if once is None else f"{once / MIB:.0f}",
    )


def _seconds(value: float | None) -> str:
    return ABSENT if value is None else f"{value:.1f}"


def _at(timing: Timing | None, share: float) -> str:
    return f"{milliseconds(timing.percentile(share))} ms" if timing and timing.replies else ABSENT
