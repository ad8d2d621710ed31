"""Rasa's second step: one vector for what a message means, worked out once.

The encoder lies in the folder that KITH_NLU_ENCODER names, built there by `build_encoder`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import onnxruntime
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer

from nlu.components import build_encoder
from nlu.components.normaliser import NORMALISED

VECTOR = "sentence_vector"
_BATCH, _MOST_TOKENS = 32, 128


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    is_trainable=False,
)
class SentenceEncoder(GraphComponent):
    """Turns each message into a unit-length vector of 384 numbers."""

    def __init__(self, threads: int) -> None:
        """Load the graph and the tokenizer. Raise EncoderError if either is not ours."""
        graph, tokenizer = build_encoder.read_built()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_str(tokenizer.decode("utf-8"))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()

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
        # Alike lengths together, so that a batch is not mostly padding.
        ordered = sorted(messages, key=lambda message: len(message.get(NORMALISED)))
        vectors = self._encode([message.get(NORMALISED) for message in ordered])
        for message, vector in zip(ordered, vectors, strict=True):
            message.set(VECTOR, vector)
        return messages

    def _encode(self, texts: Sequence[str]) -> Iterator[np.ndarray]:
        for start in range(0, len(texts), _BATCH):
            tokens = self._tokenizer.encode_batch(list(texts[start : start + _BATCH]))
            ids = np.array([each.ids for each in tokens], dtype=np.int64)
            mask = np.array([each.attention_mask for each in tokens], dtype=np.int64)
            yield from self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
