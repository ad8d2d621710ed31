"""Trains the model when anything it is made of has changed, in Rasa's own Python."""

import fcntl
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nlu import environment, models
from nlu.environment import ROOT

Say = Callable[[str], None]

#: What a model is made of. Change one of these and the next start trains.
SOURCES = (
    "config.yml",
    "nlu/uv.lock",
    "nlu/normaliser.py",
    "nlu/entities.py",
    "nlu/components/*.py",
    "nlu/data/*.yml",
    "nlu/dev/*.yml",
    "content/articles/*/*.md",
    "meaning/*.py",
    "meaning/adapters/*",
)
_LAST_LINES = 12


class TrainingError(Exception):
    """Training did not work. Trying again will not help until what it says is mended."""


def train(data_dir: Path, say: Say = lambda _line: None) -> Path:
    """Return the model of today's data and code, trained now if there is none.

    `say` gets a line for each step that takes a while. Models of before are kept for rolling
    back. Raise TrainingError, with Rasa's last words, if it fails. Two processes that both
    want a model make it once: the second waits for the first.
    """
    python = environment.python()
    models.folder(data_dir).mkdir(parents=True, exist_ok=True)
    with _alone(models.folder(data_dir) / "lock"):
        wanted = fingerprint()
        if not _there(data_dir, wanted):
            say("Training the understanding (two or three minutes) …")
            models.keep(data_dir, _run_rasa(python, data_dir, wanted), wanted)
            say("The understanding is trained.")
        models.point_at(data_dir, wanted)
        return models.current(data_dir)


def fingerprint(root: Path = ROOT) -> str:
    """Return a name that changes whenever anything a model is made of does."""
    whole = hashlib.sha256()
    for file in sorted(file for source in SOURCES for file in root.glob(source)):
        whole.update(f"{file.relative_to(root).as_posix()}\0{models.digest(file)}\n".encode())
    return whole.hexdigest()[:16]


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _there(data_dir: Path, wanted: str) -> bool:
    try:
        models.verify(models.path(data_dir, wanted))
    except models.ModelError:
        return False
    return True


def _run_rasa(python: Path, data_dir: Path, name: str) -> Path:
    out = environment.home(data_dir)
    options = {
        "--config": ROOT / "config.yml",
        "--nlu": ROOT / "nlu" / "data",
        "--out": out,
        "--fixed-model-name": name,
    }
    arguments = [str(part) for option in options.items() for part in option]
    _run(python, data_dir, ["rasa", "train", "nlu", *arguments])
    return out / f"{name}.tar.gz"


def _run(python: Path, data_dir: Path, module: list[str]) -> None:
    done = subprocess.run(  # noqa: S603  Our own Python with our own arguments.
        [python, "-m", *module],
        cwd=environment.home(data_dir),
        # All cores: nobody is waiting for an answer meanwhile.
        env=environment.variables(data_dir) | {"OMP_NUM_THREADS": "2"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-_LAST_LINES:])
        raise TrainingError(f"Rasa's {module[0]} failed:\n{last}")
