"""Trains what reads danger from safeguarding/data and pins the result, in three steps.

    python -m safeguarding.training examples EXAMPLES.jsonl
    nlu/.venv/bin/python -m meaning.tuning EXAMPLES.jsonl meaning/adapters/NAME.npz   (minutes)
    python -m safeguarding.training

The last step trains the letters and chooses the bars; it is enough by itself when only few
examples changed. Needs scikit-learn, which only developers have; nothing that runs imports this
module. The same data give the same weights.
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
from typing import Any

import numpy as np
import yaml
from scipy import sparse
from sklearn.linear_model import Ridge

from safeguarding.classifier import ALWAYS, LEVELS, MODEL, PIN, WEIGHTS, Array, Classifier, weighted
from safeguarding.features import BUCKETS, counted
from safeguarding.levels import Category, Level
from safeguarding.likeness import BARS, Likeness
from safeguarding.meaning_reader import MeaningReader
from safeguarding.normalise import canonical
from safeguarding.rules import SIGNS
from safeguarding.screening import INTENTS

DATA = Path(__file__).parent / "data"
#: What the conversation is trained on: thousands of ordinary messages, by other hands.
CONVERSATION = Path(__file__).parent.parent / "nlu" / "data"
#: Intents between an ordinary question and a call for help: neither teaches the other.
_CLOSE_TO_DANGER = frozenset(
    {"help_now", "struggling", "insult", "housing.unsafe_abuse", "housing.cuckooing"}
    | {"housing.homeless_16_17"}
)
#: Questions about something hard, by somebody who looks for information: worth a person's look,
#: and not an alarm.
_HARD_QUESTIONS = frozenset(
    {"health.crisis", "health.self_harm", "health.eating", "health.sexual_assault"}
    | {"health.bereavement", "health.loneliness", "health.drugs_alcohol", "money.loan_sharks"}
    | {"health.emergency_contraception", "family.domestic_abuse", "family.online_images"}
    | {"family.forced_marriage_hba", "family.healthy_relationships", "justice.county_lines"}
    | {"justice.modern_slavery", "justice.missing_exploited_friend", "justice.victim"}
    | {"housing.rough_sleeping", "money.foodbank", "money.crisis_fund"}
)
DEV = Path(__file__).parent / "dev"
#: The share of the harmless messages in dev/ that may be taken for each level. Half of them were
#: written to sound like danger, so a share of ordinary messages would be much smaller.
FALSE_ALARMS = {Level.CONCERN: 0.15, Level.SAME_DAY: 0.072, Level.IMMEDIATE: 0.04}
#: Below this sum for same day, urgent words are taken to be meant otherwise. On dev/ not one
#: message in a hundred that is dangerous lies below it and has a rule for it.
HARMLESS_BELOW = -3.0
#: How much a close example may be doubted, and how much more an urgent one counts.
_DOUBT, _URGENT_COUNTS = 0.2, 2.0


@dataclass(frozen=True)
class Example:
    """One message to learn from, as plain words. Ordinary ones have no category."""

    text: str
    level: Level
    category: Category | None
    graded: bool = True
    somebody_else: bool | None = None


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
            level = Level.SAME_DAY if category is not None else Level.NONE
            if intent in _HARD_QUESTIONS:
                level = Level.CONCERN
            for line in each.get("examples", "").splitlines():
                if line.strip().startswith("- "):
                    text = canonical(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.strip()[2:]))
                    found.append(Example(text, level, category, graded=category is None))
    return found


def _example(each: dict[str, Any]) -> Example:
    named = each.get("category") or ""
    level = Level(each.get("level") or each["at_most"])
    return Example(
        canonical(str(each["text"])),
        level,
        Category(named) if named else None,
        somebody_else=each.get("third_party") if named else None,
    )


def train(found: Sequence[Example]) -> dict[str, Array]:
    """Return the arrays of a classifier that has learnt the examples by ridge regression."""
    texts = [each.text for each in found]
    rarity = _rarity(texts)
    always = np.full((len(texts), 1), ALWAYS**0.5, dtype=np.float32)
    rows = sparse.hstack([_table(texts, rarity), always], format="csr")
    wanted = np.array([[each.level.at_least(level) for level in LEVELS] for each in found])
    urgent = np.array([each.level.at_least(Level.SAME_DAY) for each in found])
    ridge = Ridge(alpha=_DOUBT, fit_intercept=False, solver="sparse_cg", tol=1e-5)
    ridge.fit(rows, wanted * 2.0 - 1.0, sample_weight=np.where(urgent, _URGENT_COUNTS, 1.0))
    return {
        "rarity": rarity,
        "level_weights": ridge.coef_[:, :-1].astype(np.float32),
        "level_bias": (ALWAYS**0.5 * ridge.coef_[:, -1]).astype(np.float32),
    }


def _rarity(texts: Sequence[str]) -> Array:
    seen = np.zeros(BUCKETS)
    for text in texts:
        for places, _ in counted(text):
            seen[places] += 1
    # What only one message has says nothing about another, and takes room in the file.
    rare: Array = np.where(seen > 1, np.log((1 + len(texts)) / (1 + seen)) + 1, 0).astype(
        np.float32
    )
    return rare


def _table(texts: Sequence[str], rarity: Array) -> sparse.csr_matrix:
    pieces = [weighted(text, rarity) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in pieces)])
    places = np.concatenate([each for each, _ in pieces])
    amounts = np.concatenate([each for _, each in pieces])
    return sparse.csr_matrix((amounts, places, ends), shape=(len(texts), BUCKETS))


def bars(found: Sequence[Example], likeness: Likeness) -> dict[str, float]:
    """Return the sum each level needs, so that its share of harmless dev messages reaches it."""
    harmless = [each.text for each in found if each.level is Level.NONE]
    meanings = likeness.meaning.read(harmless)
    sums = [likeness.sums(text, meaning) for text, meaning in zip(harmless, meanings, strict=True)]
    reached = {
        str(level): float(np.quantile([each[level] for each in sums], 1 - FALSE_ALARMS[level]))
        for level in LEVELS
    }
    return {name: round(bar, 3) for name, bar in reached.items()} | {
        "harmless_below": HARMLESS_BELOW
    }


def as_rows(found: Sequence[Example]) -> list[dict[str, Any]]:
    """Return each example once, with the labels that `meaning.tuning` learns from."""
    rows: dict[str, dict[str, Any]] = {}
    for each in found:
        labels = {"level": str(each.level)} if each.graded else {}
        if each.category is not None:
            labels["category"] = str(each.category)
        if each.somebody_else is not None:
            labels["whose"] = "other" if each.somebody_else else "self"
        rows.setdefault(each.text, {"text": each.text, "labels": labels})
    return list(rows.values())


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
    """Write the examples for the encoder, or train the rest on an encoder that has read them."""
    if sys.argv[1:2] == ["examples"]:
        lines = [json.dumps(row) for row in as_rows([*examples(), *asked()])]
        Path(sys.argv[2]).write_text("\n".join(lines) + "\n", "utf-8")
        sys.stdout.write(f"{len(lines)} examples\n")
        return
    (SIGNS / "english.txt").write_text("\n".join(english()) + "\n", "utf-8")
    # The letters learn from these only: thousands of ordinary questions drown what is said in letters.
    size = save(train(examples()))
    nothing = dict.fromkeys(LEVELS, 0.0)
    likeness = Likeness(Classifier.load(), MeaningReader.load(), nothing, HARMLESS_BELOW)
    BARS.write_text(json.dumps(bars(examples(DEV), likeness), indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{size} bytes of weights\n")


if __name__ == "__main__":
    main()
