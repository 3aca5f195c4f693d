"""The steps from a question to an answer, in the order of `Answering.steps`."""

from __future__ import annotations

from knowledge.answering import compose
from knowledge.answering.choices import about, after_answer, person
from knowledge.answering.draft import Draft
from knowledge.answering.followup import leans_on_context
from knowledge.answering.library import Library
from knowledge.calibration import Calibrator
from knowledge.model import Article, Block
from knowledge.retriever import Retrieval, Retriever, feature

_SUGGESTED = 3
_RELEVANT = 0.42  # cosine below which a suggestion would look random
_MOST_MISSES = 2


class Steps:
    """The steps share the content, the retriever and the calibration; each is `Draft -> Draft`."""

    def __init__(self, library: Library, retriever: Retriever, calibrator: Calibrator) -> None:
        """Keep what the steps need."""
        self._library, self._retriever, self._calibrator = library, retriever, calibrator

    def retrieve(self, draft: Draft) -> Draft:
        """Look the question up; if it leans on the topic before it, look it up with that."""
        request = draft.request
        alone = self._search(request.text, "", request.avoid)
        topic = self._library.articles.get(request.topic or "")
        leans = topic is not None and leans_on_context(alone.mended, self._retriever.features.names_a_topic)
        if topic is None or not leans:
            return draft.with_(found=alone)
        joined = self._search(request.text, topic.title, request.avoid)
        if self._calibrator.probability(alone) >= self._calibrator.probability(joined):
            return draft.with_(found=alone)
        return draft.with_(found=joined, leaning=True)

    def judge(self, draft: Draft) -> Draft:
        """Set the probability that the first hit answers the question."""
        assert draft.found is not None
        return draft.with_(probability=self._calibrator.probability(draft.found))

    def decide(self, draft: Draft) -> Draft:
        """Take the first hit, ask which was meant, or say that it is not known."""
        found, probability = draft.found, draft.probability or 0.0
        if found is not None and found.hits and probability >= self._calibrator.answer_from:
            hit = found.hits[0]
            article = self._library.articles[hit.article_id]
            return draft.with_(article=article, group=hit.group, section=hit.section)
        if found is not None and probability >= self._calibrator.clarify_from:
            return self._clarify(draft, found)
        return self._not_known(draft)

    def compose(self, draft: Draft) -> Draft:
        """Put the answer together: what was asked first, then the article."""
        article, request = draft.article, draft.request
        assert article is not None
        blocks = compose.opening(
            article, mode=request.mode, group=draft.group, section=draft.section, audience=request.audience
        )
        if article.expired(self._library.today()):
            notice = {"type": "notice", "text": self._library.phrase("expired", request.mode)}
            blocks = [notice, *blocks]
        offers = after_answer(article, library=self._library, mode=request.mode)
        cited = (article, *self._parent(article))
        return draft.with_(blocks=tuple(blocks), cited=cited, choices=offers, status=article.answer_status)

    def _search(self, text: str, context: str, avoid: tuple[str, ...]) -> Retrieval:
        return self._retriever.search(text, context=context, without=avoid)

    def _clarify(self, draft: Draft, found: Retrieval) -> Draft:
        if draft.request.misses >= _MOST_MISSES:
            return self._not_known(draft)
        text = self._library.phrase("clarify", draft.request.mode)
        offers = (*about(self._articles(found, _SUGGESTED), self._library), person(self._library))
        return draft.with_(status="clarify", blocks=({"type": "paragraph", "text": text},), choices=offers)

    def _not_known(self, draft: Draft) -> Draft:
        mode, again = draft.request.mode, draft.request.misses + 1 >= _MOST_MISSES
        near = self._near(draft.found)
        lines = [self._library.phrase("not_known_again" if again else "not_known", mode)]
        lines += [self._library.phrase("rephrase", mode)] if near and not again else []
        blocks: list[Block] = [{"type": "paragraph", "text": line} for line in lines]
        if again:
            blocks += [{"type": "contact", "key": "sendias"}, {"type": "contact", "key": "local_offer"}]
        offers = (*about(near, self._library), person(self._library))
        return draft.with_(status="declined_not_known", blocks=tuple(blocks), choices=offers)

    def _near(self, found: Retrieval | None) -> list[Article]:
        return self._articles(found, _SUGGESTED, _RELEVANT) if found else []

    def _articles(self, found: Retrieval, most: int, least: float = 0.0) -> list[Article]:
        kept = [hit for hit in found.hits if feature(hit, "name_similarity") >= least][:most]
        return [self._library.articles[hit.article_id] for hit in kept]

    def _parent(self, article: Article) -> tuple[Article, ...]:
        parent = self._library.articles.get(article.part_of or "")
        return (parent,) if parent else ()
