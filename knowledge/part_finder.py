"""Which part of an article a question asks for: the question group whose wordings ask for the same thing.

All wordings of one article share its subject, so nearness mostly measures the subject. What parts the groups ("who
pays", "how long") is learned for each article by itself: a ridge regression from the sentence vector to each of its
groups. Decision 0011 has what it gains.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.errors import IndexOutOfDate
from knowledge.ports import Vector

Floats = npt.NDArray[np.float32]


class PartFinder:
    """Tells how well each question group of an article fits a question."""

    def __init__(self, parts: Sequence[tuple[str, int]], directions: Floats, intercepts: Floats) -> None:
        """Keep what was learned.

        Args:
            parts: Article and number of each group.
            directions: One for each group, shape (parts, dim).
            intercepts: Shape (parts,).
        """
        self._parts, self._directions, self._intercepts = list(parts), directions, intercepts
        self._rows: dict[str, list[int]] = defaultdict(list)
        for row, (article_id, _) in enumerate(self._parts):
            self._rows[article_id].append(row)

    def scores(self, article_id: str, vector: Vector) -> dict[int, float]:
        """Return how well each group of an article fits a question: about 1 for the right one, 0 for the others.

        Args:
            article_id: The article; empty for one whose groups nothing was learned about.
            vector: Sentence embedding of the question, shape (dim,), length 1.
        """
        rows = self._rows.get(article_id, [])
        fits = self._directions[rows] @ vector + self._intercepts[rows]
        return {self._parts[row][1]: float(fit) for row, fit in zip(rows, fits, strict=True)}

    def save(self, path: Path) -> None:
        """Write what was learned, directions in half precision."""
        articles = np.array([article_id for article_id, _ in self._parts], np.str_)
        groups = np.array([group for _, group in self._parts], np.int32)
        halves = self._directions.astype(np.float16)
        np.savez(path, articles=articles, groups=groups, directions=halves, intercepts=self._intercepts)

    @classmethod
    def load(cls, path: Path) -> PartFinder:
        """Return a saved finder.

        Raises:
            IndexOutOfDate: The file is missing or damaged.
        """
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                parts = list(zip(file["articles"].tolist(), file["groups"].tolist(), strict=True))
                directions, intercepts = file["directions"].astype(np.float32), file["intercepts"]
        except (OSError, ValueError, EOFError, KeyError, AttributeError, TypeError, zipfile.BadZipFile) as error:
            raise IndexOutOfDate(f"{path} cannot be read: run 'send-assistant build' ({error})") from error
        if len(directions) != len(parts) or intercepts.shape != (len(parts),):
            raise IndexOutOfDate(f"{path} does not fit together: run 'send-assistant build'")
        return cls(parts, directions, intercepts)
