"""Writes what a run found of the understanding as `docs/benchmarks-understanding.md`."""

from collections.abc import Callable, Sequence
from datetime import date

from benchmarks.figures import Memory, percentile
from benchmarks.tables import ABSENT, MIB, listed, milliseconds, ratio, table
from benchmarks.understanding import (
    KITH,
    LOADS,
    ROUNDS,
    STOCK,
    Findings,
    Measured,
    seconds,
    throughput,
)

_P50, _P95 = 0.5, 0.95
_INTRODUCTION = """\
# Benchmarks of the understanding

Written by `make bench`; do not edit. One run measured everything below, on one machine: Kith's Rasa
and stock Rasa, trained on the same messages, served the same way, asked about the same messages by
turns. Figures of another machine, or of a busy one, differ: compare the ratios and the processor
times, not the milliseconds.
"""
_READING = """\
## How to read this

- **Kith** is our pipeline in Rasa 3.6.21. **Stock Rasa** is the same Rasa with the pipeline that `rasa
  init` gives (DIET), which it trains for 100 epochs unless said otherwise above. Both are
  `rasa run --enable-api` and answer `POST /model/parse`; no dialogue, no database.
- Wall time counts whatever else the machine did; processor time hardly does.
- *First* and *in three* are shares of the unseen messages of `tests/nlu/messages` about an article. For
  *answered*, Kith's thresholds and stock Rasa's own fallback decide what is sure enough; where stock
  Rasa falls back, what it would have said still counts as its first choice.
- A ratio above 1 is in Kith's favour. Nothing here fails a build: times are not asserted.
"""
_MEASURES = {
    "articles_first": "right article first",
    "articles_in_three": "right article in the first three",
    "answered_right": "article answered outright, right",
    "answered_wrong": "article answered outright, wrong",
    "other_first": "other intents first",
    "off_topic_answered": "off-topic answered with an article (lower is better)",
}


def written(found: Findings, *, on: date, machine: Sequence[str], took: float) -> str:
    """Return the whole page."""
    about = [f"**{name}**: {one.about}" for name, one in found.systems.items()]
    counts = f"{found.taught:,} training messages, {found.messages:,} unseen messages"
    measured = f"Measured on {on.day} {on:%B %Y}, in {took / 60:.0f} minutes"
    missing = f"## Not measured\n\n{listed(found.not_measured)}" if found.not_measured else ""
    sections = [
        _INTRODUCTION,
        listed([measured, *machine, counts, *about]),
        _accuracy(found),
        _speed(found),
        _cost(found),
        missing,
        _READING,
    ]
    return "\n".join(section for section in sections if section)


def _accuracy(found: Findings) -> str:
    rows = [
        [
            said,
            *(
                f"{one.measures[name]:.3f}" if name in one.measures else ABSENT
                for one in found.systems.values()
            ),
        ]
        for name, said in _MEASURES.items()
    ]
    return f"## How often it is right\n\n{table(('Unseen messages', *found.systems), rows)}"


def _speed(found: Findings) -> str:
    rows = [
        [
            str(clients),
            name,
            str(len(seconds(one.asked[clients]))),
            *(
                milliseconds(percentile(seconds(one.asked[clients]), share))
                for share in (_P50, _P95)
            ),
            f"{throughput(one.asked[clients]):.1f}",
            milliseconds(one.processor.get(clients)),
        ]
        for clients in LOADS
        for name, one in found.systems.items()
        if clients in one.asked
    ]
    heads = ("Clients", "System", "Messages", "p50 ms", "p95 ms", "Messages/s", "CPU ms a message")
    rounds = f"In {ROUNDS} rounds, the two by turns, each client as soon as it has its answer."
    return f"## How fast it is\n\n{rounds}\n\n{table(heads, rows)}{_ratios(found)}"


def _ratios(found: Findings) -> str:
    if not {KITH, STOCK} <= set(found.systems):
        return ""
    ours, theirs = found.systems[KITH], found.systems[STOCK]
    rows = [
        [
            str(clients),
            *(
                ratio(
                    percentile(seconds(theirs.asked[clients]), share),
                    percentile(seconds(ours.asked[clients]), share),
                )
                for share in (_P50, _P95)
            ),
            ratio(throughput(ours.asked[clients]), throughput(theirs.asked[clients])),
            ratio(theirs.processor.get(clients), ours.processor.get(clients)),
        ]
        for clients in LOADS
        if clients in ours.asked and clients in theirs.asked
    ]
    heads = ("Clients", "p50", "p95", "Messages/s", "CPU")
    return f"\nKith beside stock Rasa (above 1: Kith is better):\n\n{table(heads, rows)}"


def _cost(found: Findings) -> str:
    lines: dict[str, Callable[[Measured], str]] = {
        "training, wall s": lambda one: _whole(one.training.wall if one.training else None),
        "training, CPU s": lambda one: _whole(one.training.processor if one.training else None),
        "size of the model, MB": lambda one: _whole((one.model_size or 0) / MIB or None),
        "start, s": lambda one: ABSENT if one.start is None else f"{one.start:.1f}",
        "memory when ready, MB": lambda one: _held(one.ready),
        "memory after the load, MB": lambda one: _held(one.after),
    }
    rows = [
        [said, *(shown(one) for one in found.systems.values())] for said, shown in lines.items()
    ]
    return f"## What it costs\n\n{table(('What', *found.systems), rows)}"


def _held(memory: Memory | None) -> str:
    return _whole(memory.resident / MIB if memory else None)


def _whole(value: float | None) -> str:
    return ABSENT if value is None else f"{value:,.0f}"
