"""Which part of an article a question asks for: the question group whose wordings ask for the same thing.

All wordings of one article share its subject, so plain nearness mostly measures the subject. The projection keeps the
directions in which groups of one article differ ("who pays", "how long") and shrinks those in which wordings of one
group do: linear discriminant analysis within articles. Decision 0011 has what it gains.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.errors import IndexOutOfDate
from knowledge.ports import Vector

Floats = npt.NDArray[np.float32]
EVIDENCE = ("mean", "nearest", "many", "first")
_SHARPNESS = 15.0  # how far the nearest wording outweighs the others of its group


class PartFinder:
    """Compares a question with the wordings of one article's groups.

    Args:
        projection: Shape (dim, directions).
        weights: One for each entry of `EVIDENCE`.
    """

    def __init__(self, projection: Floats, weights: Floats) -> None:
        """Keep what was learned."""
        self._projection, self._weights = projection, weights

    def project(self, vectors: Vector) -> Floats:
        """Return sentence embeddings, shape (n, dim), as unit rows of shape (n, directions)."""
        rows = vectors @ self._projection
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), np.float32)

    def scores(self, question: Floats, wordings: Floats, groups: npt.NDArray[np.int64]) -> dict[int, float]:
        """Return how well each group fits a question, on the scale of a cosine; compare within one article only.

        Args:
            question: Projected, shape (directions,).
            wordings: Projected wordings and leads of one article, shape (n, directions), n > 0.
            groups: The group of each, shape (n,).
        """
        numbers, rows = evidence(wordings @ question, groups)
        scale = float(self._weights[:2].sum()) or 1.0
        return {int(number): float(score) / scale for number, score in zip(numbers, rows @ self._weights, strict=True)}

    def save(self, path: Path) -> None:
        """Write what was learned as one table, the weights in its last row."""
        last = np.zeros((1, self._projection.shape[1]), np.float32)
        last[0, : len(self._weights)] = self._weights
        np.save(path, np.vstack([self._projection, last]))

    @classmethod
    def load(cls, path: Path) -> PartFinder:
        """Return a saved finder.

        Raises:
            IndexOutOfDate: The file is missing or damaged.
        """
        try:
            table = np.load(path, allow_pickle=False)
            return cls(table[:-1], table[-1, : len(EVIDENCE)])
        except (OSError, ValueError, EOFError, IndexError) as error:
            raise IndexOutOfDate(f"{path} cannot be read: run 'send-assistant build' ({error})") from error


def evidence(nearness: Floats, groups: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the group numbers and what speaks for each, shape (groups, 4), in the order of `EVIDENCE`."""
    numbers = np.unique(groups)
    rows = []
    for number in numbers:
        mine = nearness[groups == number]
        nearest = np.log(np.exp(_SHARPNESS * mine).sum()) / _SHARPNESS
        rows.append((mine.mean(), nearest, np.log(len(mine)), float(number == 0)))
    return numbers, np.array(rows, np.float32)
