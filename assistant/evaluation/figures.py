"""Figures on rankings and probabilities: recall, reciprocal rank, reliability, risk against coverage."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np

BINS = 10


@dataclasses.dataclass(frozen=True)
class Guess:
    """One question: the probability (0 to 1) that the first hit answers it, and whether that hit is a right one."""

    probability: float
    right: bool


@dataclasses.dataclass(frozen=True)
class Bin:
    """The questions whose probability lies from `low` up to `high`; shares are 0 for an empty bin."""

    low: float
    high: float
    count: int
    mean_probability: float
    share_right: float


@dataclasses.dataclass(frozen=True)
class RiskPoint:
    """What answering from `limit` on would mean: the share of questions answered, and the share of those wrong."""

    limit: float
    coverage: float
    risk: float


def recall(ranks: Sequence[int | None], within: int) -> float:
    """Return the share of questions with a right article among the first `within` hits.

    Args:
        ranks: For each question the place (from 1) of the first right hit, None if there was none.
        within: How many hits are looked at.
    """
    return _share([rank is not None and rank <= within for rank in ranks])


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Return the mean of 1/place of the first right hit, 0 where there was none."""
    return sum(1 / rank for rank in ranks if rank) / len(ranks) if ranks else 0.0


def reliability(guesses: Sequence[Guess], bins: int = BINS) -> list[Bin]:
    """Return the questions by probability in bins of equal width: does 0.8 come true eight times in ten?"""
    number = [min(int(guess.probability * bins), bins - 1) for guess in guesses]
    return [
        _bin(n / bins, (n + 1) / bins, [guess for guess, own in zip(guesses, number, strict=True) if own == n])
        for n in range(bins)
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: how far probability and share lie apart, weighted by the counts."""
    total = sum(row.count for row in bins)
    apart = sum(row.count * abs(row.mean_probability - row.share_right) for row in bins)
    return apart / total if total else 0.0


def brier(guesses: Sequence[Guess]) -> float:
    """Return the mean squared distance of probability and truth (0 is perfect, 0.25 is a coin)."""
    return float(np.mean([(guess.probability - guess.right) ** 2 for guess in guesses])) if guesses else 0.0


def risk_coverage(guesses: Sequence[Guess]) -> list[RiskPoint]:
    """Return the curve over all limits, from the fewest answers to all; questions of one probability go together."""
    ordered = sorted(guesses, key=lambda guess: -guess.probability)
    points, answered, wrong = [], 0, 0
    for limit, group in itertools.groupby(ordered, key=lambda guess: guess.probability):
        same = list(group)
        answered += len(same)
        wrong += sum(not guess.right for guess in same)
        points.append(RiskPoint(limit, answered / len(ordered), wrong / answered))
    return points


def tenths(points: Sequence[RiskPoint]) -> list[RiskPoint]:
    """Return the points of a curve at which coverage first reaches each tenth, each point once."""
    reached = [
        next(point for point in points if point.coverage >= share / 10 - 1e-9) for share in range(1, 11) if points
    ]
    return list(dict.fromkeys(reached))


def at_limit(guesses: Sequence[Guess], limit: float) -> RiskPoint:
    """Return coverage and risk of answering from one limit on."""
    taken = [guess for guess in guesses if guess.probability >= limit]
    coverage = len(taken) / len(guesses) if guesses else 0.0
    return RiskPoint(limit, coverage, _share([not guess.right for guess in taken]))


def _bin(low: float, high: float, guesses: Sequence[Guess]) -> Bin:
    mean = sum(guess.probability for guess in guesses) / len(guesses) if guesses else 0.0
    return Bin(low, high, len(guesses), mean, _share([guess.right for guess in guesses]))


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
