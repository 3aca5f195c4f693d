"""Words and pairs of neighbouring words as weights: what a text says beyond its meaning as a whole."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from knowledge.errors import IndexOutOfDate
from nlu.text import plain_words

_LEAST_TEXTS = 6  # rarer ones take three times as long to learn, and no more questions find their article


class WordGrams:
    """The words and word pairs of some texts, each with its number and how much it tells (inverse frequency)."""

    def __init__(self, rarity: Sequence[tuple[str, float]]) -> None:
        """Number the grams in the order given."""
        self._rarity = list(rarity)
        self._numbers = {gram: (number, value) for number, (gram, value) in enumerate(self._rarity)}

    @classmethod
    def of(cls, texts: Iterable[str]) -> WordGrams:
        """Return the grams that some of the texts share."""
        rows = [set(grams(text)) for text in texts]
        counts = Counter(gram for row in rows for gram in row)
        kept = sorted(gram for gram, count in counts.items() if count >= _LEAST_TEXTS)
        return cls([(gram, 1 + math.log((1 + len(rows)) / (1 + counts[gram]))) for gram in kept])

    def __len__(self) -> int:
        """Return how many grams there are."""
        return len(self._rarity)

    def weigh(self, text: str) -> tuple[list[int], list[float]]:
        """Return the numbers of a text's known grams and their weights, length 1 (L2); both empty if none is known."""
        counts = Counter(gram for gram in grams(text) if gram in self._numbers)
        raw = [(1 + math.log(count)) * self._numbers[gram][1] for gram, count in counts.items()]
        length = math.sqrt(sum(value * value for value in raw)) or 1.0
        return [self._numbers[gram][0] for gram in counts], [value / length for value in raw]

    def save(self, path: Path) -> None:
        """Write the grams to a file."""
        path.write_text(json.dumps(self._rarity, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> WordGrams:
        """Return saved grams.

        Raises:
            IndexOutOfDate: The file is missing or damaged.
        """
        try:
            return cls([(str(gram), float(value)) for gram, value in json.loads(path.read_text(encoding="utf-8"))])
        except (OSError, ValueError, TypeError) as error:
            raise IndexOutOfDate(f"{path} cannot be read: run 'send-assistant build' ({error})") from error


def grams(text: str) -> list[str]:
    """Return the words of a text, text-speak spelt out, and its pairs of neighbours."""
    found = plain_words(text)
    return [*found, *(f"{first} {second}" for first, second in pairwise(found))]
