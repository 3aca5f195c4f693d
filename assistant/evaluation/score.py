"""Judging one reply: correct, wrong, declined or clarified, and whether the right article was cited."""

from __future__ import annotations

import dataclasses

from assistant.evaluation.cases import Case
from assistant.evaluation.client import Reply

RESULTS = ("correct", "wrong", "declined", "clarified")
_DECLINED = ("declined_not_known", "declined_out_of_scope", "declined_personal_case")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a case went. `result` is one of correct, wrong, declined, clarified; `cited` tells of the citation."""

    case: Case
    reply: Reply
    result: str
    cited: bool
    missing: tuple[str, ...] = ()


def judge(case: Case, reply: Reply) -> Outcome:
    """Return the outcome of a case."""
    missing = tuple("|".join(group) for group in case.must_contain if not _stands(group, reply.text))
    cited = not case.expected or bool(set(case.expected) & set(reply.article_ids))
    return Outcome(case, reply, _result(case, reply, missing), cited, missing)


def went_right(outcome: Outcome) -> bool:
    """Tell whether a case is correct and cites an article that answers."""
    return outcome.result == "correct" and outcome.cited


def _result(case: Case, reply: Reply, missing: tuple[str, ...]) -> str:
    if case.statuses:
        return "correct" if reply.status in case.statuses and not missing else "wrong"
    if case.out_of_scope:
        refused = reply.status in (*_DECLINED, "smalltalk", "clarify")
        return "correct" if (refused or not missing) and not (missing and case.expected) else "wrong"
    if case.kind == "safeguarding" and reply.status != "safeguarding":
        return "wrong"
    if reply.status == "clarify":
        return "clarified"
    if reply.status == "declined_not_known":
        return "declined"
    return "wrong" if missing else "correct"


def _stands(group: tuple[str, ...], text: str) -> bool:
    plain = " ".join(text.lower().replace("\u2019", "'").split())
    return any(alternative in plain for alternative in group)
