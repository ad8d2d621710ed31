"""Kith's understanding beside stock Rasa's, trained on the same messages and served the same way."""

import itertools
import resource
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks import parsing, stock
from benchmarks.figures import Memory
from benchmarks.parsing import Asked, Server
from benchmarks.processes import BenchmarkError, Started, free_port
from nlu import evaluation, models, server, thresholds
from nlu.evaluation import Case

Say = Callable[[str], None]

KITH, STOCK = "Kith", "Stock Rasa"
#: How many clients ask at once, and how many messages they ask about in a round.
LOADS = {1: 100, 8: 300}
#: The two are asked by turns, so that what else the machine does hits both.
ROUNDS = 3
_WARM_UP = 60
_STARTS_WITHIN = 180.0
_OK = 200


@dataclass(frozen=True)
class Cost:
    """What training took, in seconds: by the clock, and of processor time."""

    wall: float
    processor: float


@dataclass
class Measured:
    """Everything measured of one of the two; what is absent was not."""

    about: str
    training: Cost | None = None
    start: float | None = None
    ready: Memory | None = None
    after: Memory | None = None
    model_size: int | None = None
    asked: dict[int, list[Asked]] = field(default_factory=dict)
    processor: dict[int, float] = field(default_factory=dict)
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Findings:
    """What one run found, filled as it goes."""

    systems: dict[str, Measured] = field(default_factory=dict)
    messages: int = 0
    taught: int = 0
    not_measured: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What to do: the folder to work in, for how many epochs to train stock Rasa, and how long."""

    folder: Path
    epochs: int | None
    within: float


def run(plan: Plan, found: Findings, say: Say) -> None:
    """Train, start and ask both, into the findings."""
    with ExitStack() as ends:
        running = {KITH: _kith(plan, found, say, ends)}
        if plan.epochs is None:
            found.not_measured.append("Stock Rasa: left out, as asked.")
        else:
            try:
                running[STOCK] = _stock(plan, plan.epochs, found, say, ends)
            except BenchmarkError as error:
                found.not_measured.append(f"Stock Rasa: {error}")
        cases = evaluation.cases(evaluation.TEST)
        found.messages = len(cases)
        _ask_by_turns(running, found, [case.text for case in cases], say)
        for name, (process, place) in running.items():
            say(f"{name}: {len(cases)} unseen messages …")
            system = found.systems[name]
            system.measures = _measured(place, cases, sure_from=_sure_from(name))
            system.after = process.memory()


def _kith(plan: Plan, found: Findings, say: Say, ends: ExitStack) -> tuple[Started, Server]:
    say("Kith: training …")
    folder = plan.folder / "kith"
    folder.mkdir()
    data_dir = folder / "data"
    program = Path(sys.executable).with_name("kith")
    settings = {"PATH": "/usr/bin:/bin", "KITH_DATA_DIR": str(data_dir), "LANG": "C.UTF-8"}
    system = found.systems[KITH] = Measured("its own pipeline (`config.yml`)")
    training = Started(
        "Kith training", [program, "nlu", "train"], folder=folder, environment=settings
    )
    system.training = _cost(training, within=plan.within)
    model, port, token = models.current(data_dir), free_port(), secrets.token_urlsafe(32)
    system.model_size = model.stat().st_size
    process = Started(
        "Kith serving",
        server.command(model, port),
        folder=folder,
        environment=server.serving_variables(data_dir, token),
    )
    return _ready(system, ends.enter_context(process), Server(f"http://127.0.0.1:{port}", token))


def _stock(
    plan: Plan, epochs: int, found: Findings, say: Say, ends: ExitStack
) -> tuple[Started, Server]:
    folder = plan.folder / "stock"
    folder.mkdir()
    stock.write(folder, epochs)
    say(
        f"Stock Rasa: training for {epochs} of its own {stock.EPOCHS} epochs, on all processors. A full "
        "training takes hours; `--without-stock` leaves it out, `--epochs` makes it shorter …"
    )
    short = (
        ""
        if epochs == stock.EPOCHS
        else f", **trained for {epochs} of its {stock.EPOCHS} epochs only**"
    )
    about = f"Rasa's default pipeline with DIET{short}"
    cost = _cost(stock.train(folder), within=plan.within, watch=stock.watch(say))
    system = found.systems[STOCK] = Measured(about, cost)
    system.model_size = (folder / "models" / "stock.tar.gz").stat().st_size
    port = free_port()
    process = ends.enter_context(stock.serve(folder, port))
    return _ready(system, process, Server(f"http://127.0.0.1:{port}"))


def _cost(
    training: Started, *, within: float, watch: Callable[[str], None] = lambda _said: None
) -> Cost:
    before = _children()
    with training:
        wall = training.finish(within=within, watch=watch)
    return Cost(wall, _children() - before)


def _children() -> float:
    """Return the processor time of every process of ours that has ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ready(system: Measured, process: Started, place: Server) -> tuple[Started, Server]:
    params = {"token": place.token} if place.token else {}

    def listening() -> bool:
        try:
            answer = httpx.get(f"{place.url}/status", params=params, timeout=2, trust_env=False)
        except httpx.HTTPError:
            return False
        return answer.status_code == _OK and "model_file" in answer.text

    system.start = process.ready_after(listening, within=_STARTS_WITHIN)
    system.ready = process.memory()
    return process, place


def _ask_by_turns(
    running: Mapping[str, tuple[Started, Server]], found: Findings, texts: Sequence[str], say: Say
) -> None:
    for _, place in running.values():
        parsing.ask(place, texts[:_WARM_UP], clients=1)
    used: dict[tuple[str, int], float] = {}
    said = itertools.cycle(texts)
    for number, (clients, count) in itertools.product(range(ROUNDS), LOADS.items()):
        batch = list(itertools.islice(said, count))
        say(f"{clients} at a time, round {number + 1} of {ROUNDS} …")
        for name, (process, place) in running.items():
            before = process.processor_time()
            asked = parsing.ask(place, batch, clients=clients)
            found.systems[name].asked.setdefault(clients, []).append(asked)
            used[name, clients] = used.get((name, clients), 0) + process.processor_time() - before
    for (name, clients), seconds in used.items():
        found.systems[name].processor[clients] = seconds / (ROUNDS * LOADS[clients])


def _sure_from(name: str) -> float:
    # Stock Rasa's own fallback has already said what it is not sure of.
    return thresholds.load()["answer"] if name == KITH else sys.float_info.min


def _measured(place: Server, cases: Sequence[Case], *, sure_from: float) -> dict[str, float]:
    answers = parsing.ask(place, [case.text for case in cases], clients=2).answers
    outcomes = [parsing.outcome(*pair) for pair in zip(cases, answers, strict=True)]
    return evaluation.measure(outcomes, sure_from)


def seconds(asked: Sequence[Asked]) -> list[float]:
    """Return what every message took, over all rounds."""
    return [each for one in asked for each in one.seconds]


def throughput(asked: Sequence[Asked]) -> float:
    """Return messages a second, over all rounds."""
    return sum(len(one.seconds) for one in asked) / sum(one.lasted for one in asked)
