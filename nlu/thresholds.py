"""How sure the understanding must be to answer, and to ask "did you mean"."""

from pathlib import Path

import yaml

FILE = Path(__file__).parent / "thresholds.yml"


class ThresholdsError(Exception):
    """The thresholds make no sense. Trying again will not help."""


def load(path: Path = FILE) -> dict[str, float]:
    """Return `answer` and `ask`, both from 0 to 1. Raise ThresholdsError if they are not so."""
    held = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(held, dict) or set(held) != {"answer", "ask"}:
        raise ThresholdsError(f"{path.name} must hold answer and ask, and nothing else")
    thresholds = {str(name): float(value) for name, value in held.items()}
    if not 0 <= thresholds["ask"] <= thresholds["answer"] <= 1:
        raise ThresholdsError(f"{path.name}: 0 <= ask <= answer <= 1 does not hold")
    return thresholds
