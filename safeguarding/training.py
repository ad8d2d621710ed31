"""Trains what reads danger from safeguarding/data and pins the result, in three steps.

    python -m safeguarding.training examples EXAMPLES.jsonl
    nlu/.venv/bin/python -m meaning.tuning EXAMPLES.jsonl meaning/adapters/NAME.npz   (minutes)
    python -m safeguarding.training

The last step trains the letters and the fresh head, learns how much each opinion counts, and
chooses the bars; it is enough by itself when only few examples changed. Needs scikit-learn, which
only developers have; nothing that runs imports this module. The same data give the same weights.
"""

import hashlib
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from safeguarding.classifier import MODEL, PIN, WEIGHTS, Array, Classifier
from safeguarding.levels import Level, highest
from safeguarding.likeness import BARS, opinions
from safeguarding.meaning_reader import MEMBERS, MeaningReader, Member
from safeguarding.normalise import views
from safeguarding.rules import SIGNS, RuleBook
from safeguarding.teaching import letters, meaning, sums
from safeguarding.teaching.examples import (
    CONVERSATION,
    DATA,
    DEV,
    UNREAD,
    Example,
    asked,
    examples,
    halves,
    questions,
    some,
)


def words_say(found: Sequence[Example]) -> list[Level]:
    """Return the level that the rules alone give each message."""
    rules = RuleBook.load()
    return [highest(hit.level for hit in rules.read(views(each.text)).hits) for each in found]


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


def judged(found: Sequence[Example]) -> dict[str, Any]:
    """Return the weights and bars for what the readers, as they are now, say of these messages."""
    texts = [each.text for each in found]
    classifier = Classifier.load()
    meanings = MeaningReader.load().read(texts)
    rows = [opinions(classifier, *pair) for pair in zip(texts, meanings, strict=True)]
    return sums.judge(found, np.array(rows, dtype=np.float32), words_say(found))


def main() -> None:
    """Write the examples for the encoder, or train the rest on an encoder that has read them."""
    if sys.argv[1:2] == ["examples"]:
        lines = [json.dumps(row) for row in as_rows([*examples(), *asked()])]
        Path(sys.argv[2]).write_text("\n".join(lines) + "\n", "utf-8")
        sys.stdout.write(f"{len(lines)} examples\n")
        return
    (SIGNS / "english.txt").write_text("\n".join(english()) + "\n", "utf-8")
    teach, choose = halves(questions())
    harmless = [each for each in some(asked()) if each.level is Level.NONE]
    members = [Member.load(name) for name in MEMBERS]
    # The letters learn from a few questions only: thousands drown what is said in letters.
    size = save(
        letters.learn([*examples(), *teach])
        | meaning.learn([*examples(only=UNREAD), *teach], harmless, members)
    )
    kept = judged([*examples(DEV), *choose])
    BARS.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{size} bytes of weights\n")


if __name__ == "__main__":
    main()
