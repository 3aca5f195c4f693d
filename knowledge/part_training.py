"""Learning to tell the question groups of one article apart (build only)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from knowledge.chunker import Passage
from knowledge.part_finder import PartFinder
from knowledge.ports import Vector

_SHRINK = 1.2  # 0.8 to 2 do the same on wordings that were left out
Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def train_parts(passages: Sequence[Passage], vectors: Vector) -> PartFinder:
    """Return the finder learned from the wordings and leads of articles with several groups.

    Args:
        passages: Texts with their articles and groups.
        vectors: Their sentence embeddings, shape (passages, dim).
    """
    parts: list[tuple[str, int]] = []
    directions, intercepts = [np.zeros((0, vectors.shape[1]))], [np.zeros(0)]
    for article_id, rows, groups in _articles(passages):
        numbers, found, begun = _ridge(vectors[rows].astype(np.float64), groups)
        parts += [(article_id, int(number)) for number in numbers]
        directions.append(found)
        intercepts.append(begun)
    return PartFinder(
        parts, np.concatenate(directions).astype(np.float32), np.concatenate(intercepts).astype(np.float32)
    )


def _articles(passages: Sequence[Passage]) -> Iterator[tuple[str, list[int], Numbers]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, passage in enumerate(passages):
        if passage.group is not None:
            found[passage.article_id].append(number)
    for article_id, rows in found.items():
        groups = np.array([passages[row].group for row in rows])
        if len(set(groups)) > 1:
            yield article_id, rows, groups


def _ridge(vectors: Doubles, groups: Numbers) -> tuple[Numbers, Doubles, Doubles]:
    """Return the group numbers, a direction for each, shape (groups, dim), and an intercept for each.

    Every group counts the same, however many wordings it has. Solved in the dual: an article has fewer wordings than a
    vector has numbers.
    """
    numbers, each = np.unique(groups, return_inverse=True)
    counts = 1 / np.bincount(each)[each]
    counts /= counts.mean()
    middle = counts @ vectors / counts.sum()
    wanted = (groups[:, None] == numbers[None]).astype(np.float64)
    share = counts @ wanted / counts.sum()
    centred = vectors - middle
    say = np.linalg.solve(centred @ centred.T + _SHRINK * np.diag(1 / counts), wanted - share)
    directions = say.T @ centred
    return numbers, directions, share - directions @ middle
