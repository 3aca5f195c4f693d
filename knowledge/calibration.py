"""The probability that the best hit answers the question: a score of its own, apart from the order of hits.

Scores of the ranker are not comparable between questions; this probability is. Its weights come from questions that
are nobody's training wordings (`knowledge/calibration/questions.jsonl`), and evaluation reports it by
cross-validation.
"""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

from knowledge.errors import IndexOutOfDate
from knowledge.features import FEATURES
from knowledge.retriever import Retrieval

EVIDENCE = (*FEATURES, "margin", "share", "unknown", "length", "agreement")


@dataclasses.dataclass(frozen=True)
class Calibrator:
    """A logistic model over the evidence, and the two probabilities that part answer, clarify and decline."""

    weights: tuple[float, ...]
    intercept: float
    answer_from: float
    clarify_from: float

    def probability(self, found: Retrieval) -> float:
        """Return the probability (0 to 1) that the first hit answers the question; 0 if there is no hit."""
        if not found.hits:
            return 0.0
        row = evidence(found)
        return 1 / (1 + math.exp(-self.intercept - sum(w * x for w, x in zip(self.weights, row, strict=True))))

    def save(self, path: Path) -> None:
        """Write the model with the names of its evidence."""
        rows = dict(zip(EVIDENCE, self.weights, strict=True))
        others = {"intercept": self.intercept, "answer_from": self.answer_from, "clarify_from": self.clarify_from}
        path.write_text(json.dumps({"weights": rows, **others}, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Calibrator:
        """Return a saved model.

        Raises:
            IndexOutOfDate: The file is missing, or was made for other evidence.
        """
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
            weights = tuple(float(rows["weights"][name]) for name in EVIDENCE)
            return cls(weights, rows["intercept"], rows["answer_from"], rows["clarify_from"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexOutOfDate(f"no calibration in {path}: run 'send-assistant build' ({error})") from error


def evidence(found: Retrieval) -> tuple[float, ...]:
    """Return what speaks for and against the first hit, in the order of `EVIDENCE`."""
    first = found.hits[0]
    scores = [hit.score for hit in found.hits]
    share = 1 / sum(math.exp(min(50.0, score - scores[0])) for score in scores)
    margin = min(4.0, scores[0] - scores[1]) if len(scores) > 1 else 4.0
    length = min(found.words, 8) / 8
    return (*first.features, margin, share, found.unknown, length, _agreement(found))


def _agreement(found: Retrieval) -> float:
    """Return how many of four signals put the first hit first among the hits: 0, ¼, ½, ¾ or 1."""
    columns = [FEATURES.index(name) for name in ("name_similarity", "text_similarity", "words", "letters")]
    best = [max(found.hits, key=lambda hit: hit.features[column]) for column in columns]
    return sum(hit is found.hits[0] for hit in best) / len(columns)
