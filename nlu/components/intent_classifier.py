"""Rasa intent classifier: one linear layer over the sentence vector.

Rasa's own LogisticRegressionClassifier does the same, but keeps its model with skops, whose import walks through all of
SciPy and NumPy: four seconds of every start. Here scikit-learn is used for training alone; serving is one product.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_FILE = "intents.npz"
_RANKED = 10  # intents in the ranking that Rasa's fallback looks at


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Softmax regression on 384 numbers; a message without a vector keeps no intent."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        `C` is the inverse of the penalty, `max_iter` the most steps of training. A message that names a term is taken
        as a `question` if another intent is less probable than `aside_from`: "what is HI" is no greeting.
        """
        return {"C": 1.0, "max_iter": 600, "question": "ask", "aside_from": 0.8}

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must stand before it in the pipeline."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that must be importable."""
        return ["sklearn"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Start untrained."""
        self._config, self._storage, self._resource = config, model_storage, resource
        self._labels: list[str] = []
        self._weights = np.zeros((0, 0), np.float32)
        self._bias = np.zeros(0, np.float32)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Make the component from what training has kept."""
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE) as kept:
            made._labels = [str(label) for label in kept["labels"]]
            made._weights, made._bias = kept["weights"], kept["bias"]
        return made

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the weights and keep them."""
        from sklearn.linear_model import LogisticRegression

        rows = [(vector(m), m.get(INTENT)) for m in training_data.intent_examples if vector(m) is not None]
        model = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], class_weight="balanced", random_state=0
        )
        model.fit(np.stack([row[0] for row in rows]), [row[1] for row in rows])
        self._labels = [str(label) for label in model.classes_]
        self._weights, self._bias = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking on messages that have a vector."""
        for message in messages:
            found = vector(message)
            if found is not None and self._labels:
                ranking = self._ranking(found)
                if names_term(message) and ranking[0]["confidence"] < self._config["aside_from"]:
                    ranking.sort(key=lambda row: row["name"] != self._config["question"])
                message.set("intent", ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, found: np.ndarray) -> list[dict[str, Any]]:
        scores = self._weights @ found + self._bias
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        order = np.argsort(-odds)[:_RANKED]
        return [{"name": self._labels[n], "confidence": float(odds[n])} for n in order]

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, labels=np.array(self._labels), weights=self._weights, bias=self._bias)


def names_term(message: Message) -> bool:
    """Tell whether the matcher before has found the name of an article in a message."""
    return any(entity.get("entity") == "term" for entity in message.get(ENTITIES) or ())


def vector(message: Message) -> np.ndarray | None:
    """Return the sentence vector of a message, shape (384,), None if it has none."""
    features = message.get_dense_features(TEXT)[1]
    return None if features is None else np.asarray(features.features)[0]
