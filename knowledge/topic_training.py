"""Learning the topic classifier from the passages (build only: needs scikit-learn and SciPy)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from knowledge.chunker import NAMES, Passage
from knowledge.ports import Vector
from knowledge.topic_classifier import TopicClassifier
from knowledge.word_grams import WordGrams

_KINDS = (*NAMES, "lead")  # with the long texts as well, held-out questions were answered no better
_STRENGTH = 30.0  # inverse of the shrinking; 100 gains nothing
_ROUNDS = 60  # the order of articles has settled by then; until the loss has, it takes thrice as long


def train_topics(passages: Sequence[Passage], vectors: Vector, article_ids: Sequence[str]) -> TopicClassifier:
    """Return the classifier learned from some passages.

    Args:
        passages: Texts with their articles.
        vectors: Their sentence embeddings, shape (passages, dim).
        article_ids: The articles in the order in which probabilities are wanted.
    """
    rows = [number for number, passage in enumerate(passages) if passage.kind in _KINDS]
    numbers = {article_id: number for number, article_id in enumerate(article_ids)}
    right = np.array([numbers[passages[row].article_id] for row in rows])
    texts = [passages[row].text for row in rows]
    grams = WordGrams.of(texts)
    inputs = hstack([csr_matrix(vectors[rows]), _gram_matrix(grams, texts)]).tocsr()
    return _learned(grams, inputs, right, len(article_ids))


def _learned(grams: WordGrams, inputs: csr_matrix, right: np.ndarray, articles: int) -> TopicClassifier:
    if articles < 2:
        return TopicClassifier(grams, np.zeros((inputs.shape[1], articles), np.float16), np.zeros(articles, np.float32))
    model = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(inputs, right)
    weights, intercept = model.coef_.T, model.intercept_
    if articles == 2:  # scikit-learn keeps one column for two classes
        weights, intercept = np.hstack([-weights, weights]) / 2, np.array([-intercept[0], intercept[0]]) / 2
    return TopicClassifier(grams, weights.astype(np.float16), intercept.astype(np.float32))


def _gram_matrix(grams: WordGrams, texts: Sequence[str]) -> csr_matrix:
    weighed = [grams.weigh(text) for text in texts]
    columns = [number for numbers, _ in weighed for number in numbers]
    values = [value for _, row in weighed for value in row]
    starts = np.cumsum([0, *(len(numbers) for numbers, _ in weighed)])
    return csr_matrix((np.array(values, np.float32), columns, starts), shape=(len(texts), len(grams)))
