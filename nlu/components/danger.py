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
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu import normaliser
from nlu.components.build_encoder import everyday_words
from nlu.components.encoder import VECTOR, SentenceEncoder
from nlu.components.normaliser import NORMALISED

ROOT = Path(__file__).parent.parent.parent
LEVELS = ("none", "concern", "same_day", "immediate")
VECTOR_WEIGHT, STRENGTH = 2.5, 6.0


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    is_trainable=True,
)
class DangerReader(GraphComponent):
    """Reads a level and a category from the vector and the letters of a message."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Start untrained. Rasa calls `create` or `load`."""
        self._config, self._storage, self._resource = config, storage, resource
        self._letters: TfidfVectorizer | None = None
        self._categories: list[str] = []
        self._arrays: dict[str, np.ndarray] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: where examples are, and how sure each level must be."""
        return {"examples": "safeguarding/data", "immediate": 0.5, "same_day": 0.5, "concern": 0.6}

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
                loaded._arrays = {name: held[name] for name in held.files}
        loaded._categories = about["categories"]
        loaded._letters = letters(about["vocabulary"])
        loaded._letters.idf_ = loaded._arrays["idf"]
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the danger examples, with every harmless intent's examples against them."""
        harmless = [
            message
            for message in training_data.intent_examples
            if not message.get(INTENT).startswith("danger_") and message.get(INTENT) != "help_now"
        ]
        counts = normaliser.count(m.get(TEXT) for m in training_data.intent_examples)
        vocabulary = normaliser.Vocabulary.of(counts, everyday_words())
        examples = read_examples(ROOT / str(self._config["examples"]))
        texts = [normaliser.normalise(text, vocabulary) for text, _, _ in examples]
        messages = [Message(data={NORMALISED: text}) for text in texts]
        SentenceEncoder(2).process(messages)
        texts += [message.get(NORMALISED) for message in harmless]
        vectors = np.stack([message.get(VECTOR) for message in (*messages, *harmless)])
        levels = np.array([LEVELS.index(level) for _, level, _ in examples] + [0] * len(harmless))
        maker = letters()
        rows = features(maker.fit_transform(texts), vectors)
        level_model = LogisticRegression(
            C=STRENGTH, max_iter=400, class_weight={0: 1, 1: 1, 2: 1.5, 3: 2}
        )
        level_model.fit(rows, levels)
        dangers = [at for at, (_, _, category) in enumerate(examples) if category]
        names = sorted({examples[at][2] for at in dangers})
        category_model = LogisticRegression(C=STRENGTH, max_iter=400)
        category_model.fit(rows[dangers], [names.index(examples[at][2]) for at in dangers])
        with self._storage.write_to(self._resource) as folder:
            known = {gram: int(at) for gram, at in maker.vocabulary_.items()}
            about = {"categories": names, "vocabulary": known}
            (folder / "danger.json").write_text(json.dumps(about, sort_keys=True), "utf-8")
            np.savez(
                folder / "danger.npz",
                idf=maker.idf_,
                level=level_model.coef_.astype(np.float32),
                level_bias=level_model.intercept_,
                category=category_model.coef_.astype(np.float32),
                category_bias=category_model.intercept_,
            )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is: danger is not an intent's business."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set what each message seems to say about danger, when it seems to say anything."""
        for message in messages:
            if message.get(NORMALISED) and self._letters is not None:
                message.set("danger", self._read(message), add_to_output=True)
        return messages

    def _read(self, message: Message) -> dict[str, Any]:
        row = features(
            self._letters.transform([message.get(NORMALISED)]), message.get(VECTOR)[None]
        )
        _, concern, same_day, immediate = softmax(
            row, self._arrays["level"], self._arrays["level_bias"]
        )
        shares = softmax(row, self._arrays["category"], self._arrays["category_bias"])
        level = "none"
        if immediate >= self._config["immediate"]:
            level = "immediate"
        elif immediate + same_day >= self._config["same_day"]:
            level = "same_day"
        elif immediate + same_day + concern >= self._config["concern"]:
            level = "concern"
        return {
            "level": level,
            "category": self._categories[int(shares.argmax())],
            "shares": [float(concern), float(same_day), float(immediate)],
        }


def letters(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    """Return what turns words into weighted runs of letters."""
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        min_df=1 if vocabulary else 3,
        dtype=np.float32,
        vocabulary=vocabulary,
    )


def features(runs: sparse.csr_matrix, vectors: np.ndarray) -> sparse.csr_matrix:
    """Return letters and meaning side by side."""
    return sparse.hstack([runs, sparse.csr_matrix(vectors * VECTOR_WEIGHT)]).tocsr()


def softmax(row: sparse.csr_matrix, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return each class's share for one row."""
    logits = np.asarray(row @ weights.T)[0] + bias
    raised = np.exp(logits - logits.max())
    return raised / raised.sum()


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
