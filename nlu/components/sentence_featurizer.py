"""Rasa featurizer: one vector a message, from the same encoder that finds the articles."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.build_files import ROOT, build_folder, digest
from nlu.encoder import DIMENSION, SentenceEncoder
from nlu.text import normalise


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Sets a sentence vector of 384 numbers on every message that has text; leaves an empty one alone."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults; Rasa demands `alias` of every featurizer."""
        return {"alias": "sentence_vector"}

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that must be importable."""
        return ["onnxruntime", "tokenizers"]

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Load the encoder from the build folder."""
        super().__init__(name, config)
        self._encoder = SentenceEncoder(build_folder() / "encoder")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Make the component for training or serving."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any configuration: there is nothing to set."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a digest of the encoder and of the modules that shape its input."""
        folder, helpers = build_folder() / "encoder", (ROOT / "nlu" / name for name in ("encoder.py", "text.py"))
        return digest(folder / "model.onnx", folder / "tokenizer.json", *helpers)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set features on all training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set features on messages."""
        for message in messages:
            text = normalise(message.get(TEXT) or "")
            if text:
                self._set(message, self._encoder.encode([text.lower()]))
        return messages

    def _set(self, message: Message, vector: np.ndarray) -> None:
        # The classifier reads the sentence features; Rasa's data checks want a sequence row beside them.
        for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
            message.add_features(Features(vector.reshape(1, DIMENSION), kind, TEXT, self._config["alias"]))
