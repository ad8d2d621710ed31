"""Trains the classifier from safeguarding/data and pins the result: `python -m safeguarding.training`.

Needs scikit-learn, which only developers have; nothing that runs imports this module.
The same data give the same weights.
"""

import hashlib
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from safeguarding.classifier import CATEGORIES, LEVELS, MODEL, PIN, WEIGHTS, Array
from safeguarding.features import CATEGORY_BUCKETS, LEVEL_BUCKETS, counted
from safeguarding.levels import Category, Level
from safeguarding.normalise import canonical
from safeguarding.rules import SIGNS
from safeguarding.screening import INTENTS

DATA = Path(__file__).parent / "data"
#: What the conversation is trained on: thousands of ordinary messages, by other hands.
CONVERSATION = Path(__file__).parent.parent / "nlu" / "data"
#: Intents between an ordinary question and a call for help: neither teaches the other.
_CLOSE_TO_DANGER = frozenset(
    {"help_now", "struggling", "insult", "housing.unsafe_abuse", "housing.cuckooing"}
    | {"housing.homeless_16_17", "housing.rough_sleeping", "rights.confidentiality"}
)
_STRENGTH = 8.0
#: The share of ordinary messages that each level head may be wrong about, measured across folds.
FALSE_ALARMS = {Level.CONCERN: 0.05, Level.SAME_DAY: 0.012, Level.IMMEDIATE: 0.004}
#: Close calls teach little about the line between them and danger, so they count for less.
_CLOSE_CALL = 0.2


@dataclass(frozen=True)
class Example:
    """One message to learn from, as plain words. Ordinary ones have no category."""

    text: str
    level: Level
    category: Category | None
    graded: bool = True


