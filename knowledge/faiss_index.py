"""The index of meaning: the only importer of FAISS."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from knowledge.errors import IndexOutOfDate
from knowledge.ports import Scores, Vector


class FaissIndex:
    """Exact search by inner product; on unit vectors that is the cosine.

    A flat index: at some thousand passages it answers in well under a millisecond and misses nothing, so there is
    no recall to trade away.
    """

    def __init__(self, index: faiss.Index) -> None:
        """Wrap a filled index."""
        # One thread: on a busy machine OpenMP's threads wait for each other longer than the search takes (0.5 ms).
        faiss.omp_set_num_threads(1)
        self._index = index

    @classmethod
    def build(cls, vectors: Vector) -> FaissIndex:
        """Return an index over unit vectors, float32, shape (passages, dim)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> FaissIndex:
        """Return a saved index.

        Raises:
            IndexOutOfDate: The file is missing or damaged.
        """
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexOutOfDate(f"{path} cannot be read: run 'send-assistant build' ({error})") from error

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(path))

    @property
    def size(self) -> int:
        """How many passages it holds."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """How long its vectors are."""
        return int(self._index.d)

    def search(self, query: Vector, *, limit: int = 5) -> tuple[npt.NDArray[np.int64], Scores]:
        """Return the passages nearest in meaning to one query.

        Args:
            query: Sentence embedding, float32, shape (dim,), length 1 (L2).
            limit: Most hits to return; more than there are passages returns all.

        Returns:
            Passage numbers and cosine similarities (-1 to 1), best first; both empty if the index is empty.
        """
        wanted = min(limit, self.size)
        if not wanted:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores, numbers = self._index.search(np.ascontiguousarray(query, np.float32).reshape(1, -1), wanted)
        return numbers[0], scores[0]
