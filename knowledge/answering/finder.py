"""Looking a question up: alone, or leaning on what was said before."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from knowledge.answering.followup import leans_on_context
from knowledge.answering.part import Parts
from knowledge.calibration import Calibrator
from knowledge.model import Article
from knowledge.retriever import Look, Retrieval, Retriever

_OWN_SHARE = 0.6  # how much the words of the message weigh against those of what it leans on, when hits are ordered
_HITS = 5
_STRANGE = 0.95  # share of weight in words that no article has, above which a message leans on nothing
_CLEAR = 0.75  # probability from which a question needs no help from the turns before it


@dataclasses.dataclass(frozen=True)
class Found:
    """What was found, how probable it is that the first hit answers, and whether that rests on earlier turns.

    `group` and `section` are the part of the first hit that was asked for, neither if it was asked for as a whole.
    """

    retrieval: Retrieval
    probability: float
    leaning: bool = False
    group: int | None = None
    section: str | None = None


class Finder:
    """Finds articles for questions; what a question leans on may be the article before it and its neighbours."""

    def __init__(self, articles: Mapping[str, Article], retriever: Retriever, calibrator: Calibrator) -> None:
        """Join the parts.

        Args:
            articles: The approved content, by id.
            retriever: Finds articles.
            calibrator: Gives the probability that the first hit answers.
        """
        self.calibrator = calibrator
        self._retriever = retriever
        self._parts = Parts(retriever, articles)
        self._neighbours = neighbours(articles)

    def alone(self, text: str, avoid: Iterable[str] = ()) -> Found:
        """Return what answers a question that stands on its own."""
        look = self._retriever.look(text)
        return self._found(look, self._retriever.rank(look, without=tuple(avoid)))

    def sure(self, found: Found) -> bool:
        """Tell whether what was found may be given as the answer."""
        return bool(found.retrieval.hits) and found.probability >= self.calibrator.answer_from

    def clear(self, found: Found) -> bool:
        """Tell whether what was found needs no help from the turns before it."""
        return bool(found.retrieval.hits) and found.probability >= max(_CLEAR, self.calibrator.answer_from)

    def leans(self, text: str) -> bool:
        """Tell whether a message needs what was said before it to be understood."""
        mended = self._retriever.mend(text)
        return leans_on_context(mended, self._retriever.features.names_a_topic)

    def near(
        self, topic: Article, contexts: Iterable[str], text: str, avoid: Iterable[str] = (), *, leans: bool
    ) -> list[Found]:
        """Return what answers a message that may lean on an article, once for each of the contexts.

        An answer that lies near the article (itself, what it points to, what points to it) is chosen by the words of
        the message. How probable it is rests on the message and its context read together where the message leans
        on it; else the words of the message themselves have to speak for the answer.
        """
        own = self._retriever.look(text)
        alone = self._retriever.rank(own)
        if alone.words and alone.unknown > _STRANGE:
            return []
        # A message without a word of its own ("who is it for?") stays with the article itself.
        around = self._neighbours[topic.id] if alone.words else frozenset({topic.id})
        return [self._near(around - set(avoid), own, context, tuple(avoid), leans) for context in contexts]

    def corrected(self, text: str, contexts: Iterable[str], avoid: Iterable[str] = ()) -> Found:
        """Return what answers an earlier question put right by a message.

        Args:
            text: What puts it right.
            contexts: The earlier question, and what it was taken to be about.
            avoid: Articles that were wrong.
        """
        own = self._retriever.look(text)
        looks = [look for context in contexts for look in self._both(own, context)]
        found = [self._found(look, self._retriever.rank(look, without=tuple(avoid)), leaning=True) for look in looks]
        return max(found, key=lambda one: one.probability)

    def _both(self, own: Look, context: str) -> tuple[Look, Look]:
        joined = self._retriever.look(own.question, context=context)
        return _mixed(own, joined), joined

    def among(self, text: str, ids: Collection[str]) -> Found:
        """Return what answers a question best among some articles."""
        look = self._retriever.look(text)
        return self._found(look, self._ranked(look, ids))

    def mend(self, text: str) -> str:
        """Return a text with its spelling mended."""
        return self._retriever.mend(text)

    def _near(self, around: frozenset[str], own: Look, context: str, avoid: tuple[str, ...], leans: bool) -> Found:
        joined = self._retriever.look(own.question, context=context)
        close = self._found(own, self._ranked(_mixed(own, joined), around), leaning=True)
        if not leans:
            return close
        both = self._found(joined, self._retriever.rank(joined, limit=_HITS, without=avoid), leaning=True)
        first = next((hit.article_id for hit in both.retrieval.hits), None)
        if close.retrieval.hits and first in around:
            return dataclasses.replace(close, probability=max(both.probability, close.probability))
        return close if close.probability >= min(both.probability, self.calibrator.answer_from) else both

    def _found(self, look: Look, ranked: Retrieval, *, leaning: bool = False) -> Found:
        group, section = self._parts.choose(look, ranked.hits[0].article_id) if ranked.hits else (None, None)
        return Found(ranked, self.calibrator.probability(ranked), leaning, group, section)

    def _ranked(self, look: Look, ids: Collection[str]) -> Retrieval:
        """Return the hits among some articles."""
        return self._retriever.rank(look, limit=_HITS, without=self._neighbours.keys() - set(ids))


def neighbours(articles: Mapping[str, Article]) -> dict[str, frozenset[str]]:
    """Return the articles near each article: itself, what it points to, and what points to it."""
    found = {key: {key} for key in articles}
    for article in articles.values():
        for other in (*article.related, article.part_of):
            if other in found:
                found[article.id].add(other)
                found[other].add(article.id)
    return {key: frozenset(ids) for key, ids in found.items()}


def _mixed(own: Look, joined: Look) -> Look:
    """Return a look that orders by both readings; the part of the article is chosen by the message alone."""
    table = (_OWN_SHARE * own.table + (1 - _OWN_SHARE) * joined.table).astype(np.float32)
    return dataclasses.replace(own, table=table)
