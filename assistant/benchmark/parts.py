"""The parts of an answer timed one by one, in this process and without a network."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable, Sequence

from assistant.evaluation.offline import Parts


@dataclasses.dataclass(frozen=True)
class PartTimes:
    """Median and 95th percentile in milliseconds of one question.

    `retrieval` is everything from the text as typed to the ranked articles, with the vectors at hand; a question is
    encoded twice at most, in lower case and as it reads when spelt out.
    """

    encoder_p50_ms: float
    encoder_p95_ms: float
    retrieval_p50_ms: float
    retrieval_p95_ms: float


def time_parts(parts: Parts, questions: Sequence[str]) -> PartTimes:
    """Return the times of the parts over some questions, each of them new to the encoder's memory."""
    encoder = _times(lambda text: parts.encoder.encode([text]), [f"{question} please" for question in questions])
    retriever = parts.retriever()
    for question in questions:
        retriever.look(question)
    retrieval = _times(retriever.search, questions)
    return PartTimes(*_middle_and_tail(encoder), *_middle_and_tail(retrieval))


def _times(call: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    times = []
    for question in questions:
        begun = time.perf_counter()
        call(question)
        times.append(1000 * (time.perf_counter() - begun))
    return times


def _middle_and_tail(times: Sequence[float]) -> tuple[float, float]:
    return round(statistics.median(times), 2), round(sorted(times)[int(0.95 * (len(times) - 1))], 2)
