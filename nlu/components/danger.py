"""Rasa's last word on danger: how soon somebody must read a message, by what it means.

Rules and letters are read in the application, without Rasa (`safeguarding/`). Meaning needs the
sentence vector, which is here anyway. What this finds is one more vote: it may raise a level,
and nothing of it can lower one.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.linalg import solve
from sklearn.model_selection import StratifiedKFold

from nlu import normaliser
from nlu.components.build_encoder import everyday_words
from nlu.components.encoder import VECTOR, SentenceEncoder
from nlu.components.normaliser import NORMALISED
from nlu.components.similarity import Examples

ROOT = Path(__file__).parent.parent.parent
LEVELS = ("none", "concern", "same_day", "immediate")
#: Intents between an ordinary question and a call for help: neither teaches the other.
CLOSE_TO_DANGER = frozenset(
    {"help_now", "struggling", "insult", "housing.unsafe_abuse", "housing.cuckooing"}
    | {"housing.homeless_16_17", "housing.rough_sleeping", "rights.confidentiality"}
)
#: How much a close example may be doubted, and how much more one of danger counts. Both sit on a
#: flat top when measured across folds of the examples.
_DOUBT, _URGENT_COUNTS = 0.3, 2.0


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    is_trainable=True,
)
class DangerReader(GraphComponent):
    """Reads a level and a category by how alike a message is to examples (kernel ridge)."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Start untrained. Rasa calls `create` or `load`."""
        self._config, self._storage, self._resource = config, storage, resource
        self._examples: Examples | None = None
        self._categories: list[str] = []
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._thresholds: list[float] = []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return where examples are, and what share of ordinary ones may reach each level."""
        return {
            "examples": "safeguarding/data",
            "immediate": 0.01,
            "same_day": 0.05,
            "concern": 0.08,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "DangerReader":
        """Return an untrained one."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "DangerReader":
        """Return the trained one."""
        loaded = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            about = json.loads((folder / "danger.json").read_text("utf-8"))
            with np.load(folder / "danger.npz", allow_pickle=False) as held:
                loaded._weights = held["weights"]
            loaded._examples = Examples.load(folder)
        loaded._categories, loaded._thresholds = about["categories"], about["thresholds"]
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the danger examples, with every harmless intent's examples against them."""
        harmless = [
            message
            for message in training_data.intent_examples
            if not message.get(INTENT).startswith("danger_")
            and message.get(INTENT) not in CLOSE_TO_DANGER
        ]
        counts = normaliser.count(m.get(TEXT) for m in training_data.intent_examples)
        vocabulary = normaliser.Vocabulary.of(counts, everyday_words())
        found = read_examples(ROOT / str(self._config["examples"]))
        texts = [normaliser.normalise(text, vocabulary) for text, _, _ in found]
        messages = [Message(data={NORMALISED: text}) for text in texts]
        SentenceEncoder(2).process(messages)
        texts += [message.get(NORMALISED) for message in harmless]
        vectors = np.stack([message.get(VECTOR) for message in (*messages, *harmless)])
        levels = np.array([LEVELS.index(level) for _, level, _ in found] + [0] * len(harmless))
        abouts = [category for _, _, category in found] + [""] * len(harmless)
        names = sorted(set(abouts) - {""})
        wanted = np.stack(
            [levels >= rank for rank in (1, 2, 3)]
            + [np.array([about == name for about in abouts]) for name in names],
            axis=1,
        )
        examples = Examples.learn(texts, vectors)
        alike = np.concatenate(
            [
                examples.alike(texts[at : at + 500], vectors[at : at + 500])
                for at in range(0, len(texts), 500)
            ]
        ).astype(np.float32)
        shares = [self._config[level] for level in LEVELS[1:]]
        thresholds = _thresholds(alike, wanted[:, :3], levels, shares)
        with self._storage.write_to(self._resource) as folder:
            about = {"categories": names, "thresholds": thresholds}
            (folder / "danger.json").write_text(json.dumps(about, sort_keys=True), "utf-8")
            np.savez(folder / "danger.npz", weights=_solved(alike, wanted, levels))
            examples.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is: danger is not an intent's business."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set what each message seems to say about danger, when it seems to say anything."""
        for message in messages:
            if message.get(NORMALISED) and self._examples is not None:
                message.set("danger", self._read(message), add_to_output=True)
        return messages

    def _read(self, message: Message) -> dict[str, Any]:
        alike = self._examples.alike([message.get(NORMALISED)], message.get(VECTOR)[None])
        scores = (alike @ self._weights)[0]
        reached = [
            score >= limit for score, limit in zip(scores[:3], self._thresholds, strict=True)
        ]
        # A level holds by itself: whatever is immediate is a concern, whether or not that head agrees.
        rank = max((at + 1 for at, reach in enumerate(reached) if reach), default=0)
        return {
            "level": LEVELS[rank],
            "category": self._categories[int(scores[3:].argmax())],
            "shares": [round(float(score), 3) for score in scores[:3]],
        }


def _solved(alike: np.ndarray, wanted: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the weight of each example for each question (kernel ridge regression)."""
    doubt = _DOUBT / np.where(levels >= 2, _URGENT_COUNTS, 1.0)
    kernel = alike.astype(np.float64) + np.diag(doubt)
    return solve(kernel, wanted * 2.0 - 1.0, assume_a="pos").astype(np.float32)


def _thresholds(
    alike: np.ndarray, wanted: np.ndarray, levels: np.ndarray, shares: Sequence[float]
) -> list[float]:
    """Return the score each level needs, so that this share of ordinary examples reaches it."""
    scores = np.zeros(wanted.shape)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    for learn, judge in folds.split(alike, levels):
        weights = _solved(alike[np.ix_(learn, learn)], wanted[learn], levels[learn])
        scores[judge] = alike[np.ix_(judge, learn)] @ weights
    ordinary = scores[levels == 0]
    return [float(np.quantile(ordinary[:, at], 1 - share)) for at, share in enumerate(shares)]


def read_examples(folder: Path) -> list[tuple[str, str, str]]:
    """Return (text, level, category) of every example; harmless ones have no category."""
    found: list[tuple[str, str, str]] = []
    for file in sorted(folder.glob("*.yml")):
        raw = yaml.safe_load(file.read_text("utf-8"))
        if isinstance(raw, list):
            found += [
                (
                    str(one["text"]),
                    str(one.get("level") or one.get("at_most")),
                    str(one.get("category", "")),
                )
                for one in raw
            ]
            continue
        for level, lines in raw.items():
            if level in LEVELS:
                category = "" if file.stem.startswith("ordinary") else file.stem
                found += [(line, level, category) for line in _lines(lines)]
    return found


def _lines(held: str | Sequence[str]) -> list[str]:
    lines = held.splitlines() if isinstance(held, str) else [str(one) for one in held]
    return [line.strip() for line in lines if line.strip()]
