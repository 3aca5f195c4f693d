"""Rasa entity extractor: the spaCy matcher over the names of the articles."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_CONFIDENCE,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from nlu.components.build_files import ROOT, build_folder, digest
from nlu.matcher import PATTERNS, Entity, TermMatcher


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class GlossaryMatcher(GraphComponent, EntityExtractorMixin):
    """Adds entities for terms, ambitions, priorities, sections, audiences, ages and school stages."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: there is nothing to set."""
        return {}

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that must be importable."""
        return ["spacy"]

    def __init__(self) -> None:
        """Load the terms from the build folder."""
        self._matcher = TermMatcher.load(build_folder() / "terms" / "terms.json")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GlossaryMatcher:
        """Make the component for training or serving."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a digest of the terms, the patterns and the modules that match them."""
        helpers = (ROOT / "nlu" / name for name in ("matcher.py", "text.py"))
        return digest(build_folder() / "terms" / "terms.json", PATTERNS, *helpers)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message; a message without text is left alone."""
        for message in messages:
            found = [self._as_rasa(entity) for entity in self._matcher.find(message.get(TEXT) or "")]
            marked = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + marked, add_to_output=True)
        return messages

    @staticmethod
    def _as_rasa(entity: Entity) -> dict[str, Any]:
        return {
            ENTITY_ATTRIBUTE_TYPE: entity.kind,
            ENTITY_ATTRIBUTE_VALUE: entity.value,
            ENTITY_ATTRIBUTE_START: entity.start,
            ENTITY_ATTRIBUTE_END: entity.end,
            ENTITY_ATTRIBUTE_CONFIDENCE: 1.0,
        }
