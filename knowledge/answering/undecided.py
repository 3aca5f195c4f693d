"""What is said where no article answers: a question back, or that it is not known."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.answering.choices import about, about_as, person
from knowledge.answering.draft import Draft
from knowledge.answering.library import Library
from knowledge.answering.short_forms import Meaning
from knowledge.calibration import OFFERED
from knowledge.model import Article, Block
from knowledge.retriever import Retrieval, feature

_RELEVANT = 0.42  # cosine below which a suggestion would look random
MOST_MISSES = 2


class Undecided:
    """Words the drafts that end a run without an answer."""

    def __init__(self, library: Library) -> None:
        """Keep the content."""
        self._library = library

    def which(self, draft: Draft) -> Draft:
        """Ask which of the nearest articles was meant; after two questions in vain, offer a person."""
        if draft.request.misses >= MOST_MISSES or draft.found is None:
            return self.not_known(draft)
        text = self._library.phrase("clarify", draft.request.mode)
        offers = (*about(self._articles(draft.found), self._library), person(self._library))
        return draft.with_(status="clarify", blocks=(_paragraph(text),), choices=offers)

    def which_meaning(self, draft: Draft, short: str, meanings: Iterable[Meaning]) -> Draft:
        """Ask which meaning of a short form was meant, saying what each one is."""
        rows, mode = list(meanings), draft.request.mode
        said: list[Block] = [
            _paragraph(self._library.phrase("clarify_word", mode, word=short)),
            {"type": "list", "items": [f"{row.means}." for row in rows]},
        ]
        offers = [about_as(row.means.partition(":")[0], row.article_id) for row in rows]
        return draft.with_(status="clarify", blocks=tuple(said), choices=(*offers, person(self._library)))

    def not_known(self, draft: Draft) -> Draft:
        """Say that it is not known, with what comes nearest; at the second miss, how to reach people."""
        mode, again = draft.request.mode, draft.request.misses + 1 >= MOST_MISSES
        near = self._articles(draft.found, _RELEVANT) if draft.found else []
        lines = [self._library.phrase("not_known_again" if again else "not_known", mode)]
        lines += [self._library.phrase("rephrase", mode)] if near and not again else []
        blocks: list[Block] = [_paragraph(line) for line in lines]
        if again:
            blocks += [{"type": "contact", "key": "sendias"}, {"type": "contact", "key": "local_offer"}]
        return self._declined(draft, blocks, near)

    def no_reference(self, draft: Draft, shown: str, near: Iterable[str]) -> Draft:
        """Say that a paragraph, section or case is not among what is held, with the nearest that is."""
        mode = draft.request.mode
        articles = [self._library.articles[key] for key in near if key in self._library.articles][:OFFERED]
        blocks = [_paragraph(self._library.phrase("no_reference", mode, reference=shown))]
        if articles:
            blocks.append(_paragraph(self._library.phrase("nearest_is", mode, title=articles[0].title)))
        return self._declined(draft, blocks, articles)

    def _declined(self, draft: Draft, blocks: list[Block], near: list[Article]) -> Draft:
        offers = (*about(near, self._library), person(self._library))
        return draft.with_(status="declined_not_known", blocks=tuple(blocks), choices=offers)

    def _articles(self, found: Retrieval, least: float = 0.0) -> list[Article]:
        kept = [hit for hit in found.hits if feature(hit, "name_similarity") >= least][:OFFERED]
        return [self._library.articles[hit.article_id] for hit in kept]


def _paragraph(text: str) -> Block:
    return {"type": "paragraph", "text": text}
