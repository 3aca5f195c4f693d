"""Which article a question is about, learned from the wordings of all articles side by side.

Nearness alone treats every word of a question alike; the classifier has learned which turns of meaning and which words
tell one article from its neighbours ("who pays" from "who decides"). Decision 0011 has what it gains.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.errors import IndexOutOfDate
from knowledge.ports import Vector
from knowledge.word_grams import WordGrams

Floats = npt.NDArray[np.float32]


class TopicClassifier:
    """A softmax regression over a question's sentence vector and word grams.

    One class an article, and one more, the last, for what no article answers.
    """

    def __init__(self, grams: WordGrams, weights: npt.NDArray[np.float16], intercept: Floats) -> None:
        """Keep the learned weights.

        Args:
            grams: The word grams that were learned from.
            weights: Shape (dim + grams, articles + 1); half precision, as more does not change the order.
            intercept: Shape (articles + 1,).
        """
        dimension = len(weights) - len(grams)
        self._grams = grams
        self._meaning: Floats = weights[:dimension].astype(np.float32)
        self._words = weights[dimension:]
        self._intercept = intercept

    @property
    def size(self) -> int:
        """How many articles it tells apart."""
        return len(self._intercept) - 1

    def log_probabilities(self, vector: Vector, text: str) -> Floats:
        """Return the log probability of each article and, last, of none of them, shape (articles + 1,).

        Args:
            vector: Sentence embedding of the question, shape (dim,), length 1.
            text: The question, spelling mended.
        """
        scores = self._intercept + vector @ self._meaning
        numbers, values = self._grams.weigh(text)
        if numbers:
            scores = scores + np.array(values, np.float32) @ self._words[numbers].astype(np.float32)
        shifted = scores - scores.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()), np.float32)

    def save(self, folder: Path) -> None:
        """Write the classifier below a folder; the intercepts are the last row of its one table."""
        folder.mkdir(parents=True, exist_ok=True)
        self._grams.save(folder / "grams.json")
        table = [self._meaning.astype(np.float16), self._words, self._intercept[None].astype(np.float16)]
        np.save(folder / "weights.npy", np.vstack(table))

    @classmethod
    def load(cls, folder: Path) -> TopicClassifier:
        """Return a saved classifier.

        Raises:
            IndexOutOfDate: Files are missing or damaged.
        """
        grams = WordGrams.load(folder / "grams.json")
        try:
            table = np.load(folder / "weights.npy", allow_pickle=False)
            return cls(grams, table[:-1], table[-1].astype(np.float32))
        except (OSError, ValueError, EOFError) as error:
            raise IndexOutOfDate(f"no classifier in {folder}: run 'send-assistant build' ({error})") from error
