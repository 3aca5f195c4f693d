"""Fusing the signals for the order of hits: a linear score, its weights learned at build time."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.errors import IndexOutOfDate
from knowledge.features import FEATURES

Floats = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class Ranker:
    """One weight a feature. Scores order the hits of one question; between questions they mean nothing."""

    weights: tuple[float, ...]

    @classmethod
    def even(cls) -> Ranker:
        """Return the ranker that trusts all signals alike: what training starts from."""
        return cls((1.0,) * len(FEATURES))

    def scores(self, features: Floats) -> Floats:
        """Return one score an article from features of shape (articles, 7)."""
        return np.asarray(features @ np.array(self.weights, np.float32), np.float32)

    def save(self, path: Path) -> None:
        """Write the weights with the names of their features."""
        path.write_text(json.dumps(dict(zip(FEATURES, self.weights, strict=True)), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Ranker:
        """Return saved weights.

        Raises:
            IndexOutOfDate: The file is missing, or was made for other features.
        """
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
            return cls(tuple(float(rows[name]) for name in FEATURES))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexOutOfDate(f"no ranker in {path}: run 'send-assistant build' ({error})") from error
