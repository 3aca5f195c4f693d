"""Learning to tell the question groups of one article apart (build only: needs SciPy)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import scipy.linalg

from knowledge import weights
from knowledge.chunker import Passage
from knowledge.part_finder import EVIDENCE, Floats, PartFinder, evidence
from knowledge.ports import Vector

_DIRECTIONS = 64  # 128 and 32 do no better on articles that were left out
_SMOOTH = 0.3  # share of an even spread mixed into the spread within groups: there are few wordings for 384 directions
_SHRINK = 0.3
Doubles = npt.NDArray[np.float64]


def train_parts(passages: Sequence[Passage], vectors: Vector) -> PartFinder:
    """Return the finder learned from the wordings and leads of articles with several groups.

    Args:
        passages: Texts with their articles and groups.
        vectors: Their sentence embeddings, shape (passages, dim).
    """
    articles = [(vectors[rows], groups) for rows, groups in _articles(passages)]
    projection = _projection(articles, vectors.shape[1])
    finder = PartFinder(projection, np.ones(len(EVIDENCE), np.float32))
    lists = [row for found, groups in articles for row in _lists(finder.project(found), groups)]
    learned = weights.fit(lists, np.ones(len(EVIDENCE)), shrink=_SHRINK, bounds=(None, None))
    return PartFinder(projection, learned.astype(np.float32))


def _articles(passages: Sequence[Passage]) -> Iterator[tuple[list[int], npt.NDArray[np.int64]]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, passage in enumerate(passages):
        if passage.group is not None:
            found[passage.article_id].append(number)
    for rows in found.values():
        groups = np.array([passages[row].group for row in rows])
        if len(set(groups)) > 1:
            yield rows, groups


def _projection(articles: Sequence[tuple[Vector, npt.NDArray[np.int64]]], dimension: int) -> Floats:
    """Return the directions in which groups of one article differ most against the spread within groups."""
    within, between = np.zeros((dimension, dimension)), np.zeros((dimension, dimension))
    for vectors, groups in articles:
        for number in np.unique(groups):
            mine = vectors[groups == number].astype(np.float64)
            apart, spread = mine.mean(0) - vectors.mean(0), mine - mine.mean(0)
            within += spread.T @ spread
            between += len(mine) * np.outer(apart, apart)
    even = np.trace(within) / dimension or 1.0
    _, directions = scipy.linalg.eigh(between, within + _SMOOTH * even * np.eye(dimension))
    return np.asarray(directions[:, ::-1][:, : min(_DIRECTIONS, dimension)], np.float32)


def _lists(wordings: Floats, groups: npt.NDArray[np.int64]) -> Iterator[tuple[Doubles, int]]:
    """Yield what speaks for the groups for each wording in turn, as if it was a question and not among the wordings."""
    for number, group in enumerate(groups):
        others = np.arange(len(groups)) != number
        if (groups[others] == group).any():
            numbers, rows = evidence(wordings[others] @ wordings[number], groups[others])
            order = np.argsort(numbers != group, kind="stable")
            yield rows[order].astype(np.float64), 1
