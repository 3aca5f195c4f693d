"""A kernel machine over sentence vectors: how likely it is that a message tells of danger, harm or despair.

Hints that share no words with one another lie in many small heaps; one straight cut through the space, as softmax
regression makes it, passes between too few of them. Decision 0010 has the figures of both.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlu.safeguarding import linear
from nlu.safeguarding.linear import NONE, Encoder, LinearModel, Vectors

_WIDTH = 0.5  # how fast the say of an example falls with distance; 0.5 to 2 differ by chance alone
_STRENGTH = 5.0  # inverse of the penalty
_BACKGROUND_WEIGHT = 0.25  # thousands of plain questions must not outweigh the cries for help
_FOLDS = 3
Flags = npt.NDArray[np.bool_]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class KernelModel:
    """Radial basis functions around messages that were learned from, and a linear model that names the category.

    Attributes:
        kinds: Tells the categories apart.
        support: Messages that decide, float32, shape (n, dim).
        weights: What each of them says, float32, shape (n,).
        bias, slope, offset: From their sum to a probability.
    """

    kinds: LinearModel
    support: Vectors
    weights: Vectors
    bias: float
    slope: float
    offset: float

    def probabilities(self, vector: Vectors) -> dict[str, float]:
        """Return the probability of each label for one sentence vector of shape (dim,)."""
        alarm = self._alarm(vector)
        shares = {label: odds for label, odds in self.kinds.probabilities(vector).items() if label != NONE}
        total = sum(shares.values()) or 1.0
        return {NONE: 1 - alarm, **{label: alarm * odds / total for label, odds in shares.items()}}

    def _alarm(self, vector: Vectors) -> float:
        distances = np.square(self.support - vector).sum(axis=1)
        decision = float(np.exp(-_WIDTH * distances) @ self.weights) + self.bias
        return float(1 / (1 + np.exp(-self.slope * decision - self.offset)))

    def save(self, folder: Path) -> None:
        """Write the model as two files below a folder."""
        self.kinds.save(folder / "kinds.json")
        numbers = np.array([self.bias, self.slope, self.offset])
        np.savez(folder / "kernel.npz", support=self.support, weights=self.weights, numbers=numbers)

    @classmethod
    def load(cls, folder: Path) -> KernelModel:
        """Read a model that `save` wrote.

        Raises:
            OSError: A file is missing.
            ValueError: A file is damaged, or its arrays do not fit one another.
        """
        kinds = LinearModel.load(folder / "kinds.json")
        try:
            with (folder / "kernel.npz").open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                support, weights, numbers = (file[name] for name in ("support", "weights", "numbers"))
        except (KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"kernel.npz is damaged ({error}); build again") from error
        if support.ndim != 2 or weights.shape != support.shape[:1] or numbers.shape != (3,):
            raise ValueError(f"kernel.npz: {weights.shape} weights do not fit {support.shape} messages; build again")
        return cls(kinds, support, weights, *map(float, numbers))


def train(examples: Sequence[tuple[str, str]], encoder: Encoder, *, background: Sequence[str] = ()) -> KernelModel:
    """Fit the model; equal input gives an equal model.

    Args:
        examples: Pairs of text and label (a category's value or "none"), several of each.
        encoder: The sentence encoder that will serve as well.
        background: Ordinary questions, each counted for little: they teach what is asked here every day.
    """
    vectors = encoder.encode([*(text for text, _ in examples), *background])
    labels = [*(label for _, label in examples), *[NONE] * len(background)]
    counts = np.array([1.0] * len(examples) + [_BACKGROUND_WEIGHT] * len(background))
    return _fit(
        linear.fit(vectors, labels, list(counts)), vectors, np.array([label != NONE for label in labels]), counts
    )


def _fit(kinds: LinearModel, vectors: Vectors, told: Flags, counts: Doubles) -> KernelModel:
    from sklearn.linear_model import LogisticRegression  # only the build needs them
    from sklearn.model_selection import cross_val_predict
    from sklearn.svm import SVC

    machine = SVC(C=_STRENGTH, gamma=_WIDTH)
    say = {"sample_weight": counts}
    unseen = cross_val_predict(machine, vectors, told, cv=_FOLDS, method="decision_function", params=say)
    odds = LogisticRegression(C=1e3).fit(unseen[:, None], told, sample_weight=counts)
    fitted = machine.fit(vectors, told, sample_weight=counts)
    numbers = (fitted.intercept_[0], odds.coef_[0, 0], odds.intercept_[0])
    support, weights = vectors[fitted.support_], fitted.dual_coef_[0]
    return KernelModel(kinds, np.asarray(support, np.float32), np.asarray(weights, np.float32), *map(float, numbers))
