"""Rasa's own Python: where it is, which version it holds, and what it may see of ours."""

import os
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
#: Earlier ones run code from a crafted model (CVE-2024-49375).
OLDEST_SAFE = (3, 6, 21)


class NotInstalledError(Exception):
    """Rasa's environment is missing or too old. Set it up, then try again."""


def python() -> Path:
    """Return Rasa's Python. Raise NotInstalledError unless it holds a Rasa that is safe to run."""
    site = PYTHON.parent.parent / "lib" / "python3.10" / "site-packages"
    found = next(iter(metadata.distributions(name="rasa", path=[str(site)])), None)
    if found is None or not PYTHON.exists():
        raise NotInstalledError("Rasa's environment, nlu/.venv, is not there: run `make setup`.")
    if tuple(int(part) for part in found.version.split(".")[:3]) < OLDEST_SAFE:
        raise NotInstalledError(f"Rasa {found.version} is not safe to run: 3.6.21 or later is.")
    return PYTHON


def home(data_dir: Path) -> Path:
    """Return the folder that Rasa takes for its home, made if need be."""
    place = (data_dir / "rasa").resolve()
    place.mkdir(parents=True, exist_ok=True)
    return place


def variables(data_dir: Path) -> dict[str, str]:
    """Return the whole environment for Rasa: none of our settings, and so none of our secrets.

    It reports to nobody, caches nothing, and writes nowhere but in its home.
    """
    place = str(home(data_dir))
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",
        "RASA_CACHE_DIRECTORY": f"{place}/cache",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Messages come side by side: a thread each is faster than many threads for one.
        "OMP_NUM_THREADS": "1",
        "HOME": place,
        "TMPDIR": place,
        "MPLCONFIGDIR": f"{place}/matplotlib",
        "XDG_CONFIG_HOME": f"{place}/config",
        "XDG_CACHE_HOME": f"{place}/cache",
    }
