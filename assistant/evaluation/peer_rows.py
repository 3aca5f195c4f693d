"""The stock Rasa bot on the golden questions, as rows of the ablation table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from assistant.benchmark import peer
from assistant.evaluation.ablation import Row
from assistant.evaluation.cases import Case
from assistant.evaluation.offline import Found, Parts, expecting, look_up, single_questions
from assistant.evaluation.summary import summarise

_SECONDS = 60.0


def peer_rows(source: Path, parts: Parts, cases: Sequence[Case]) -> list[Row]:
    """Return the stock bot on all questions, then it and this assistant on those that its answers cover.

    Raises:
        PeerUnusable: It cannot be made, trained or asked.
        NotStarted: It did not get ready.
    """
    bot = peer.prepare(source)
    with (
        tempfile.TemporaryDirectory() as folder,
        peer.served(bot, Path(folder)) as server,
        httpx.Client(timeout=_SECONDS, trust_env=False) as client,
    ):
        return judged(lambda text: peer.predict(client, server.url, text), parts, cases)


def judged(predict: Callable[[str], str | None], parts: Parts, cases: Sequence[Case]) -> list[Row]:
    """Return the rows from what tells the key of the answer to a text."""
    asked, expected, articles = single_questions(cases), expecting(parts.articles), peer.articles()
    found = [Found(case, expected(case), tuple(articles.get(predict(case.turns[0]) or "", ())), None) for case in asked]
    known = {key for keys in articles.values() for key in keys}
    covered = [row for row in found if not row.case.out_of_scope and known & set(row.expected)]
    ours = look_up(parts, [row.case for row in covered])
    return [
        Row("peer", summarise(found, parts)),
        Row("peer_covered", summarise(covered, parts)),
        Row("covered", summarise(ours, parts)),
    ]
