"""Teaches the reader of themes from `examples/`, and pins what it learnt.

    python -m feedback.themes.training

A ridge for each label, on what the words mean and on the words themselves. Where each label begins
is chosen by cross-validation on the examples only. The same examples give the same weights. Only
developers run it; nothing that serves imports it.
"""

import hashlib
import io
import json
import logging
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from content.ids import read_yaml
from feedback.themes import examples
from feedback.themes.examples import Example
from feedback.themes.features import Array, Vocabulary, pieces
from feedback.themes.reader import GOOD, MODEL, PIN, PROBLEM, WEIGHTS
from meaning.encoder import PLAIN, Encoder
from nlu import examples as questions

#: How often a piece must be there to be learnt from: fewer is chance.
SEEN = 3
#: Chosen on the examples that were left out; what was tried around these made no difference there.
#: Reading each sentence by itself as well made it worse.
RIDGE, WORDS_COUNT, QUESTION_COUNTS = 0.7, 0.4, 0.15
MOST_QUESTIONS, FOLDS = 40, 6
#: A bar of one theme rests on thirty examples; half of it is taken from what suits all themes.
OWN_BAR = 0.5

logger = logging.getLogger(__name__)
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Taught:
    """Every text to learn from, with its numbers, its labels (+1 or -1), and how much it counts."""

    texts: list[str]
    meaning: Matrix
    words: sparse.csr_matrix
    labels: Matrix
    counts: Matrix
    statements: int


def related() -> list[tuple[str, str]]:
    """Return questions of young people that speak of a theme, with the theme: some of each kind."""
    theme_of = {
        intent: theme
        for theme, intents in read_yaml(examples.FOLDER.parent / "questions.yml").items()
        for intent in intents
    }
    kept: Counter[str] = Counter()
    found = []
    for text, intent in questions.read():
        if intent in theme_of and kept[intent] < MOST_QUESTIONS:
            kept[intent] += 1
            found.append((text, theme_of[intent]))
    return found


def vocabulary(texts: list[str]) -> Vocabulary:
    """Return the pieces that are there often enough, and how telling each is."""
    there = Counter(piece for text in texts for piece in set(pieces(text)))
    known = sorted(piece for piece, times in there.items() if times >= SEEN)
    rarity = [1 + np.log((1 + len(texts)) / (1 + there[piece])) for piece in known]
    return Vocabulary(
        {piece: at for at, piece in enumerate(known)}, np.array(rarity, dtype=np.float32)
    )


def counted(known: Vocabulary, texts: list[str]) -> sparse.csr_matrix:
    """Return the weights of the known pieces of each text, a row each."""
    rows = [known.counted(text) for text in texts]
    ends = np.cumsum([0, *(len(at) for at, _ in rows)])
    places = np.concatenate([at for at, _ in rows])
    weights = np.concatenate([weight for _, weight in rows]) * np.sqrt(WORDS_COUNT)
    return sparse.csr_matrix((weights, places, ends), shape=(len(texts), len(known.places)))


def taught(
    given: list[Example], themes: tuple[str, ...], known: Vocabulary, encoder: Encoder
) -> Taught:
    """Return everything to learn from: the examples first, then the questions that are related."""
    more = related()
    texts = [*(one.text for one in given), *(text for text, _ in more)]
    about = [*(one.themes for one in given), *((theme,) for _, theme in more)]
    labels = [[1.0 if theme in some else -1.0 for theme in themes] for some in about]
    counts = [1.0] * len(given) + [QUESTION_COUNTS] * len(more)
    return Taught(
        texts,
        encoder.vectors(texts).astype(np.float64),
        counted(known, texts),
        np.array(labels),
        np.array(counts),
        len(given),
    )


def tones(given: list[Example]) -> Matrix:
    """Return +1 or -1 for good news and for a problem, a row for each example."""
    sounds = [(one.tone in {"good", "both"}, one.tone in {"problem", "both"}) for one in given]
    return np.where(np.array(sounds), 1.0, -1.0)


def solve(alike: Matrix, labels: Matrix, counts: Matrix) -> Matrix:
    """Return how much each text speaks for each label (kernel ridge; the sure solution, no chance)."""
    weighted = np.linalg.solve(alike + RIDGE * np.diag(1 / counts), labels)
    return weighted.astype(np.float64)


def alikeness(one: Taught) -> Matrix:
    """Return how alike every two texts are, by meaning and by words; the 1 is where lines start."""
    both: Matrix = one.meaning @ one.meaning.T + (one.words @ one.words.T).toarray() + 1.0
    return both


