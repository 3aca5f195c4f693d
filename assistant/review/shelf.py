"""All articles as editors see them, drafts and broken files included; read once, since content comes with a release."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.paths import build_folder
from knowledge.errors import ContentError
from knowledge.loader import ROOT, load_article
from knowledge.model import Article

# From the surest to the least sure: an article is as sure as its weakest source.
_CERTAINTY = ("seen", "law", "old")


@dataclass(frozen=True)
class Entry:
    """One article with what editors look for; reading grades are those measured by the build, None before it."""

    article: Article
    certainty: str
    grades: Mapping[str, float | None]

    def is_late(self, today: date) -> bool:
        """Tell whether the article should have been read again."""
        return self.article.status == "published" and self.article.review_due() < today


@dataclass(frozen=True)
class Shelf:
    """The articles by id, the files that cannot be read with the reason, and the topics with their labels."""

    entries: Mapping[str, Entry]
    broken: Mapping[str, str]
    topics: Mapping[str, str]

    def title(self, article_id: str) -> str:
        """Return the title of an article; the id itself if there is none (any more)."""
        entry = self.entries.get(article_id)
        return entry.article.title if entry else article_id

    def topic(self, article_id: str) -> str:
        """Return the topic's key; `unknown` if there is no such article."""
        entry = self.entries.get(article_id)
        return entry.article.topic if entry else "unknown"

    def late(self, today: date) -> tuple[Entry, ...]:
        """Return the articles past their review, longest first."""
        found = (entry for entry in self.entries.values() if entry.is_late(today))
        return tuple(sorted(found, key=lambda entry: entry.article.review_due()))


@functools.cache
def shelf(root: Path = ROOT) -> Shelf:
    """Read everything; takes a second or two the first time."""
    entries: dict[str, Entry] = {}
    broken: dict[str, str] = {}
    grades = _grades()
    for path in sorted((root / "articles").rglob("*.md")):
        try:
            article = load_article(path)
        except ContentError as error:
            broken[path.stem] = str(error)
            continue
        certainty = max((source.certainty for source in article.sources), key=_CERTAINTY.index)
        entries[article.id] = Entry(article, certainty, grades.get(article.id, {}))
    topics = yaml.safe_load((root / "schema" / "topics.yml").read_text(encoding="utf-8"))
    return Shelf(entries, broken, topics)


def _grades() -> dict[str, dict[str, Any]]:
    try:
        text = (build_folder() / "knowledge" / "serving.json").read_text(encoding="utf-8")
        found: dict[str, dict[str, Any]] = json.loads(text)["grades"]
    except (OSError, ValueError, KeyError):
        return {}
    return found
