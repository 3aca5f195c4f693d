"""Learning the topic classifier from the passages (build only: needs SciPy)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from knowledge.chunker import NAMES, Passage
from knowledge.ports import Vector
from knowledge.topic_classifier import TopicClassifier
from knowledge.word_grams import WordGrams

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
_KINDS = (*NAMES, "lead")  # with the long texts as well, held-out questions were answered no better
_STRENGTH = 30.0  # inverse of the shrinking; 100 gains nothing
_MEMORY = 5  # steps that L-BFGS remembers; each takes as much memory as the weights
_ROUNDS = 75  # the order of articles has settled by then; until the loss has, it takes thrice as long


def train_topics(
    passages: Sequence[Passage], vectors: Vector, article_ids: Sequence[str], outside: Sequence[str] = ()
) -> TopicClassifier:
    """Return the classifier learned from some passages, and from questions that none of them answers.

    Args:
        passages: Texts with their articles.
        vectors: The sentence embeddings of the passages, then of `outside`, shape (passages + outside, dim).
        article_ids: The articles in the order in which probabilities are wanted.
        outside: Questions that no article answers.
    """
    rows = [number for number, passage in enumerate(passages) if passage.kind in _KINDS]
    numbers = {article_id: number for number, article_id in enumerate(article_ids)}
    right = np.array([*(numbers[passages[row].article_id] for row in rows), *[len(article_ids)] * len(outside)])
    texts = [*(passages[row].text for row in rows), *outside]
    rows += range(len(passages), len(passages) + len(outside))
    grams = WordGrams.of(texts)
    model = _Softmax(vectors[rows], _gram_matrix(grams, texts), right, len(article_ids) + 1)
    weights, intercept = model.fit()
    return TopicClassifier(grams, weights.astype(np.float16), intercept.astype(np.float32))


class _Softmax:
    """A softmax regression whose inputs are part dense, part sparse.

    scikit-learn's takes one matrix: with the vectors in a sparse one it needs far longer for the same weights.
    """

    def __init__(self, dense: Vector, sparse: csr_matrix, right: Numbers, classes: int) -> None:
        self._dense, self._sparse, self._right = np.ascontiguousarray(dense, np.float32), sparse, right
        self._turned = sparse.T.tocsr()
        self._shape = (dense.shape[1] + sparse.shape[1] + 1, classes)

    def fit(self) -> tuple[Floats, Floats]:
        """Return the weights, shape (inputs, classes), and the intercepts, shape (classes,)."""
        start = np.zeros(self._shape[0] * self._shape[1])
        options = {"maxiter": _ROUNDS, "maxcor": _MEMORY}
        table = minimize(self._loss, start, jac=True, method="L-BFGS-B", options=options).x.reshape(self._shape)
        return table[:-1].astype(np.float32), table[-1].astype(np.float32)

    def _loss(self, flat: Doubles) -> tuple[float, Doubles]:
        table = flat.reshape(self._shape).astype(np.float32)
        width = self._dense.shape[1]
        scores = self._dense @ table[:width] + self._sparse @ table[width:-1] + table[-1]
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        total = shares.sum(axis=1, keepdims=True)
        each = np.arange(len(self._right))
        loss = float((np.log(total[:, 0]) - scores[each, self._right]).sum(dtype=np.float64))
        shares /= total
        shares[each, self._right] -= 1
        slope = np.vstack([self._dense.T @ shares, self._turned @ shares, shares.sum(axis=0)[None]])
        slope[:-1] += table[:-1] / _STRENGTH
        shrunk = float(np.square(table[:-1]).sum(dtype=np.float64)) / (2 * _STRENGTH)
        return loss + shrunk, slope.astype(np.float64).ravel()


def _gram_matrix(grams: WordGrams, texts: Sequence[str]) -> csr_matrix:
    weighed = [grams.weigh(text) for text in texts]
    columns = [number for numbers, _ in weighed for number in numbers]
    values = [value for _, row in weighed for value in row]
    starts = np.cumsum([0, *(len(numbers) for numbers, _ in weighed)])
    return csr_matrix((np.array(values, np.float32), columns, starts), shape=(len(texts), len(grams)))
