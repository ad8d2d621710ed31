"""Rasa's last step: which intent is meant, how sure we are, and what else it might be."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from meaning.encoder import everyday_words
from nlu import evaluation, normaliser
from nlu.components import articles, blend
from nlu.components.encoder import VECTOR, SentenceEncoder
from nlu.components.normaliser import NORMALISED
from nlu.components.similarity import Examples

DEV = Path(evaluation.__file__).parent / "dev"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
    is_trainable=True,
)
class BlendedClassifier(GraphComponent, IntentClassifier):
    """Ranks every intent by a trained choice blended with the nearest examples."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Start untrained. Rasa calls `create` or `load`."""
        self._ranked = int(config["ranked"])
        self._storage, self._resource = storage, resource
        self._names: list[str] = []
        self._examples: Examples | None = None
        self._blend: blend.Blend | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: how many intents to rank."""
        return {"ranked": 20}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "BlendedClassifier":
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
    ) -> "BlendedClassifier":
        """Return the trained one."""
        loaded = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            loaded._names = json.loads((folder / "intents.json").read_text("utf-8"))
            loaded._examples = Examples.load(folder)
            loaded._blend = blend.Blend.load(folder / "blend.npz")
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples, and calibrate on the development messages."""
        # In an order of our own: the result must not depend on how files were read.
        messages = sorted(
            training_data.intent_examples,
            key=lambda message: (message.get(INTENT), message.get(NORMALISED)),
        )
        names = sorted({message.get(INTENT) for message in messages})
        vocabulary = _vocabulary(messages)
        said = [(text, intent) for text, intent in articles.sentences() if intent in names]
        messages += _read([text for text, _ in said], vocabulary)
        wanted = [message.get(INTENT) for message in messages if message.get(INTENT)]
        wanted += [intent for _, intent in said]
        texts = [message.get(NORMALISED) for message in messages]
        vectors = np.stack([message.get(VECTOR) for message in messages])
        examples = Examples.learn(texts, vectors)
        intents = np.array([names.index(intent) for intent in wanted])
        held = _held(examples, names, vocabulary)
        trained = blend.train(examples.alike(texts, vectors), intents, held)
        with self._storage.write_to(self._resource) as folder:
            (folder / "intents.json").write_text(json.dumps(names), "utf-8")
            examples.save(folder)
            trained.save(folder / "blend.npz")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message; none for one without words."""
        for message in messages:
            if message.get(NORMALISED):
                ranking = self._rank(message)
                message.set("intent", ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
            else:
                message.set("intent_ranking", [], add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        if self._examples is None or self._blend is None:
            raise RuntimeError("The classifier has not been trained.")
        alike = self._examples.alike([message.get(NORMALISED)], message.get(VECTOR)[None])
        [confidences] = self._blend.confidences(alike)
        order = np.argsort(-confidences, kind="stable")[: self._ranked]
        return [{"name": self._names[at], "confidence": float(confidences[at])} for at in order]


def _vocabulary(messages: Sequence[Message]) -> normaliser.Vocabulary:
    """Return the words of the training messages, as the pipeline's first step learns them."""
    return normaliser.Vocabulary.of(
        normaliser.count(message.get(TEXT) for message in messages), everyday_words()
    )


def _read(texts: Sequence[str], vocabulary: normaliser.Vocabulary) -> list[Message]:
    """Return texts as messages that the pipeline's first steps have read."""
    messages = [
        Message(data={NORMALISED: normaliser.normalise(text, vocabulary)}) for text in texts
    ]
    return SentenceEncoder(2).process(messages)


def _held(examples: Examples, names: list[str], vocabulary: normaliser.Vocabulary) -> blend.Held:
    """Return the development messages: what they are like, and which intents are right."""
    cases = evaluation.cases(DEV)
    said = _read([case.text for case in cases], vocabulary)
    texts = [message.get(NORMALISED) for message in said]
    alike = examples.alike(texts, np.stack([message.get(VECTOR) for message in said]))
    right = np.array([[name in case.intents for name in names] for case in cases])
    strangers = np.array([case.intents[0] in evaluation.OFF_TOPIC for case in cases])
    return blend.Held(alike, right, strangers)
