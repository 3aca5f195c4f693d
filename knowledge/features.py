"""What speaks for an article as the answer to a question, as numbers between 0 and 1."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from knowledge.chunker import NAMES, Passage
from knowledge.index import KnowledgeIndex
from knowledge.lexical_index import letter_groups
from knowledge.ports import Vector
from nlu.text import content_words, plain_words, stop_words

Floats = npt.NDArray[np.float32]
FEATURES = ("name_similarity", "text_similarity", "words", "letters", "coverage", "term", "topic")
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9/&+-]+\b")
_NEAREST = 400  # passages looked at by meaning; the others count as no nearer than the last of these
_UNLIKELY = 12.0  # log probability below the likeliest article's from which an article counts as ruled out


class FeatureExtractor:
    """Turns a question into one row of features an article."""

    def __init__(self, index: KnowledgeIndex) -> None:
        """Prepare what does not depend on the question."""
        self._index = index
        self.article_ids = index.article_ids
        number = {article_id: n for n, article_id in enumerate(self.article_ids)}
        self.owner = np.array([number[passage.article_id] for passage in index.passages])
        self.is_name = np.array([passage.kind in NAMES for passage in index.passages])
        self._bags = [frozenset(content_words(passage.text)) for passage in index.passages]
        self._vocabulary = _vocabularies(index.passages, self._bags)
        self._idf = _inverse_frequency(self._vocabulary.values())
        self._rare = math.log(1 + len(self.article_ids))
        self._bag_weight = np.array([self.weight(bag) for bag in self._bags], np.float32)
        self._holders = _holders(self._bags)
        self._terms = _terms(index.passages, ("title", "alias", "acronym"), lambda text: tuple(plain_words(text)))
        self._titles = [p.text for p in index.passages if p.kind == "title"]
        self._short = _terms(index.passages, ("acronym",), str.upper)

    def known(self, word: str) -> bool:
        """Tell whether any article has a word."""
        return word in self._idf

    def names_a_topic(self, text: str) -> bool:
        """Tell whether a text holds the title, an alias or a short form of an article."""
        return bool(self._term(text).max(initial=0.0) > 0)

    def spell_out(self, text: str) -> str:
        """Return the text with short forms in capitals spelt out that would else be read as an everyday word ("HI")."""
        return _CAPITALS.sub(lambda match: self._long_form(match[0]), text)

    def _long_form(self, short: str) -> str:
        owners = self._short.get(short, frozenset())
        if short.lower() not in stop_words() or len(owners) != 1:
            return short
        return f"{short} ({self._titles[min(owners)]})"

    def weight(self, bag: Iterable[str]) -> float:
        """Return how much some words tell in all; a word that no article has weighs most."""
        return sum(self._idf.get(word, self._rare) for word in bag)

    def passage_similarity(self, vectors: Vector) -> Floats:
        """Return the cosine of every passage to the nearest of some question vectors, shape (passages,)."""
        best = np.full(len(self.owner), -1, np.float32)
        for vector in vectors:
            numbers, scores = self._index.vectors.search(vector, limit=_NEAREST)
            row = np.full(len(self.owner), scores[-1], np.float32)
            row[numbers] = scores
            best = np.maximum(best, row)
        return best

    def passage_overlap(self, words: Sequence[str]) -> Floats:
        """Return the share of weight that each passage has in common with the question (F1), shape (passages,)."""
        common = np.zeros(len(self.owner), np.float32)
        for word in set(words):
            common[self._holders.get(word, [])] += self._idf.get(word, self._rare)
        total = self._bag_weight + self.weight(set(words))
        shared: Floats = np.divide(2 * common, total, out=np.zeros_like(common), where=total > 0)
        return shared

    def extract(self, text: str, similarity: Floats, log_probabilities: Floats) -> Floats:
        """Return the features of all articles, float32, shape (articles, 7).

        Args:
            text: The question, spelling mended.
            similarity: As `passage_similarity` gives it.
            log_probabilities: Of each article, as the topic classifier gives them.
        """
        tokens = content_words(text)
        names, texts = self.is_name, ~self.is_name
        word_scores = self._index.words.scores(tokens)
        letter_scores = self._index.letters.scores(letter_groups(plain_words(text)))
        columns = [
            self._best(similarity, names),
            self._best(similarity, texts),
            _relative(self._best(word_scores, names | texts)),
            _relative(self._best(letter_scores, names)),
            self._coverage(tokens),
            self._term(text),
            _likelihood(log_probabilities),
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _best(self, scores: Floats, mask: npt.NDArray[np.bool_]) -> Floats:
        best = np.zeros(len(self.article_ids), np.float32)
        np.maximum.at(best, self.owner[mask], scores[mask])
        return best

    def _coverage(self, tokens: Sequence[str]) -> Floats:
        """Return the share of the question's weight that each article's words cover."""
        asked = set(tokens)
        total = self.weight(asked)
        if not total:
            return np.zeros(len(self.article_ids), np.float32)
        return np.array([self.weight(asked & self._vocabulary[a]) / total for a in self.article_ids], np.float32)

    def _term(self, text: str) -> Floats:
        """Return the share of the question's weight that a name of the article takes up, word for word."""
        tokens = plain_words(text)
        total = self.weight(set(content_words(text))) or 1.0
        found = np.zeros(len(self.article_ids), np.float32)
        # A short form in capitals is the short form, even where it is spelt like an everyday word ("HI", "IT").
        for article in {number for token in _CAPITALS.findall(text) for number in self._short.get(token, ())}:
            found[article] = min(1.0, self._rare / total)
        for start in range(len(tokens)):
            for length in range(1, min(8, len(tokens) - start) + 1):
                for article in self._terms.get(tuple(tokens[start : start + length]), ()):
                    share = self.weight(set(content_words(" ".join(tokens[start : start + length])))) / total
                    found[article] = max(found[article], min(1.0, share))
        return found


