"""Rasa as it comes: the pipeline of `rasa init`, trained on the messages that Kith is trained on."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from benchmarks.processes import Started
from nlu import environment

ROOT = Path(__file__).parent.parent
DATA = ROOT / "nlu" / "data"
#: What Rasa's own configuration says.
EPOCHS = 100
_PROGRESS = re.compile(r"Epochs:[^\r\n]*?(\d+)/(\d+) \[[\d:]+<([\d:?]+)")


def pipeline(epochs: int) -> list[dict[str, Any]]:
    """Return the pipeline Rasa 3.6 uses when none is given, as in the project `rasa init` makes."""
    letters = {"analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
    learnt = {"epochs": epochs, "constrain_similarities": True}
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", **letters},
        {"name": "DIETClassifier", **learnt},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", **learnt},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ]


def variables(folder: Path) -> dict[str, str]:
    """Return its environment: Kith's, but for the number of threads, which Rasa chooses itself."""
    ours = environment.variables(folder)
    # Rasa shows how far its training is only where it may say so.
    kept = {name: value for name, value in ours.items() if name != "OMP_NUM_THREADS"}
    return kept | {"LOG_LEVEL": "INFO"}


def write(folder: Path, epochs: int) -> None:
    """Write its project: only what understanding needs, which is what is measured."""
    config = {
        "recipe": "default.v1",
        "assistant_id": "peer",
        "language": "en",
        "pipeline": pipeline(epochs),
        "policies": [],
    }
    (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")


def train(folder: Path) -> Started:
    """Start its training, in the folder where it was written."""
    places = ["--config", "config.yml", "--nlu", DATA, "--out", "models"]
    names = ["--fixed-model-name", "stock"]
    return _rasa(folder, "training", "train", "nlu", *places, *names)


def serve(folder: Path, port: int) -> Started:
    """Start its server, on this machine only."""
    place = ["--interface", "127.0.0.1", "--port", port, "--enable-api"]
    return _rasa(folder, "serving", "run", "--model", "models/stock.tar.gz", *place)


def _rasa(folder: Path, doing: str, *arguments: object) -> Started:
    command = [environment.python(), "-m", "rasa", *arguments]
    return Started(f"stock Rasa {doing}", command, folder=folder, environment=variables(folder))


def watch(say: Callable[[str], None]) -> Callable[[str], None]:
    """Return what tells how far the training is, once for each epoch."""
    told: set[str] = set()

    def look(said: str) -> None:
        found = [match.groups() for match in _PROGRESS.finditer(said)]
        if found and found[-1][0] not in told:
            done, of, left = found[-1]
            told.add(done)
            say(f"stock Rasa: epoch {done} of {of}, {left} left by its own reckoning")

    return look
