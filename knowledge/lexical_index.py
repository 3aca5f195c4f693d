"""BM25 over words, and over groups of letters for misspelt words: the only importer of bm25s."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np

from knowledge.errors import IndexOutOfDate
from knowledge.ports import Scores

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG when imported


class Bm25Index:
    """Scores all documents at once (Lucene's variant of BM25, the default of bm25s)."""

    def __init__(self, index: bm25s.BM25) -> None:
        """Wrap a filled index."""
        self._index = index

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> Bm25Index:
        """Return an index over tokenised documents."""
        index = bm25s.BM25()
        # bm25s cannot hold a document without tokens: a token that no question contains stands in for it.
        index.index([list(tokens) or ["\0"] for tokens in documents], show_progress=False)
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> Bm25Index:
        """Return a saved index.

        Raises:
            IndexOutOfDate: The folder is missing or damaged.
        """
        try:
            return cls(bm25s.BM25.load(str(folder)))
        except (OSError, ValueError, KeyError) as error:
            raise IndexOutOfDate(f"{folder} cannot be read: run 'send-assistant build' ({error})") from error

    def save(self, folder: Path) -> None:
        """Write the index to a folder."""
        self._index.save(str(folder), show_progress=False)

    @property
    def size(self) -> int:
        """How many documents it holds."""
        return int(self._index.scores["num_docs"])

    def scores(self, tokens: Sequence[str]) -> Scores:
        """Return one score a document (0 or more), in the order they were indexed."""
        # bm25s keeps a number for the empty token but no column, and fails on it.
        known = [token for token in tokens if token and token in self._index.vocab_dict]
        if not known:
            return np.zeros(self.size, np.float32)
        return np.asarray(self._index.get_scores(known), np.float32)


def letter_groups(words: Sequence[str], size: int = 3) -> list[str]:
    """Return the overlapping groups of letters of words, word ends marked: 'plan' is '#pl', 'pla', 'lan', 'an#'."""
    marked = (f"#{word}#" for word in words)
    return [word[i : i + size] for word in marked for i in range(max(1, len(word) - size + 1))]
