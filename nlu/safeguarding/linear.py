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
_BACKGROUND_WEIGHT = 0.25  # thousands of plain questions must not outweigh some hundred cries for help


class Encoder(Protocol):
    """Whatever turns texts into sentence vectors."""

    def encode(self, texts: list[str]) -> Vectors:
        """Return float32 rows of length 1 (L2), shape (len(texts), dim)."""
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


def train(examples: Sequence[tuple[str, str]], encoder: Encoder, *, background: Sequence[str] = ()) -> LinearModel:
    """Fit the classifier; equal input gives an equal model.

    Args:
        examples: Pairs of text and label (a category's value or "none").
        encoder: The sentence encoder that will serve as well.
        background: Ordinary questions, each counted for little: they teach what is asked here every day.

    Returns:
        A model over the labels in alphabetical order.
    """
    from sklearn.linear_model import LogisticRegression  # only the build needs it

    texts = [*(text for text, _ in examples), *background]
    labels = [*(label for _, label in examples), *(NONE for _ in background)]
    weights = [1.0] * len(examples) + [_BACKGROUND_WEIGHT] * len(background)
    model = LogisticRegression(C=_STRENGTH, max_iter=3000, tol=1e-4)
    fitted = model.fit(encoder.encode(texts), labels, sample_weight=weights)
    rows, bias = fitted.coef_, fitted.intercept_
    if len(rows) == 1:  # of two classes scikit-learn keeps the second only
        rows, bias = np.vstack([np.zeros_like(rows), rows]), np.concatenate([[0.0], bias])
    labels_in_order = tuple(str(name) for name in fitted.classes_)
    return LinearModel(labels_in_order, rows.astype(np.float32), bias.astype(np.float32))