def left_out(one: Taught, sounds: Matrix) -> Matrix:
    """Return the score of every example by what was learnt without it."""
    alike = alikeness(one)
    order = np.random.default_rng(1).permutation(one.statements)
    scores = np.zeros((one.statements, one.labels.shape[1] + sounds.shape[1]))
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        train = np.setdiff1d(np.arange(len(one.texts)), test)
        said = train[train < one.statements]
        themes = solve(alike[np.ix_(train, train)], one.labels[train], one.counts[train])
        tone = solve(alike[np.ix_(said, said)], sounds[said], one.counts[said])
        scores[test] = np.hstack(
            [alike[np.ix_(test, train)] @ themes, alike[np.ix_(test, said)] @ tone]
        )
    return scores


def best_bar(scores: Matrix, wanted: NDArray[np.bool_]) -> float:
    """Return the bar with the best F1."""
    order = np.argsort(-scores)
    hits = np.cumsum(wanted[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + wanted.sum())
    at = int(f1.argmax())
    below = scores[order[min(at + 1, len(order) - 1)]]
    return float((scores[order[at]] + below) / 2)


def bars(scores: Matrix, wanted: NDArray[np.bool_]) -> Matrix:
    """Return where each label begins: between its own best bar and the one that suits them all."""
    shared = best_bar(scores.ravel(), wanted.ravel())
    own = np.array([best_bar(scores[:, k], wanted[:, k]) for k in range(scores.shape[1])])
    return OWN_BAR * own + (1 - OWN_BAR) * shared


def slope(scores: Matrix, wanted: NDArray[np.bool_], at: Matrix) -> float:
    """Return how fast being sure grows with the score: the most likely of a few."""
    over = scores - at

    def likelihood(steep: float) -> float:
        sure = 1 / (1 + np.exp(-steep * over))
        return float(np.log(np.where(wanted, sure, 1 - sure) + 1e-9).sum())

    return max((float(one) for one in np.arange(1, 12, 0.5)), key=likelihood)


def f1(scores: Matrix, wanted: NDArray[np.bool_], at: Matrix) -> Matrix:
    """Return the F1 of each label."""
    said = scores >= at
    both = (said & wanted).sum(axis=0)
    measured: Matrix = 2 * both / np.maximum(said.sum(axis=0) + wanted.sum(axis=0), 1)
    return measured


def train() -> None:
    """Learn, choose the bars, and write the pinned weights."""
    given = examples.read()
    themes = tuple(dict.fromkeys(theme for one in given for theme in sorted(one.themes)))
    encoder = Encoder(PLAIN, threads=2)
    known = vocabulary([one.text for one in given] + [text for text, _ in related()])
    one, sounds = taught(given, themes, known, encoder), tones(given)
    scores = left_out(one, sounds)
    wanted = np.hstack([one.labels[: one.statements], sounds]) > 0
    count = len(themes)
    at = np.hstack(
        [bars(scores[:, :count], wanted[:, :count]), bars(scores[:, count:], wanted[:, count:])]
    )
    measured = f1(scores, wanted, at)
    logger.info("left out: macro-F1 %.3f, tones %s", measured[:count].mean(), measured[count:])
    alike = alikeness(one)
    said = slice(0, one.statements)
    by_theme = solve(alike, one.labels, one.counts)
    by_tone = solve(alike[said, said], sounds, one.counts[said])
    everything = np.zeros((len(one.texts), count + 2))
    everything[:, :count], everything[said, count:] = by_theme, by_tone
    words = np.asarray(one.words.T @ everything) * np.sqrt(WORDS_COUNT)
    told = {
        "labels": [*themes, GOOD, PROBLEM],
        "slope": slope(scores, wanted, at),
        "pieces": list(known.places),
        "texts": [one.text for one in given],
    }
    save(
        told,
        meaning=one.meaning.T @ everything,
        words=words,
        start=everything.sum(axis=0),
        bars=at,
        rarity=known.rarity,
        vectors=one.meaning[said],
    )


def save(told: dict[str, object], **arrays: Matrix | Array) -> None:
    """Write the weights in half precision, and their hash beside them."""
    raw = io.BytesIO()
    text = np.frombuffer(json.dumps(told, ensure_ascii=False).encode("utf-8"), dtype=np.uint8)
    halves: dict[str, Any] = {name: held.astype(np.float16) for name, held in arrays.items()}
    np.savez_compressed(raw, told=text, **halves)
    MODEL.mkdir(exist_ok=True)
    (MODEL / WEIGHTS).write_bytes(raw.getvalue())
    pin = {"file": WEIGHTS, "sha256": hashlib.sha256(raw.getvalue()).hexdigest()}
    (MODEL / PIN).write_text(json.dumps(pin, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    train()