def examples(folder: Path = DATA) -> list[Example]:
    """Read every example, in either of the two shapes the files have."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        loaded = yaml.safe_load(path.read_text("utf-8"))
        if isinstance(loaded, dict):
            ordinary = path.stem.startswith("ordinary")
            category = None if ordinary else Category(path.stem)
            found += [
                Example(canonical(line.strip()), Level(level), category)
                for level, lines in loaded.items()
                for line in lines.splitlines()
                if line.strip()
            ]
        else:
            found += [_example(each) for each in loaded]
    return found


def asked(folder: Path = CONVERSATION) -> list[Example]:
    """Read what people say to the bot about anything else, and its danger intents.

    The danger intents have no level. They are urgent; how urgent is left open.
    """
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        for each in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            intent = str(each.get("intent", ""))
            category = INTENTS.get(intent)
            if intent in _CLOSE_TO_DANGER or (path.stem == "danger" and category is None):
                continue
            level = Level.NONE if category is None else Level.SAME_DAY
            for line in each.get("examples", "").splitlines():
                if line.strip().startswith("- "):
                    text = canonical(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.strip()[2:]))
                    found.append(Example(text, level, category, graded=category is None))
    return found


def _example(each: dict[str, str]) -> Example:
    named = each.get("category") or ""
    level = Level(each.get("level") or each["at_most"])
    return Example(canonical(str(each["text"])), level, Category(named) if named else None)


def train(found: Sequence[Example]) -> dict[str, Array]:
    """Return the arrays of a classifier that has learnt the examples."""
    texts = [each.text for each in found]
    level_rows, rarity = _rows(texts)
    heads = [_head(level, found, level_rows) for level in LEVELS]
    category_rows = _unit(_table(texts, CATEGORY_BUCKETS))
    dangerous = np.array([each.category in CATEGORIES for each in found])
    abouts = [
        _fit(category_rows[dangerous], _is_about(category, found)[dangerous])
        for category in CATEGORIES
    ]
    return {
        "rarity": rarity,
        "level_weights": np.stack([weights for weights, _, _ in heads]),
        "level_bias": np.array([bias for _, bias, _ in heads], dtype=np.float32),
        "thresholds": np.array([threshold for _, _, threshold in heads], dtype=np.float32),
        "category_weights": np.stack([weights for weights, _ in abouts]),
        "category_bias": np.array([bias for _, bias in abouts], dtype=np.float32),
    }


def _rows(texts: Sequence[str]) -> tuple[sparse.csr_matrix, Array]:
    table = _table(texts, LEVEL_BUCKETS)
    seen = np.asarray((table > 0).sum(0)).ravel()
    rarity = np.log(1 + table.shape[0] / (1 + seen)).astype(np.float32)
    return _unit(table.multiply(rarity).tocsr()), rarity


def _table(texts: Sequence[str], buckets: int) -> sparse.csr_matrix:
    pieces = [counted(text, buckets) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in pieces)])
    places = np.concatenate([each for each, _ in pieces])
    amounts = np.concatenate([each for _, each in pieces])
    return sparse.csr_matrix((amounts, places, ends), shape=(len(texts), buckets))


def _unit(table: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(1)).ravel()) + 1e-9
    return (sparse.diags(1 / lengths) @ table).tocsr()


def _head(
    level: Level, found: Sequence[Example], rows: sparse.csr_matrix
) -> tuple[Array, float, float]:
    wanted = np.array([each.level.at_least(level) for each in found])
    weight = np.array([_weight(each, level) for each in found])
    scores = np.zeros(len(found))
    for learn, judge in StratifiedKFold(5, shuffle=True, random_state=0).split(rows, wanted):
        weights, bias = _fit(rows[learn], wanted[learn], weight[learn])
        scores[judge] = rows[judge] @ weights + bias
    ordinary = np.array([each.category is None and each.level is Level.NONE for each in found])
    threshold = float(np.quantile(scores[ordinary], 1 - FALSE_ALARMS[level]))
    weights, bias = _fit(rows, wanted, weight)
    return weights, bias, threshold


def _weight(example: Example, level: Level) -> float:
    if not example.graded and level is Level.IMMEDIATE:
        return 0.0
    close = example.category is not None and not example.level.at_least(level)
    return _CLOSE_CALL if close or example.level.raised() is level else 1.0


def _fit(
    rows: sparse.csr_matrix, wanted: NDArray[np.bool_], weight: NDArray[np.float64] | None = None
) -> tuple[Array, float]:
    model = LogisticRegression(C=_STRENGTH, max_iter=3000, class_weight="balanced")
    model.fit(rows, wanted, sample_weight=weight)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _is_about(category: Category, found: Sequence[Example]) -> NDArray[np.bool_]:
    return np.array([each.category is category for each in found])


def save(arrays: dict[str, Array], folder: Path = MODEL) -> int:
    """Write the weights as half-precision arrays, pin their hash, and return their size in bytes."""
    buffer = io.BytesIO()
    halved = {name: array.astype(np.float16) for name, array in arrays.items()}
    np.savez_compressed(buffer, allow_pickle=False, **halved)
    raw = buffer.getvalue()
    folder.mkdir(exist_ok=True)
    (folder / WEIGHTS).write_bytes(raw)
    pin = {"file": WEIGHTS, "sha256": hashlib.sha256(raw).hexdigest()}
    (folder / PIN).write_text(json.dumps(pin, indent=2) + "\n", "utf-8")
    return len(raw)


def english(folders: Sequence[Path] = (DATA, CONVERSATION)) -> list[str]:
    """Return what counts as English: easy words, and those that examples have more than once."""
    counts: Counter[str] = Counter()
    for path in sorted(path for folder in folders for path in folder.glob("*.yml")):
        counts.update(re.findall(r"[a-z]{2,}", path.read_text("utf-8").casefold()))
    easy = files("textstat").joinpath("resources/en/easy_words.txt").read_text("utf-8")
    often = {word for word, count in counts.items() if count > 1}
    return sorted(often | set(re.findall(r"[a-z]{2,}", easy.casefold())))


def main() -> None:
    """Train, save and say how large the weights are."""
    (SIGNS / "english.txt").write_text("\n".join(english()) + "\n", "utf-8")
    found = [*examples(), *asked()]
    size = save(train(found))
    sys.stdout.write(f"{len(found)} examples, {size} bytes\n")


if __name__ == "__main__":
    main()
