"""Learning the ranker's weights and the calibration (build only: needs scikit-learn and SciPy)."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from knowledge import weights
from knowledge.calibration import EVIDENCE, OFFERED, Calibrator, Odds, evidence
from knowledge.features import FEATURES
from knowledge.model import Article
from knowledge.ranker import Ranker
from knowledge.retriever import Look, Retriever

_CANDIDATES = 15
_SHRINK = 0.3  # keeps the weights of signals that say nearly the same from running apart
_FOLDS = 5
RISK = 0.14  # of the answers given, at most this share may be another article in cross-validation (decision 0004)
ASK_FROM = 0.5  # a question back is worth its trouble where it is as likely as not to hold the answer
_LOOSENESS = 10.0  # inverse of the shrinking
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


@dataclasses.dataclass(frozen=True)
class Looked:
    """A labelled question with all its signals, so that they are computed once for ranker and calibration."""

    question: Labelled
    look: Look


def look_at(retriever: Retriever, questions: Sequence[Labelled]) -> list[Looked]:
    """Return the questions with their signals."""
    return [Looked(question, retriever.look(question.text)) for question in questions]


def with_parts(questions: Sequence[Labelled], articles: Iterable[Article]) -> list[Labelled]:
    """Return the questions with the parts of an expected article counted as right: such an answer cites both."""
    parts: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        if article.part_of:
            parts[article.part_of].append(article.id)
    return [Labelled(q.text, (*q.expected, *(part for key in q.expected for part in parts[key]))) for q in questions]


def train_ranker(retriever: Retriever, questions: Sequence[Looked]) -> Ranker:
    """Learn the weights from labelled questions: a softmax over the candidates of each, never a negative weight.

    Seven weights on a thousand questions are hardly fitted to any one of them; how well they carry over is reported on
    the golden set, which no training sees.
    """
    lists = list(_lists(retriever, questions))
    found = weights.fit(lists, np.ones(len(FEATURES)), shrink=_SHRINK, bounds=(0, None))
    return Ranker(tuple(float(weight) for weight in found))


def train_calibrator(retriever: Retriever, questions: Sequence[Looked]) -> Calibrator:
    """Learn the probability from questions that are nobody's wordings, and set the limits from a chosen risk.

    The limit for answers comes from predictions made in cross-validation: the probability from which the share of
    answers from another article than the expected one stays within `RISK`.
    """
    rows, right = evidence_table(retriever, questions)
    guessed = cross_val_predict(_model(), rows, right[:, 0], cv=_FOLDS, method="predict_proba")[:, 1]
    return Calibrator(_odds(rows, right[:, 0]), _odds(rows, right[:, 1]), risk_limit(guessed, right[:, 0]), ASK_FROM)


def evidence_table(retriever: Retriever, questions: Sequence[Looked]) -> tuple[Doubles, npt.NDArray[np.int64]]:
    """Return the evidence, shape (questions, 16), and what was right, shape (questions, 2).

    What was right is 1 where the first hit was, and 1 where one of the first `OFFERED` hits was.
    """
    found = [(retriever.rank(looked.look), looked.question) for looked in questions]
    kept = [(row, question) for row, question in found if row.hits]
    rows = np.array([evidence(row) for row, _ in kept], np.float64).reshape(-1, len(EVIDENCE))
    right = [[any(hit.article_id in q.expected for hit in row.hits[:n]) for n in (1, OFFERED)] for row, q in kept]
    return rows, np.array(right, np.int64).reshape(-1, 2)


def _model() -> LogisticRegression:
    return LogisticRegression(C=_LOOSENESS, max_iter=5000)


def _odds(rows: Doubles, right: npt.NDArray[np.int64]) -> Odds:
    model = _model().fit(rows, right)
    return Odds(tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0]))


def risk_limit(guessed: Doubles, right: npt.NDArray[np.int64], risk: float = RISK) -> float:
    """Return the lowest probability from which the share of wrong answers is at most the risk."""
    for limit in np.unique(guessed):
        if 1 - right[guessed >= limit].mean() <= risk:
            return float(limit)
    return 0.99


def _lists(retriever: Retriever, questions: Sequence[Looked]) -> Iterable[tuple[Doubles, int]]:
    """Yield for each question the features of its candidates, the right ones first, and how many those are."""
    features = retriever.features
    numbers = {article_id: number for number, article_id in enumerate(features.article_ids)}
    for looked in questions:
        right = [numbers[key] for key in looked.question.expected if key in numbers]
        if right:
            table = looked.look.table
            best = np.argsort(-table.sum(axis=1))[:_CANDIDATES]
            rows = [*right, *(int(n) for n in best if n not in right)]
            yield table[rows].astype(np.float64), len(right)


def _ids(expected: str | list[str] | None) -> tuple[str, ...]:
    if expected is None:
        return ()
    return (expected,) if isinstance(expected, str) else tuple(expected)
