"""Measures how much more messages would help: trains on part of them, measures on `nlu/dev`.

    python -m nlu.learning_curve docs/figures/learning-curve.json     (a quarter of an hour)

Each part holds the same share of every intent's messages, and all of the part before it. The
sentences of the articles are in every part, and words are mended towards those of all messages, so
that only the number of messages differs. Developers run it; nothing that serves imports it.
"""

import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from meaning.encoder import PLAIN, Encoder, everyday_words
from nlu import evaluation, examples, normaliser
from nlu.components import articles, blend
from nlu.components.similarity import Examples

DEV = Path(__file__).parent / "dev"
SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)
_SEED = 7
Pairs = list[tuple[str, str]]


def part(taught: Pairs, share: float) -> Pairs:
    """Return this share of each intent's messages, at least one of each, in a fixed mixed order."""
    by_intent: defaultdict[str, list[str]] = defaultdict(list)
    for text, intent in taught:
        by_intent[intent].append(text)
    kept: Pairs = []
    for intent, texts in sorted(by_intent.items()):
        mixed = sorted(texts)
        random.Random(f"{_SEED} {intent}").shuffle(mixed)  # noqa: S311 (an order, not a secret)
        kept += [(text, intent) for text in mixed[: max(1, round(share * len(mixed)))]]
    return kept


class Reader:
    """Reads texts as Rasa's first steps do, each once: it has a cache, hence a class."""

    def __init__(self, taught: Pairs) -> None:
        """Learn the words of all the messages."""
        counts = normaliser.count(text for text, _ in taught)
        self._vocabulary = normaliser.Vocabulary.of(counts, everyday_words())
        self._encoder = Encoder(PLAIN, threads=2)
        self._said: dict[str, str] = {}
        self._vectors: dict[str, np.ndarray] = {}

    def read(self, texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
        """Return the texts with slips mended, and a vector for each."""
        new = [text for text in dict.fromkeys(texts) if text not in self._said]
        mended = [normaliser.normalise(text, self._vocabulary) for text in new]
        self._said.update(zip(new, mended, strict=True))
        self._vectors.update(zip(new, self._encoder.vectors(mended), strict=True))
        return [self._said[text] for text in texts], np.stack([self._vectors[t] for t in texts])


def measure(taught: Pairs, names: list[str], read: Reader) -> dict[str, float]:
    """Train on these messages and return how often an article on dev comes first, and in three."""
    texts, vectors = read.read([text for text, _ in taught])
    intents = np.array([names.index(intent) for _, intent in taught])
    known = Examples.learn(texts, vectors)
    cases = evaluation.cases(DEV)
    alike = known.alike(*read.read([case.text for case in cases]))
    right = np.array([[name in case.intents for name in names] for case in cases])
    strangers = np.array([case.intents[0] in evaluation.OFF_TOPIC for case in cases])
    trained = blend.train(known.alike(texts, vectors), intents, blend.Held(alike, right, strangers))
    order = np.argsort(-trained.confidences(alike), axis=1, kind="stable")[:, :3]
    found = np.take_along_axis(right, order, axis=1)
    wanted = np.array([evaluation.is_article(case.intents[0]) for case in cases])
    return {
        "first": round(float(found[wanted, 0].mean()), 4),
        "in_three": round(float(found[wanted].any(axis=1).mean()), 4),
    }


def main() -> None:
    """Draw the curve, and keep its figures in the file that is named."""
    taught = examples.read()
    names = sorted({intent for _, intent in taught})
    sentences = [pair for pair in articles.sentences() if pair[1] in names]
    read = Reader(taught)
    points = []
    for share in SHARES:
        chosen = part(taught, share)
        point = {
            "share": share,
            "messages": len(chosen),
            "an_intent": round(len(chosen) / len(names), 1),
            **measure(chosen + sentences, names, read),
        }
        sys.stdout.write(f"{point}\n")
        sys.stdout.flush()
        points.append(point)
        # After each point: the last takes as long as all before it.
        kept = {"on": datetime.now(UTC).date().isoformat(), "points": points}
        Path(sys.argv[1]).write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
