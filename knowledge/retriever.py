"""From a question to ranked articles, with the evidence for and against each."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from knowledge.chunker import Passage
from knowledge.features import FEATURES, FeatureExtractor, Floats
from knowledge.index import KnowledgeIndex
from knowledge.ports import Encoder, Speller
from knowledge.ranker import Ranker
from nlu.text import content_words, normalise, plain_words

_WORDING = 0.25  # how much shared words add to meaning when wordings of one article are compared
_SAME = 0.05  # two question groups nearer than this are not told apart


@dataclasses.dataclass(frozen=True)
class SearchHit:
    """One article as an answer, best first; scores order the hits of one question and mean nothing beyond it.

    `group` and `section` say which part of the article was asked for, None if the article as a whole.
    """

    article_id: str
    score: float
    features: tuple[float, ...]
    group: int | None = None
    section: str | None = None


@dataclasses.dataclass(frozen=True)
class Retrieval:
    """What was found for one question. `unknown` is the share of its weight in words that no article has."""

    question: str
    mended: str
    hits: tuple[SearchHit, ...]
    unknown: float
    words: int


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
            context: What the question leans on ("and how long does that take?"), such as the title shown last.
            limit: Most hits to return.
            without: Ids of articles to leave out.

        Returns:
            Hits by falling score; none for a question without a letter or figure.
        """
        mended = self.mend(question)
        asked = f"{context} {mended}".strip()
        tokens = content_words(mended)
        if not plain_words(mended):
            return Retrieval(question, mended, (), 1.0, 0)
        similarity = self._similarity(question, mended, context)
        features = self.features.extract(asked, similarity)
        scores = self._ranker.scores(features)
        order = [n for n in np.argsort(-scores, kind="stable") if self.features.article_ids[n] not in without]
        overlap = self.features.passage_overlap(content_words(asked))
        hits = tuple(self._hit(n, scores, features, similarity, overlap) for n in order[:limit])
        return Retrieval(question, mended, hits, self._unknown(tokens), len(tokens))

    def table(self, question: str) -> Floats:
        """Return the features of all articles for a question, float32, shape (articles, 8): what the ranker learns."""
        mended = self.mend(question)
        return self.features.extract(mended, self._similarity(question, mended, ""))

    def _similarity(self, question: str, mended: str, context: str) -> Floats:
        return self.features.passage_similarity(self._encoder.encode(self._wordings(question, mended, context)))

    def mend(self, question: str) -> str:
        """Return the question with spelling mended and text-speak spelt out where that changes anything."""
        return self._speller.correct(normalise(question))

    def _wordings(self, question: str, mended: str, context: str) -> list[str]:
        spelt_out = " ".join(plain_words(mended))
        wordings = [mended.lower(), spelt_out, *([f"{context} {mended}".lower()] if context else [])]
        return list(dict.fromkeys(wordings))

    def _unknown(self, tokens: Sequence[str]) -> float:
        known = [token for token in tokens if self.features.known(token)]
        total = self.features.weight(set(tokens))
        return 1 - self.features.weight(set(known)) / total if total else 1.0

    def _hit(self, number: int, scores: Floats, features: Floats, similarity: Floats, overlap: Floats) -> SearchHit:
        article_id = self.features.article_ids[number]
        mine = np.flatnonzero(self.features.owner == number)
        group, section = self._part(mine, similarity[mine] + _WORDING * overlap[mine])
        return SearchHit(article_id, float(scores[number]), tuple(map(float, features[number])), group, section)

    def _part(self, mine: npt.NDArray[np.int64], nearness: Floats) -> tuple[int | None, str | None]:
        """Return the question group or the section that is clearly nearest, neither if the article as a whole is."""
        best: dict[tuple[int | None, str | None], float] = {}
        for passage, value in zip(mine, nearness, strict=True):
            found = self._index.passages[int(passage)]
            if found.kind in ("text", "easy", "lead"):
                continue
            # A section is worded as an answer, a question as a question: equal values mean more for the section.
            key = (found.group, found.section)
            best[key] = max(best.get(key, -1.0), float(value))
        ranked = sorted(best.items(), key=lambda row: -row[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _SAME and ranked[1][0] == (None, None)):
            return None, None
        return ranked[0][0]


def feature(hit: SearchHit, name: str) -> float:
    """Return one feature of a hit by its name."""
    return hit.features[FEATURES.index(name)]
