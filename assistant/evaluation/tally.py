"""Outcomes counted by kind of question."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Sequence

from assistant.evaluation.score import RESULTS, Outcome


@dataclasses.dataclass(frozen=True)
class KindRow:
    """The outcomes of one kind of question, as counts; the last row, `all`, adds them up."""

    kind: str
    total: int
    correct: int
    wrong: int
    declined: int
    clarified: int
    cited: int


def kinds(outcomes: Sequence[Outcome]) -> list[KindRow]:
    """Return one row a kind, by name, and the row `all` last; no row at all without outcomes."""
    rows: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        rows[outcome.case.kind].append(outcome)
    if not rows:
        return []
    return [*(_row(kind, rows[kind]) for kind in sorted(rows)), _row("all", outcomes)]


def _row(kind: str, outcomes: Sequence[Outcome]) -> KindRow:
    counts = Counter(outcome.result for outcome in outcomes)
    results = {result: counts[result] for result in RESULTS}
    return KindRow(kind, len(outcomes), cited=sum(outcome.cited for outcome in outcomes), **results)
