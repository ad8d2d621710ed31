"""One run: Kith under every load, then without Rasa, then each peer under the same loads."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import chatting, messages, peer, posting
from benchmarks.figures import (
    CHATS,
    LOADS,
    SAFETY_LOAD,
    WARM_UP,
    Exchange,
    Load,
    Results,
    Safety,
    System,
    timing,
)
from benchmarks.kith import BOT, CLOCK, DASHBOARD, DATABASE, RASA, Kith
from benchmarks.peer import Peer
from benchmarks.processes import BenchmarkError
from safeguarding.screening import Screener
from tests.fakes.telegram import FakeTelegram

Say = Callable[[str], None]
#: Reads the processor time that each process has used, in seconds.
Clock = Callable[[], dict[str, float]]
#: How long the last reply of a load is waited for.
_PATIENCE = 45.0
#: What starting and driving a peer takes at most on two cores; the rest may go to training.
_DRIVING_TAKES = 170.0
_SHORTEST_TRAINING = 40.0
_FIRST_CHAT, _FIRST_SAFETY_CHAT = 100_000, 900_000


@dataclass(frozen=True)
class Texts:
    """What is said in a run."""

    questions: list[str]
    dangers: list[str]


def run(folder: Path, trained: Path, results: Results, say: Say, *, ends_at: float) -> None:
    """Measure everything that there is time for, into the results.

    `ends_at` is on the monotonic clock. What fails or no longer fits is named in the results.
    """
    screener = Screener.load()
    texts = Texts(messages.questions(screener), messages.dangers(screener))
    say(f"{len(texts.questions)} questions, {len(texts.dangers)} messages of danger.")
    try:
        _measure_kith(folder, trained, texts, results, say)
    except BenchmarkError as error:
        results.not_measured.append(f"Kith: {error}")
    recipe = peer.recipe(folder / "data")
    left = ends_at - time.monotonic() - _DRIVING_TAKES
    if left < _SHORTEST_TRAINING:
        results.not_measured.append(f"{recipe.name}: no time was left in this run.")
        return
    say(f"{recipe.name}: training …")
    try:
        peer.measure(
            recipe, folder / "peer", results.peers, _drive_peer(texts, say), training_within=left
        )
    except BenchmarkError as error:
        results.not_measured.append(f"{recipe.name}: {error}")


def _measure_kith(folder: Path, trained: Path, texts: Texts, results: Results, say: Say) -> None:
    with FakeTelegram() as telegram, Kith(folder, trained, telegram) as kith:
        try:
            say("Kith: starting …")
            kith.train()
            kith.start_rasa()
            kith.start_bot()
            kith.note_time(_drive_kith(telegram, kith, texts, results.kith, say))
            kith.measure(RASA, BOT, DATABASE)
            _without_rasa(telegram, kith, texts, results, say)
            say("Kith: a second start, dashboard, scheduler …")
            again = kith.restart_bot()
            results.kith.notes.append(f"the bot's second start took {again:.1f} s")
            kith.start_the_rest()
            kith.measure(DASHBOARD, CLOCK)
        finally:
            results.kith.processes = list(kith.costs.values())


def _drive_kith(
    telegram: FakeTelegram, kith: Kith, texts: Texts, system: System, say: Say
) -> dict[str, float]:
    chats = _everybody()

    def converse(load: Load) -> list[Exchange]:
        said = messages.ordinary(texts.questions, chats, load)
        return chatting.converse(telegram, load, said, patience=_PATIENCE)

    return _drive(converse, system, say, kith.processor_times)


def _drive_peer(texts: Texts, say: Say) -> peer.Drive:
    def drive(one: Peer, system: System, clock: Clock) -> dict[str, float]:
        chats = _everybody()

        def converse(load: Load) -> list[Exchange]:
            said = messages.ordinary(texts.questions, chats, load)
            return posting.converse(one.url, load, said, patience=_PATIENCE)

        return _drive(converse, system, say, clock)

    return drive


def _drive(
    converse: Callable[[Load], list[Exchange]], system: System, say: Say, clock: Clock
) -> dict[str, float]:
    """Put a system under every load, and return the processor time a reply of each process."""
    say(f"{system.name}: everybody writes once …")
    converse(WARM_UP)
    before = clock()
    for load in LOADS:
        say(f"{system.name}: {load.count} messages, {load.name} …")
        system.timings.append(timing(load, converse(load)))
    replies = sum(len(one.replies) for one in system.timings) or 1
    return {name: (used - before[name]) / replies for name, used in clock().items()}


def _without_rasa(
    telegram: FakeTelegram, kith: Kith, texts: Texts, results: Results, say: Say
) -> None:
    chats = itertools.count(_FIRST_SAFETY_CHAT)
    for case, act in (("frozen", kith.freeze_rasa), ("stopped", kith.stop_rasa)):
        say(f"Kith: danger while Rasa is {case} …")
        act()
        said = messages.by_turns(texts.dangers, texts.questions, chats, SAFETY_LOAD)
        found = chatting.converse(telegram, SAFETY_LOAD, said, patience=_PATIENCE)
        results.safety.append(
            Safety(
                case,
                timing(SAFETY_LOAD, [one for one in found if one.message.danger]),
                timing(SAFETY_LOAD, [one for one in found if not one.message.danger]),
            )
        )


def _everybody() -> Iterator[int]:
    return itertools.cycle(range(_FIRST_CHAT, _FIRST_CHAT + CHATS))
