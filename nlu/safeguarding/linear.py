"""A linear classifier over sentence vectors: trained when building, plain arithmetic when serving."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
NONE = "none"
_STRENGTH = 20.0  # inverse of the penalty; chosen by cross-validation over template groups of the training file


class Encoder(Protocol):
    """Whatever turns texts into sentence vectors."""

    def encode(self, texts: list[str]) -> Vectors:
        """Return float32 rows of length 1 (L2), shape (len(texts), dim)."""
        ...


class Classifier(Protocol):
    """Whatever tells how likely each category is."""

    def probabilities(self, vector: Vectors) -> dict[str, float]:
        """Return the probability of each label for one sentence vector of shape (dim,)."""
        ...


@dataclass(frozen=True)
class LinearModel:
    """Softmax regression.

    Attributes:
        labels: One category or "none" for each row of weights.
        weights: float32, shape (len(labels), dim).
        bias: float32, shape (len(labels),).
    """

    labels: tuple[str, ...]
    weights: Vectors
    bias: Vectors

    def probabilities(self, vector: Vectors) -> dict[str, float]:
        """Return the probability of each label for one sentence vector of shape (dim,)."""
        logits = self.weights @ vector + self.bias
        odds = np.exp(logits - logits.max())
        return {label: float(p) for label, p in zip(self.labels, odds / odds.sum(), strict=True)}

    def save(self, path: Path) -> None:
        """Write the model as JSON (rounded to six places; equal training gives equal files)."""
        content = {
            "labels": list(self.labels),
            "weights": np.round(self.weights.astype(float), 6).tolist(),
            "bias": np.round(self.bias.astype(float), 6).tolist(),
        }
        path.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "LinearModel":
        """Read a model that `save` wrote.

        Raises:
            ValueError: The file's arrays do not fit its labels.
        """
        content = json.loads(path.read_text(encoding="utf-8"))
        model = cls(
            tuple(content["labels"]),
            np.asarray(content["weights"], dtype=np.float32),
            np.asarray(content["bias"], dtype=np.float32),
        )
        if model.weights.ndim != 2 or len(model.labels) != len(model.weights) or len(model.labels) != len(model.bias):
            shape = model.weights.shape
            raise ValueError(f"{path.name}: weights {shape} do not fit {len(model.labels)} labels; build again")
        return model


def fit(vectors: Vectors, labels: Sequence[str], counts: Sequence[float]) -> LinearModel:
    """Return the model learned from sentence vectors; equal input gives an equal model.

    Args:
        vectors: Shape (n, dim).
        labels: A category's value or "none" for each of them.
        counts: How much each of them counts.

    Returns:
        A model over the labels in alphabetical order.
    """
    from sklearn.linear_model import LogisticRegression  # only the build needs it

    fitted = LogisticRegression(C=_STRENGTH, max_iter=3000, tol=1e-4).fit(vectors, labels, sample_weight=counts)
    rows, bias = fitted.coef_, fitted.intercept_
    if len(rows) == 1:  # of two classes scikit-learn keeps the second only
        rows, bias = np.vstack([np.zeros_like(rows), rows]), np.concatenate([[0.0], bias])
    labels_in_order = tuple(str(name) for name in fitted.classes_)
    return LinearModel(labels_in_order, rows.astype(np.float32), bias.astype(np.float32))
