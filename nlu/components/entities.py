"""Rasa's step for things named: hands the message to `nlu.entities` and sets what it finds."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu import entities


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    is_trainable=False,
)
class EntityFinder(GraphComponent, EntityExtractorMixin):
    """Finds ages, places, lengths of time and sums of money by rule."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityFinder":
        """Return one."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of each message."""
        for message in messages:
            found = [_as_rasa_says(entity) for entity in entities.find(message.get(TEXT) or "")]
            message.set(ENTITIES, found, add_to_output=True)
        return messages


def _as_rasa_says(entity: entities.Entity) -> dict[str, Any]:
    return {
        "entity": entity.kind.value,
        "value": entity.value,
        "text": entity.text,
        "start": entity.start,
        "end": entity.start + len(entity.text),
    }
