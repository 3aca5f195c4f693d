"""From a question to ranked articles, with the evidence for and against each."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Collection, Sequence

import numpy as np

from knowledge.chunker import Passage
from knowledge.features import FEATURES, FeatureExtractor, Floats
from knowledge.index import KnowledgeIndex
from knowledge.ports import Encoder, Speller, Vector
from knowledge.ranker import Ranker
from nlu.text import content_words, normalise, plain_words


@dataclasses.dataclass(frozen=True)
class SearchHit:
    """One article as an answer, best first; scores order the hits of one question and mean nothing beyond it.

    `likely` is the log probability that the topic classifier gives the article.
    """

    article_id: str
    score: float
    features: tuple[float, ...]
    likely: float = 0.0


@dataclasses.dataclass(frozen=True)
class Retrieval:
    """What was found for one question.

    `unknown` is the share of its weight in words that no article has, `outside` the log probability that it is of the
    kind that no article answers.
    """

    question: str
    mended: str
    hits: tuple[SearchHit, ...]
    unknown: float
    words: int
    outside: float = -math.inf


@dataclasses.dataclass(frozen=True)
class Look:
    """All signals for one question.

    `similarity` holds the cosine of every passage, shape (passages,), `table` the features of every article, shape
    (articles, 7); `asked` is the question with what it leans on, `vector` its meaning, shape (dim,), `likely` the log
    probability of every article and, last, of none, shape (articles + 1,).
    """

    question: str
    mended: str
    asked: str
    similarity: Floats
    table: Floats
    vector: Vector
    likely: Floats


class Retriever:
    """Finds articles by meaning (FAISS), by words and by letters (BM25), fused by the ranker."""

    def __init__(self, index: KnowledgeIndex, *, encoder: Encoder, speller: Speller, ranker: Ranker) -> None:
        """Join the parts; none of them changes afterwards."""
        self._index, self._encoder, self._speller, self._ranker = index, encoder, speller, ranker
        self.features = FeatureExtractor(index)

    def with_ranker(self, ranker: Ranker) -> Retriever:
        """Return a retriever over the same index with another order of hits."""
        other = copy.copy(self)
        other._ranker = ranker
        return other

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages that are searched."""
        return self._index.passages

    def search(self, question: str, *, context: str = "", limit: int = 5, without: Collection[str] = ()) -> Retrieval:
        """Return the articles nearest to a question.

        Args:
            question: As typed, 1 to 500 characters.
            context: What the question leans on ("and is there a fee for it?"), such as the title shown last.
            limit: Most hits to return.
            without: Ids of articles to leave out.

        Returns:
            Hits by falling score; none for a question without a letter or figure.
        """
        return self.rank(self.look(question, context=context), limit=limit, without=without)

    def look(self, question: str, *, context: str = "") -> Look:
        """Return all signals for a question; `rank` turns them into hits."""
        mended = self.mend(question)
        vectors = self._encoder.encode(self._wordings(mended, context))
        similarity = self.features.passage_similarity(vectors)
        asked = f"{context} {mended}".strip()
        likely = self._index.topics.log_probabilities(vectors[-1], asked)
        table = self.features.extract(asked, similarity, likely[:-1])
        return Look(question, mended, asked, similarity, table, vectors[-1], likely)

    def rank(self, look: Look, *, limit: int = 5, without: Collection[str] = ()) -> Retrieval:
        """Return the hits of a question that was looked at; none for one without a letter or figure."""
        if not plain_words(look.mended):
            return Retrieval(look.question, look.mended, (), 1.0, 0)
        scores = self._ranker.scores(look.table)
        order = [n for n in np.argsort(-scores, kind="stable") if self.features.article_ids[n] not in without]
        hits = tuple(
            SearchHit(
                self.features.article_ids[n], float(scores[n]), tuple(map(float, look.table[n])), float(look.likely[n])
            )
            for n in order[:limit]
        )
        tokens = content_words(look.mended)
        return Retrieval(look.question, look.mended, hits, self._unknown(tokens), len(tokens), float(look.likely[-1]))

    def groups(self, look: Look, article_id: str) -> dict[int, float]:
        """Return how well each question group of an article fits: about 1 for the right one, 0 for the others."""
        return self._index.parts.scores(article_id, look.vector)

    def mend(self, question: str) -> str:
        """Return the question with spelling mended and text-speak spelt out where that changes anything."""
        return self.features.spell_out(self._speller.correct(normalise(question)))

    def _wordings(self, mended: str, context: str) -> list[str]:
        spelt_out = " ".join(plain_words(mended))
        wordings = [mended.lower(), spelt_out, *([f"{context} {mended}".lower()] if context else [])]
        return list(dict.fromkeys(wordings))

    def _unknown(self, tokens: Sequence[str]) -> float:
        known = [token for token in tokens if self.features.known(token)]
        total = self.features.weight(set(tokens))
        return 1 - self.features.weight(set(known)) / total if total else 1.0


def feature(hit: SearchHit, name: str) -> float:
    """Return one feature of a hit by its name."""
    return hit.features[FEATURES.index(name)]
