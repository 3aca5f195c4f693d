"""The probability that the best hit answers the question: a score of its own, apart from the order of hits.

Scores of the ranker are not comparable between questions; this probability is. Its weights come from questions that
are nobody's training wordings (`knowledge/calibration/questions.jsonl`), and evaluation reports it by
cross-validation.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.errors import IndexOutOfDate
from knowledge.features import FEATURES
from knowledge.retriever import Retrieval

EVIDENCE = (
    *FEATURES, "margin", "share", "unknown", "length", "agreement", "likely", "log_likely", "outside", "log_outside",
)  # fmt: skip
OFFERED = 3  # hits among which a question back lets people choose
_RULED_OUT = -8.0  # log probability below which one is like another


@dataclasses.dataclass(frozen=True)
class Odds:
    """A logistic model over the evidence; `weights` in the order of `EVIDENCE`."""

    weights: tuple[float, ...]
    intercept: float

    def probability(self, found: Retrieval) -> float:
        """Return the probability (0 to 1); 0 if there is no hit."""
        if not found.hits:
            return 0.0
        row = evidence(found)
        return 1 / (1 + math.exp(-self.intercept - sum(w * x for w, x in zip(self.weights, row, strict=True))))

    def as_rows(self) -> dict[str, Any]:
        """Return the model as it is saved, with the names of its evidence."""
        return {"weights": dict(zip(EVIDENCE, self.weights, strict=True)), "intercept": self.intercept}

    @classmethod
    def of(cls, rows: Mapping[str, Any]) -> Odds:
        """Return a saved model.

        Raises:
            KeyError: It was made for other evidence.
        """
        return cls(tuple(float(rows["weights"][name]) for name in EVIDENCE), float(rows["intercept"]))


@dataclasses.dataclass(frozen=True)
class Calibrator:
    """The probabilities by which is answered, asked back and declined.

    Attributes:
        first: That the first hit answers.
        any: That one of the first `OFFERED` hits does.
        answer_from: Where `first` is as high as this, the first hit is the answer.
        clarify_from: Else, where `any` is as high as this, people are asked which was meant.
    """

    first: Odds
    any: Odds
    answer_from: float
    clarify_from: float

    def probability(self, found: Retrieval) -> float:
        """Return the probability (0 to 1) that the first hit answers the question; 0 if there is no hit."""
        return self.first.probability(found)

    def worth_asking(self, found: Retrieval) -> bool:
        """Tell whether what people would be offered to choose from is likely to hold the answer."""
        return self.any.probability(found) >= self.clarify_from

    def save(self, path: Path) -> None:
        """Write the models and limits."""
        rows = {**dataclasses.asdict(self), "first": self.first.as_rows(), "any": self.any.as_rows()}
        path.write_text(json.dumps(rows, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Calibrator:
        """Return a saved calibrator.

        Raises:
            IndexOutOfDate: The file is missing, or was made for other evidence.
        """
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
            return cls(Odds.of(rows["first"]), Odds.of(rows["any"]), rows["answer_from"], rows["clarify_from"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexOutOfDate(f"no calibration in {path}: run 'send-assistant build' ({error})") from error


def evidence(found: Retrieval) -> tuple[float, ...]:
    """Return what speaks for and against the first hit, in the order of `EVIDENCE`."""
    first = found.hits[0]
    scores = [hit.score for hit in found.hits]
    share = 1 / sum(math.exp(min(50.0, score - scores[0])) for score in scores)
    margin = min(4.0, scores[0] - scores[1]) if len(scores) > 1 else 4.0
    length = min(found.words, 8) / 8
    known = (found.unknown, length, _agreement(found))
    return (*first.features, margin, share, *known, *_both(first.likely), *_both(found.outside))


def _both(log_probability: float) -> tuple[float, float]:
    """Return a probability as it is, and as its logarithm brought between 0 (ruled out) and 1."""
    return math.exp(log_probability), 1 - max(_RULED_OUT, log_probability) / _RULED_OUT


def _agreement(found: Retrieval) -> float:
    """Return how many of four signals put the first hit first among the hits: 0, ¼, ½, ¾ or 1."""
    columns = [FEATURES.index(name) for name in ("name_similarity", "text_similarity", "words", "letters")]
    best = [max(found.hits, key=lambda hit: hit.features[column]) for column in columns]
    return sum(hit is found.hits[0] for hit in best) / len(columns)
