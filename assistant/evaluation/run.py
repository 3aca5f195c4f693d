"""`send-assistant evaluate FILE…`: ask every golden question and report, per kind and in all."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from assistant.evaluation.cases import Case
from assistant.evaluation.client import converse
from assistant.evaluation.score import RESULTS, Outcome, judge, went_right
from assistant.evaluation.tally import KindRow, kinds

_SIDE_BY_SIDE = 4


def evaluate(address: str, cases: Sequence[Case]) -> list[Outcome]:
    """Return the outcome of every case, asked of a running service."""
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return list(pool.map(lambda case: judge(case, converse(address, case.turns)), cases))


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the results as a table, one row a kind, the last row for all."""
    head = f"{'kind':<16}{'n':>5}" + "".join(f"{name:>11}" for name in (*RESULTS, "cited"))
    return "\n".join([head, *map(_row, kinds(outcomes))])


def misses(outcomes: Iterable[Outcome]) -> list[str]:
    """Return one line a case that did not go right."""
    return [_miss(o) for o in outcomes if not went_right(o)]


def middle_milliseconds(outcomes: Sequence[Outcome]) -> float:
    """Return the median time of a last turn."""
    return statistics.median(outcome.reply.seconds for outcome in outcomes) * 1000


def _row(row: KindRow) -> str:
    counts = (row.correct, row.wrong, row.declined, row.clarified, row.cited)
    return f"{row.kind:<16}{row.total:>5}" + "".join(f"{100 * count / row.total:>10.1f}%" for count in counts)


def _miss(outcome: Outcome) -> str:
    case, reply = outcome.case, outcome.reply
    got = f"{reply.status} {','.join(reply.article_ids) or '-'}"
    missing = f" lacks {outcome.missing}" if outcome.missing else ""
    wanted = ",".join(case.expected) or "none"
    return f"{outcome.result:<9} {case.id} {case.turns[-1]!r} wanted {wanted}, got {got}{missing}"