def _vocabularies(passages: Sequence[Passage], bags: Sequence[frozenset[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for passage, bag in zip(passages, bags, strict=True):
        found[passage.article_id] |= bag
    return {article: frozenset(words) for article, words in found.items()}


def _inverse_frequency(vocabularies: Iterable[Iterable[str]]) -> dict[str, float]:
    rows = list(vocabularies)
    counts: dict[str, int] = defaultdict(int)
    for words in rows:
        for word in words:
            counts[word] += 1
    return {word: math.log(1 + len(rows) / count) for word, count in counts.items()}


def _holders(bags: Sequence[frozenset[str]]) -> dict[str, npt.NDArray[np.int64]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, bag in enumerate(bags):
        for word in bag:
            found[word].append(number)
    return {word: np.array(numbers) for word, numbers in found.items()}


def _terms(
    passages: Sequence[Passage], kinds: Sequence[str], key: Callable[[str], Hashable]
) -> dict[Hashable, frozenset[int]]:
    """Return the numbers of the articles that each name of some kinds belongs to."""
    numbers = {article: n for n, article in enumerate(dict.fromkeys(p.article_id for p in passages))}
    found: dict[Hashable, set[int]] = defaultdict(set)
    for passage in passages:
        if passage.kind in kinds and key(passage.text):
            found[key(passage.text)].add(numbers[passage.article_id])
    return {name: frozenset(articles) for name, articles in found.items()}


def _relative(scores: Floats) -> Floats:
    best = float(scores.max(initial=0.0))
    return scores / best if best > 0 else scores


def _likelihood(log_probabilities: Floats) -> Floats:
    """Return 1 for the likeliest article, 0 for those that are as good as ruled out."""
    fallen: Floats = log_probabilities - log_probabilities.max(initial=-np.inf)
    return np.asarray(np.maximum(0.0, 1 + fallen / _UNLIKELY), np.float32)
