"""Articles to passages: the many short texts by which one article can be found."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from knowledge.markdown import block_text
from knowledge.model import Article, Block

NAMES = (
    "title",
    "alias",
    "acronym",
    "question",
)  # worded as a family would ask; the rest is worded as an answer


@dataclasses.dataclass(frozen=True)
class Passage:
    """One text that leads to an article.

    `kind` is one of title, alias, acronym, question, text, lead, section; `group` is the number of the question
    group and `section` the heading of the detail section that it belongs to. `text` carries its context: title and
    heading path, so that a passage read alone is never mistaken for one about another subject.
    """

    article_id: str
    kind: str
    text: str
    group: int | None = None
    section: str | None = None


def passages(articles: Iterable[Article]) -> list[Passage]:
    """Return the passages of all articles, in a fixed order."""
    return [passage for article in articles for passage in chunk(article)]


def chunk(article: Article) -> Iterator[Passage]:
    """Yield the passages of one article: all its texts but the easy one, which says the standard one again."""
    yield Passage(article.id, "title", article.title)
    yield from (Passage(article.id, "alias", alias) for alias in article.aliases)
    yield from (Passage(article.id, "acronym", acronym) for acronym in article.acronyms)
    for number, group in enumerate(article.questions):
        yield from (Passage(article.id, "question", wording, group=number) for wording in group.ask)
        if group.lead:
            yield Passage(article.id, "lead", f"{article.title}: {group.lead}", group=number)
    yield Passage(article.id, "text", f"{article.title}: {_joined(article.standard)}")
    yield from (Passage(article.id, "text", f"{article.title}: {text}") for text in article.for_audience.values())
    for section in article.details:
        text = f"{article.title} > {section.heading} {_joined(section.blocks)}"
        yield Passage(article.id, "section", text, section=section.heading)


def _joined(blocks: Iterable[Block]) -> str:
    return " ".join(filter(None, map(block_text, blocks)))
