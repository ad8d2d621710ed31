"""Chooses the intent: kernel ridge regression blended with the nearest examples, calibrated.

Arrays in, arrays out; it knows nothing of text or of Rasa. Calibrated on the development messages
(`nlu/dev`): the encoder has read the training messages, so what it makes of those says too little
about strangers' words. Everything is deterministic.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.linalg import solve

# Chosen on the development messages, like the weights of the similarity.
RIDGE, NEAREST_SHARE, NEAREST = 0.5, 0.2, 5
# How many strangers (messages about nothing we know) to expect for each message we do know.
STRANGERS = 0.25
_TEMPERATURES = np.geomspace(0.01, 0.5, 60)
_FLOOR = 1e-6


@dataclass(frozen=True)
class Blend:
    """A trained choice between intents: the ridge's weights and prior; the rest calibrates."""

    weights: np.ndarray
    prior: np.ndarray
    intents: np.ndarray
    temperature: float
    belief: np.ndarray

    def confidences(self, alike: np.ndarray) -> np.ndarray:
        """Return the confidence of each intent (columns) for each message (rows).

        The highest is the chance that this intent is meant, told by how it did on messages
        left out; what remains is shared among the others, none above the first.
        """
        near = nearest(alike, self.intents, len(self.prior))
        scores = alike @ self.weights + self.prior + NEAREST_SHARE * near
        return self._believe(scores)

    def _believe(self, scores: np.ndarray) -> np.ndarray:
        shares = softmax(scores / self.temperature)
        top = _logistic(signals(shares) @ self.belief)[:, None]
        best = shares.argmax(axis=1)[:, None]
        first = np.take_along_axis(shares, best, axis=1)
        rest = shares / np.maximum(1 - first, _FLOOR) * (1 - top)
        # Scaled, not cut off: a cut would leave ties, and the order must stay that of the shares.
        confidences = np.minimum(rest, shares / first * top)
        np.put_along_axis(confidences, best, top, axis=1)
        return confidences

    def save(self, path: Path) -> None:
        """Write it to an .npz file."""
        np.savez(path, **vars(self))

    @classmethod
    def load(cls, path: Path) -> "Blend":
        """Read back what `save` wrote."""
        with np.load(path, allow_pickle=False) as held:
            parts = {name: held[name] for name in held.files}
        return cls(**{**parts, "temperature": float(parts["temperature"])})


@dataclass(frozen=True)
class Held:
    """Messages to calibrate on: their likeness to the examples, and which intents are right.

    `right` has a row for each message and a column for each intent. `strangers` marks messages
    about nothing we know, for which no article is right.
    """

    alike: np.ndarray
    right: np.ndarray
    strangers: np.ndarray


def train(alike: np.ndarray, intents: np.ndarray, held: Held) -> Blend:
    """Return the blend for examples whose likeness to each other and intents are given."""
    count = held.right.shape[1]
    known = np.eye(count)[intents]
    prior = known.mean(axis=0)
    # Single precision halves the memory, and the ridge keeps the kernel well-behaved.
    kernel = alike.astype(np.float32)
    kernel.flat[:: len(intents) + 1] += RIDGE
    weights = solve(kernel, (known - prior).astype(np.float32), assume_a="pos", overwrite_a=True)
    near = nearest(held.alike, intents, count)
    scores = held.alike @ weights + prior + NEAREST_SHARE * near
    meant = held.right & ~held.strangers[:, None]
    told = meant.any(axis=1)
    temperature = float(
        min(_TEMPERATURES, key=lambda t: _surprise(softmax(scores[told] / t), meant[told]))
    )
    belief = _learn_belief(scores, held.right, temperature)
    return Blend(weights.astype(np.float32), prior, intents, temperature, belief)


def nearest(overall: np.ndarray, intents: np.ndarray, count: int) -> np.ndarray:
    """Return each message's mean likeness to the nearest few examples of each intent."""
    means = np.zeros((len(overall), count))
    for intent in range(count):
        column = overall[:, intents == intent]
        few = min(NEAREST, column.shape[1])
        if few:
            means[:, intent] = np.partition(column, -few, axis=1)[:, -few:].mean(axis=1)
    return means


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return each row as shares of one."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def signals(shares: np.ndarray) -> np.ndarray:
    """Return what tells whether the first choice is right: its share, and its lead.

    How near the nearest example lies was tried as a third: it told nothing more.
    """
    two = np.partition(shares, -2, axis=1)[:, -2:]
    first, second = np.maximum(two[:, 1], _FLOOR), np.maximum(two[:, 0], _FLOOR)
    return np.stack((np.log(first), np.log(first / second), np.ones(len(shares))), axis=1)


def _learn_belief(scores: np.ndarray, right: np.ndarray, temperature: float) -> np.ndarray:
    """Fit the chance of being right, on each message as it is and again as a stranger.

    A message whose own intents are taken away is one about something we do not know: whatever
    we then choose is wrong, and this is what teaches "I don't know".
    """
    strange = np.where(right, -np.inf, scores)
    shares, strange_shares = softmax(scores / temperature), softmax(strange / temperature)
    best = shares.argmax(axis=1)
    hit = right[np.arange(len(right)), best].astype(float)
    return _fit_logistic(
        np.vstack([signals(shares), signals(strange_shares)]),
        np.concatenate([hit, np.zeros(len(hit))]),
        np.concatenate([np.ones(len(hit)), np.full(len(hit), STRANGERS)]),
    )


def _fit_logistic(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Fit by Newton's method, with a touch of ridge so that it always converges."""
    fit = np.zeros(x.shape[1])
    ridge = 0.1 * np.eye(len(fit))
    for _ in range(30):
        p = _logistic(x @ fit)
        slope = x.T @ (weight * (y - p)) - ridge @ fit
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + ridge
        fit += np.linalg.solve(curve, slope)
    return fit


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


def _surprise(shares: np.ndarray, right: np.ndarray) -> float:
    given = (shares * right).sum(axis=1)
    return float(-np.log(np.maximum(given, _FLOOR)).mean())
