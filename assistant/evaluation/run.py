"""`send-assistant evaluate FILE…`: ask every golden question and report, per kind and in all."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from assistant.evaluation.cases import Case
from assistant.evaluation.client import converse
from assistant.evaluation.score import Outcome, judge

_SIDE_BY_SIDE = 4
_RESULTS = ("correct", "wrong", "declined", "clarified")


def evaluate(address: str, cases: Sequence[Case]) -> list[Outcome]:
    """Return the outcome of every case, asked of a running service."""
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return list(pool.map(lambda case: judge(case, converse(address, case.turns)), cases))


def table(outcomes: Iterable[Outcome]) -> str:
    """Return the results as a table, one row a kind, the last row for all."""
    rows: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        rows[outcome.case.kind].append(outcome)
        rows["all"].append(outcome)
    names = [*sorted(set(rows) - {"all"}), "all"]
    head = f"{'kind':<16}{'n':>5}" + "".join(f"{name:>11}" for name in (*_RESULTS, "cited"))
    return "\n".join([head, *(_row(name, rows[name]) for name in names)])


def misses(outcomes: Iterable[Outcome]) -> list[str]:
    """Return one line a case that did not go right."""
    return [_miss(o) for o in outcomes if o.result != "correct" or not o.cited]


def middle_milliseconds(outcomes: Sequence[Outcome]) -> float:
    """Return the median time of a last turn."""
    return statistics.median(outcome.reply.seconds for outcome in outcomes) * 1000


def _row(name: str, rows: Sequence[Outcome]) -> str:
    counts = Counter(outcome.result for outcome in rows)
    cited = sum(outcome.cited for outcome in rows)
    cells = [*(counts[result] for result in _RESULTS), cited]
    return f"{name:<16}{len(rows):>5}" + "".join(f"{100 * cell / len(rows):>10.1f}%" for cell in cells)


def _miss(outcome: Outcome) -> str:
    case, reply = outcome.case, outcome.reply
    got = f"{reply.status} {','.join(reply.article_ids) or '-'}"
    missing = f" lacks {outcome.missing}" if outcome.missing else ""
    wanted = ",".join(case.expected) or "none"
    return f"{outcome.result:<9} {case.id} {case.turns[-1]!r} wanted {wanted}, got {got}{missing}"
