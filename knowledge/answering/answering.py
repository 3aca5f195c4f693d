"""The door to answers: a question, an article by name, more of it, it in other words, its sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge.answering import compose
from knowledge.answering.answer import Answer, Choice, Request
from knowledge.answering.choices import about, after_answer, person
from knowledge.answering.cite import citations
from knowledge.answering.draft import Draft, run
from knowledge.answering.finder import Finder
from knowledge.answering.library import Library
from knowledge.answering.steps import Steps
from knowledge.answering.terms import Glossary
from knowledge.calibration import Calibrator
from knowledge.model import Article, Block, ReadingMode
from knowledge.retriever import Retriever


class Answering:
    """Answers from approved content alone; it writes nothing and remembers nothing."""

    def __init__(
        self, library: Library, retriever: Retriever, calibrator: Calibrator, grades: Mapping[str, Mapping[str, float]]
    ) -> None:
        """Join the parts.

        Args:
            library: The approved content.
            retriever: Finds articles.
            calibrator: Gives the probability that the first hit answers.
            grades: Reading grade of each article in each mode, measured at build time.
        """
        self.library = library
        self._grades = grades
        self._glossary = Glossary(library.articles.values())
        steps = Steps(library, Finder(library.articles, retriever, calibrator))
        self._steps, self._series = steps.in_order(), steps.series

    def answer(self, request: Request) -> Answer:
        """Return the answer to a question, a question back, or the word that it is not known."""
        return self._finish(run(self._steps, Draft(request)))

    def show(
        self, article_id: str, *, mode: ReadingMode, audience: str | None = None, group: int | None = None
    ) -> Answer:
        """Return an article by its id, as after a pressed choice.

        Raises:
            KeyError: There is no such article.
        """
        article = self.library.articles[article_id]
        blocks = compose.opening(article, mode=mode, group=group, section=None, audience=audience)
        offers = after_answer(article, library=self.library, mode=mode)
        request = Request("", mode=mode)
        return self._finish(self._draft(request, article, blocks, offers).with_(group=group))

    def more(self, article_id: str, *, mode: ReadingMode, shown: int) -> Answer:
        """Return the next headed parts of an article after the first `shown`."""
        article = self.library.articles[article_id]
        blocks = compose.details(article, shown)
        count = shown + sum(block["type"] == "heading" for block in blocks)
        if not blocks:
            blocks = [{"type": "paragraph", "text": self.library.phrase("no_more", mode)}]
        offers = after_answer(article, library=self.library, mode=mode, shown=max(count, shown))
        return self._finish(self._draft(Request("", mode=mode), article, blocks, offers).with_(sections_shown=count))

    def follow_series(self, text: str, topic: str | None) -> str | None:
        """Return the numbered article that a message names by its place ("the next one"), seen from the last one."""
        return self._series.follow(text, topic)

    def for_audience(self, article_id: str, audience: str, *, mode: ReadingMode) -> Answer:
        """Return what an article says for one audience; the article itself where it says the same to all."""
        article = self.library.articles[article_id]
        own = article.for_audience.get(audience)
        blocks: list[Block] = [{"type": "paragraph", "text": own}]
        if own is None:
            blocks = [{"type": "paragraph", "text": self.library.phrase("no_audience", mode)}]
            blocks += compose.opening(article, mode=mode, group=None, section=None, audience=None)
        offers = after_answer(article, library=self.library, mode=mode)
        return self._finish(self._draft(Request("", mode=mode), article, blocks, offers))

    def sources(self, article_id: str, *, mode: ReadingMode) -> Answer:
        """Return where an article comes from, with the dates on which it was checked."""
        article = self.library.articles[article_id]
        rows = [_source_line(row["source"]) for row in citations([article])]
        blocks: list[Block] = [
            {"type": "paragraph", "text": f"{self.library.phrase('sources', mode)}:"},
            {"type": "list", "items": rows},
        ]
        offers = after_answer(article, library=self.library, mode=mode)
        return self._finish(self._draft(Request("", mode=mode), article, blocks, offers))

    def say(self, phrase: str, *, mode: ReadingMode, status: str, offers: Iterable[Choice] = ()) -> Answer:
        """Return a framing sentence alone."""
        block = {"type": "paragraph", "text": self.library.phrase(phrase, mode)}
        draft = Draft(Request("", mode=mode), blocks=(block,), choices=tuple(offers), status=status)
        return self._finish(draft)

    def person(self, *, mode: ReadingMode) -> Answer:
        """Return how to reach a person, with what is known of the contacts."""
        article = self.library.articles["sendias-handoff"]
        offers = (person(self.library), *about([self.library.articles["sendias-contact"]], self.library))
        blocks = compose.opening(article, mode=mode, group=None, section=None, audience=None)
        if not any(block["type"] == "contact" for block in blocks):
            blocks = [*blocks, {"type": "contact", "key": "sendias"}]
        draft = self._draft(Request("", mode=mode), article, blocks, offers)
        return self._finish(draft.with_(status="handover_offer"))

    def _draft(self, request: Request, article: Article, blocks: list[Block], offers: tuple[Choice, ...]) -> Draft:
        return Draft(
            request,
            article=article,
            cited=(article,),
            blocks=tuple(blocks),
            choices=offers,
            status=article.answer_status,
        )

    def _finish(self, draft: Draft) -> Answer:
        mode = draft.request.mode
        blocks = compose.resolve(draft.blocks, self.library, mode)
        text = compose.plain(blocks)
        article = draft.article
        return Answer(
            status=draft.status or "error_unavailable",
            blocks=tuple(blocks),
            text=text,
            citations=tuple(citations(draft.cited)),
            choices=draft.choices,
            mode=mode,
            grade=self._grades.get(article.id, {}).get(mode, 0.0) if article else 0.0,
            article_id=article.id if article else None,
            group=draft.group,
            section=draft.section,
            sections_shown=draft.sections_shown,
            probability=None if draft.probability is None else round(draft.probability, 4),
            terms=self._glossary.explain(text),
            question=None if draft.leaning else draft.question or None,
        )


def _source_line(source: Mapping[str, str]) -> str:
    parts = (source["title"], source.get("section"), source.get("url"))
    return f"{', '.join(part for part in parts if part)} (checked {source['checked']})"
