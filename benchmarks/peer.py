"""The peer: stock Rasa with its REST channel, one rule an intent and an SQLite tracker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import yaml

from benchmarks.figures import ProcessCost, System
from benchmarks.processes import Started, free_port
from nlu import environment
from nlu.entities import Kind

ROOT = Path(__file__).parent.parent
_DATA = ROOT / "nlu" / "data"
_STARTS_WITHIN = 120.0
#: As long as an answer of ours, and the same for every intent: only the machinery is compared.
_ANSWER = "This is the answer, as long as one of ours. " * 9
SERVER = "`rasa run`"
SAME = "Stock Rasa, same model"


@dataclass(frozen=True)
class Recipe:
    """A peer: what it is called, what is said about it, its pipeline and its environment."""

    name: str
    about: str
    pipeline: list[dict[str, Any]]
    variables: Mapping[str, str]


def recipe(data_dir: Path) -> Recipe:
    """Return the peer: Rasa as its manual says, round the model that Kith uses."""
    ours = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["pipeline"]
    about = "Kith's own pipeline (`config.yml`) and environment"
    return Recipe(SAME, about, ours, environment.variables(data_dir))


class Peer:
    """One peer in a folder of its own."""

    def __init__(self, recipe: Recipe, folder: Path) -> None:
        """Write its project; nothing runs yet."""
        self._recipe, self._folder, self._port = recipe, folder, free_port()
        self.url = f"http://127.0.0.1:{self._port}/webhooks/rest/webhook"
        _write_project(recipe, folder)

    def train(self, *, within: float) -> float:
        """Train its model and return how many seconds it took."""
        options = [
            "--config",
            "config.yml",
            "--domain",
            "domain.yml",
            "--data",
            _DATA,
            "rules.yml",
        ]
        out = ["--out", "models", "--fixed-model-name", "peer", "--skip-validation"]
        with self._rasa("training", "train", *options, *out) as training:
            return training.finish(within=within)

    def serve(self) -> Started:
        """Start it, as its manual says, on this machine only."""
        files = ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
        place = ["--interface", "127.0.0.1", "--port", self._port]
        return self._rasa("serving", "run", "--model", "models/peer.tar.gz", *files, *place)

    def ready(self) -> bool:
        """Whether it serves; Rasa listens only once its model is loaded."""
        try:
            return httpx.get(
                f"http://127.0.0.1:{self._port}/", timeout=2, trust_env=False
            ).is_success
        except httpx.HTTPError:
            return False

    def _rasa(self, doing: str, *arguments: object) -> Started:
        command = [environment.python(), "-m", "rasa", *arguments]
        name = f"{self._recipe.name} {doing}"
        return Started(name, command, folder=self._folder, environment=self._recipe.variables)


#: Drives a peer through every load; told how to read its processor time, returns it per reply.
Drive = Callable[[Peer, System, Callable[[], dict[str, float]]], dict[str, float]]


def measure(
    recipe: Recipe,
    folder: Path,
    systems: list[System],
    drive: Drive,
    *,
    training_within: float,
) -> None:
    """Train, start and drive one peer, which joins the systems once it is trained."""
    folder.mkdir()
    peer = Peer(recipe, folder)
    seconds = peer.train(within=training_within)
    system = System(recipe.name, recipe.about, notes=[f"trained in {seconds:.0f} s"])
    systems.append(system)
    with peer.serve() as server:
        start = server.ready_after(peer.ready, within=_STARTS_WITHIN)
        cost = ProcessCost(SERVER, start, server.memory(), None)
        system.processes = [cost]
        per_reply = drive(peer, system, lambda: {SERVER: server.processor_time()})
        system.processes = [replace(cost, after=server.memory(), cpu=per_reply[SERVER])]


def _write_project(recipe: Recipe, folder: Path) -> None:
    intents = sorted({part["intent"] for part in _training_data() if "intent" in part})
    answered = [*intents, "nlu_fallback"]
    files: dict[str, Any] = {
        "config.yml": {
            "recipe": "default.v1",
            "assistant_id": "peer",
            "language": "en",
            "pipeline": recipe.pipeline,
            "policies": [{"name": "RulePolicy"}],
        },
        "domain.yml": {
            "version": "3.1",
            "intents": intents,
            "entities": [kind.value for kind in Kind],
            "responses": {f"utter_{one}": [{"text": _ANSWER}] for one in answered},
        },
        "rules.yml": {
            "version": "3.1",
            "rules": [
                {"rule": one, "steps": [{"intent": one}, {"action": f"utter_{one}"}]}
                for one in answered
            ],
        },
        "credentials.yml": {"rest": {}},
        "endpoints.yml": {
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "tracker.db"}
        },
    }
    for name, held in files.items():
        (folder / name).write_text(yaml.safe_dump(held, sort_keys=False), "utf-8")


def _training_data() -> list[dict[str, Any]]:
    return [
        part
        for file in sorted(_DATA.glob("*.yml"))
        for part in yaml.safe_load(file.read_text("utf-8"))["nlu"]
    ]
