"""Rasa's second step: one vector for what a message means, worked out once."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from meaning.encoder import PLAIN, Encoder
from nlu.components.normaliser import NORMALISED

VECTOR = "sentence_vector"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    is_trainable=False,
)
class SentenceEncoder(GraphComponent):
    """Turns each message into a unit-length vector of 384 numbers."""

    def __init__(self, threads: int) -> None:
        """Load the encoder for questions. Raise EncoderError if a file of it is not ours."""
        self._encoder = Encoder(PLAIN, threads=threads)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: one thread, since several messages may be under way at once."""
        return {"threads": 1}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """Return one, loaded."""
        return cls(int(config["threads"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every example."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the vector of each message."""
        vectors = self._encoder.vectors([message.get(NORMALISED) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            message.set(VECTOR, vector)
        return messages
