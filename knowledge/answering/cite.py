"""Citations: which article an answer is from, and where that article has it from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.model import Article, Source


def citations(articles: Iterable[Article]) -> list[dict[str, Any]]:
    """Return one citation a source of each article, in the articles' own order."""
    return [
        {"article_id": article.id, "title": article.title, "source": _source(source)}
        for article in articles
        for source in article.sources
    ]


def _source(source: Source) -> dict[str, Any]:
    fields = {"title": source.title, "section": source.section, "url": source.url, "kind": source.kind}
    dated = {"dated": source.dated} if source.dated else {}
    return {**fields, **dated, "checked": source.checked.isoformat()}
