"""Learning the ranker's weights and the calibration (build only: needs scikit-learn and SciPy)."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from knowledge.calibration import EVIDENCE, Calibrator, evidence
from knowledge.chunker import Passage
from knowledge.features import FEATURES
from knowledge.ranker import Ranker
from knowledge.retriever import Retriever

_WORDINGS = 1500  # enough for eight weights
_CANDIDATES = 12
_SHRINK = 0.5  # keeps the weights of signals that say nearly the same from running apart
_FOLDS = 5
RISK = 0.02  # of the answers given, at most this share may be wrong in cross-validation

Doubles = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Labelled:
    """A question with the articles that answer it; none if nothing in the knowledge base does."""

    text: str
    expected: tuple[str, ...]


def read_questions(path: Path) -> list[Labelled]:
    """Return labelled questions from JSON lines `{"text", "expected": id | [ids] | null}`."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Labelled(row["text"], _ids(row["expected"])) for row in rows]


def train_ranker(retriever: Retriever) -> Ranker:
    """Learn the weights from the articles' own wordings, each left out of the index while it is the question."""
    lists = list(_lists(retriever))

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        total, slope = _SHRINK * float(weights @ weights), 2 * _SHRINK * weights
        for rows, right in lists:
            scores = rows @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            total -= float(np.log(shares[right] + 1e-12))
            slope += rows.T @ shares - rows[right]
        return total, slope

    start = np.ones(len(FEATURES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(FEATURES))
    return Ranker(tuple(float(weight) for weight in found.x))


def train_calibrator(retriever: Retriever, questions: Sequence[Labelled]) -> Calibrator:
    """Learn the probability from questions that are nobody's wordings, and set the limits from a chosen risk.

    The limits come from predictions made in cross-validation: the probability from which at most 2 in 100 answers
    are wrong, and half of that for asking back.
    """
    rows, right = evidence_table(retriever, questions)
    model = LogisticRegression(C=1.0, max_iter=2000)
    guessed = cross_val_predict(model, rows, right, cv=_FOLDS, method="predict_proba")[:, 1]
    model.fit(rows, right)
    limit = risk_limit(guessed, right)
    weights = tuple(float(weight) for weight in model.coef_[0])
    return Calibrator(weights, float(model.intercept_[0]), limit, limit / 2)


def evidence_table(retriever: Retriever, questions: Sequence[Labelled]) -> tuple[Doubles, npt.NDArray[np.int64]]:
    """Return the evidence, shape (questions, 13), and 1 where the first hit was right, shape (questions,)."""
    found = [retriever.search(question.text) for question in questions]
    kept = [(row, q) for row, q in zip(found, questions, strict=True) if row.hits]
    rows = np.array([evidence(row) for row, _ in kept], np.float64).reshape(-1, len(EVIDENCE))
    right = np.array([int(row.hits[0].article_id in q.expected) for row, q in kept])
    return rows, right


def risk_limit(guessed: Doubles, right: npt.NDArray[np.int64], risk: float = RISK) -> float:
    """Return the lowest probability from which the share of wrong answers is at most the risk."""
    order = np.argsort(-guessed)
    wrong = np.cumsum(1 - right[order]) / np.arange(1, len(order) + 1)
    safe = np.flatnonzero(wrong <= risk)
    return float(guessed[order][safe[-1]]) if len(safe) else 0.99


def _lists(retriever: Retriever) -> Iterable[tuple[Doubles, int]]:
    features = retriever.features
    for number in _sample(retriever.passages):
        passage = retriever.passages[number]
        similarity = features.passage_similarity(retriever.vector(number)[None])
        table = features.extract(passage.text, similarity, without=number)
        owner = int(features.owner[number])
        best = np.argsort(-(table[:, 0] + table[:, 3] + table[:, 6]))[:_CANDIDATES]
        rows = [owner, *(int(n) for n in best if n != owner)]
        yield table[rows].astype(np.float64), 0


def _sample(passages: Sequence[Passage]) -> list[int]:
    """Return the numbers of question wordings, spread evenly and always the same."""
    numbers = [number for number, passage in enumerate(passages) if passage.kind == "question"]
    return sorted(numbers, key=lambda n: hashlib.sha256(passages[n].text.encode()).digest())[:_WORDINGS]


def _ids(expected: str | list[str] | None) -> tuple[str, ...]:
    if expected is None:
        return ()
    return (expected,) if isinstance(expected, str) else tuple(expected)
