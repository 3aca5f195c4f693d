"""Small stand-ins for the parts with models behind them; each passes the contract tests of what it stands for."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from knowledge.ports import Scores, Vector
from nlu.text import content_words, words


class FakeEncoder:
    """Texts that share content words lie near each other; nothing else does."""

    def __init__(self, dimension: int = 128) -> None:
        self.digest = f"fake-{dimension}"
        self._dimension = dimension

    def encode(self, texts: Sequence[str]) -> Vector:
        return np.array([self._one(text) for text in texts], np.float32).reshape(len(texts), self._dimension)

    def _one(self, text: str) -> npt.NDArray[np.float64]:
        vector = np.full(self._dimension, 1e-3)
        for word in content_words(text):
            vector[zlib.crc32(word.encode()) % self._dimension] += 1
        return vector / np.linalg.norm(vector)


class BruteForceIndex:
    """The vector index as a plain product."""

    def __init__(self, vectors: Vector) -> None:
        self._vectors = vectors

    def search(self, query: Vector, *, limit: int = 5) -> tuple[npt.NDArray[np.int64], Scores]:
        scores = self._vectors @ query
        order = np.argsort(-scores, kind="stable")[:limit]
        return order.astype(np.int64), scores[order].astype(np.float32)


class SharedTokens:
    """The lexical index as a count of shared tokens."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._counts = [Counter(tokens) for tokens in documents]

    def scores(self, tokens: Sequence[str]) -> Scores:
        return np.array([sum(count[token] for token in tokens) for count in self._counts], np.float32)


class ListSpeller:
    """Mends the words of a list and knows no others."""

    def __init__(self, vocabulary: Sequence[str], slips: Mapping[str, str] | None = None) -> None:
        self._vocabulary = {word.lower() for word in vocabulary}
        self._slips = dict(slips or {})

    def correct(self, text: str) -> str:
        return " ".join(self._slips.get(word.lower(), word) for word in text.split(" "))

    def unknown(self, text: str) -> list[str]:
        return [word for word in words(text) if word.isalpha() and word not in self._vocabulary]
