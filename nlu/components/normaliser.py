"""Rasa's first step: sets the normalised text, which every later step of ours reads.

The message itself is left as written, because entities point into it.
"""

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from meaning.encoder import everyday_words
from nlu import normaliser

NORMALISED = "normalised_text"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    is_trainable=True,
)
class Normaliser(GraphComponent):
    """Learns the words of the training data, then mends slips towards them."""

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        """Start with no words. Rasa calls `create` or `load`."""
        self._storage, self._resource = storage, resource
        self._vocabulary = normaliser.Vocabulary.of({})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Normaliser":
        """Return an untrained one."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Normaliser":
        """Return the trained one."""
        loaded = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            counts = json.loads((folder / "words.json").read_text("utf-8"))
        loaded._vocabulary = normaliser.Vocabulary.of(counts, everyday_words())
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words are worth mending towards."""
        counts = normaliser.count(m.get(TEXT) for m in training_data.intent_examples)
        with self._storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps(counts, sort_keys=True), "utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise every example."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the normalised text of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            message.set(NORMALISED, normaliser.normalise(text, self._vocabulary))
        return messages
