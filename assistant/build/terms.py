"""Step 2: the names by which a message can name an article, for the dialogue's matcher."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from assistant.build.step import digest_of
from knowledge.index import content_digest
from knowledge.loader import ROOT, load_articles
from knowledge.model import Article


def inputs() -> str:
    """Return a digest of everything that decides what the names are."""
    return digest_of([Path(__file__)], content_digest(ROOT / "articles"))


def make(folder: Path) -> dict[str, object]:
    """Write the names into a folder; return facts for the manifest."""
    found = terms(load_articles())
    (folder / "terms.json").write_text(json.dumps(found, ensure_ascii=False, indent=0), encoding="utf-8")
    return {"terms": len(found)}


def terms(articles: Mapping[str, Article]) -> dict[str, str]:
    """Return the names by which a message can name an article; a name of several articles is left out."""
    owners: dict[str, set[str]] = {}
    for article in articles.values():
        for name in (article.title, *article.aliases, *article.acronyms):
            owners.setdefault(name.lower().rstrip("?"), set()).add(article.id)
    return {name: min(ids) for name, ids in sorted(owners.items()) if len(ids) == 1}
