"""What was found offline, as one set of figures: for the report, the ablation table and the floors."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from assistant.evaluation import figures
from assistant.evaluation.offline import Found, Parts, answered, declined


@dataclasses.dataclass(frozen=True)
class Summary:
    """Shares from 0 to 1.

    `answered` and `wrong_answers` speak of questions inside the scope: shown an article, and of those another one than
    expected. `declined` speaks of questions outside it.
    """

    inside: int
    outside: int
    recall_at_1: float
    recall_at_5: float
    mean_reciprocal_rank: float
    answered: float
    wrong_answers: float
    declined: float


def summarise(rows: Sequence[Found], parts: Parts) -> Summary:
    """Return the figures of some questions."""
    inside = [row for row in rows if not row.case.out_of_scope]
    outside = [row for row in rows if row.case.out_of_scope]
    ranks = [row.rank for row in inside]
    shown = [row for row in inside if answered(row, parts.calibrator.answer_from)]
    return Summary(
        inside=len(inside),
        outside=len(outside),
        recall_at_1=figures.recall(ranks, 1),
        recall_at_5=figures.recall(ranks, 5),
        mean_reciprocal_rank=figures.mean_reciprocal_rank(ranks),
        answered=len(shown) / len(inside) if inside else 0.0,
        wrong_answers=sum(row.rank != 1 for row in shown) / len(shown) if shown else 0.0,
        declined=sum(declined(row, parts) for row in outside) / len(outside) if outside else 0.0,
    )
