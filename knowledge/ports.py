"""What this package needs from outside, and what its parts are to each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns sentences into vectors of meaning."""

    digest: str

    def encode(self, texts: Sequence[str]) -> Vector:
        """Return one unit vector a text: float32, shape (len(texts), dim)."""


class Speller(Protocol):
    """Mends misspelt words."""

    def correct(self, text: str) -> str:
        """Return the text with unknown words mended towards words that the articles use."""

    def unknown(self, text: str) -> list[str]:
        """Return the words that neither English nor the articles know."""


class VectorIndex(Protocol):
    """Finds passages by meaning."""

    def search(self, query: Vector, *, limit: int) -> tuple[npt.NDArray[np.int64], Scores]:
        """Return passage numbers and cosine similarities (-1 to 1), best first.

        Args:
            query: Sentence embedding, float32, shape (dim,), length 1 (L2).
            limit: Most hits to return, at least 1.
        """


class LexicalIndex(Protocol):
    """Scores all documents by the words (or letter groups) they share with a question."""

    def scores(self, tokens: Sequence[str]) -> Scores:
        """Return one score a document (0 or more), in the order they were indexed."""
