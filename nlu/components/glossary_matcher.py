"""Rasa entity extractor: names of the articles by the spaCy matcher, and what the assistant never does."""

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

from nlu import limits
from nlu.components.build_files import ROOT, build_folder, digest
from nlu.matcher import PATTERNS, Entity, TermMatcher


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class GlossaryMatcher(GraphComponent, EntityExtractorMixin):
    """Adds entities for terms, ambitions, priorities, sections, audiences, ages, school stages and named limits."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: there is nothing to set."""
        return {}

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that must be importable."""
        return ["spacy"]

    def __init__(self) -> None:
        """Load the terms from the build folder and the rules of the limits."""
        self._matcher = TermMatcher.load(build_folder() / "terms" / "terms.json")
        self._limits = limits.LimitMatcher.load()

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
        helpers = [ROOT / "nlu" / name for name in ("matcher.py", "text.py", "limits.py")]
        helpers += sorted((ROOT / "nlu" / "phrases").glob("*.py"))
        return digest(build_folder() / "terms" / "terms.json", PATTERNS, limits.PATTERNS, *helpers)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message; a message without text is left alone."""
        for message in messages:
            found = [self._as_rasa(entity) for entity in self._found(message.get(TEXT) or "")]
            marked = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + marked, add_to_output=True)
        return messages

    def _found(self, text: str) -> list[Entity]:
        limit = self._limits.find(text)
        named = [Entity("limit", limit, 0, len(text), text)] if limit else []
        return [*self._matcher.find(text), *named]

    @staticmethod
    def _as_rasa(entity: Entity) -> dict[str, Any]:
        return {
            ENTITY_ATTRIBUTE_TYPE: entity.kind,
            ENTITY_ATTRIBUTE_VALUE: entity.value,
            ENTITY_ATTRIBUTE_START: entity.start,
            ENTITY_ATTRIBUTE_END: entity.end,
            ENTITY_ATTRIBUTE_CONFIDENCE: 1.0,
        }
