"""Figures on the content: how many articles, services, wordings and sources, and how plain the texts are."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import yaml

from knowledge.check.reading import grade
from knowledge.check.texts import main_texts
from knowledge.loader import ROOT, load_articles, load_contacts, missing_contact_details
from knowledge.model import Article


def summary(root: Path = ROOT) -> str:
    """Return the figures as lines of text."""
    articles = load_articles(root / "articles")
    services = list((root / "services").glob("*.yml"))
    wordings = sum(len(group.ask) for a in articles.values() for group in a.questions)
    sources = [source for article in articles.values() for source in article.sources]
    lines = [
        f"articles {len(articles)}, services {len(services)}, question wordings {wordings}, sources {len(sources)}",
        f"articles by topic: {_counts(a.topic for a in articles.values())}",
        f"sources by kind: {_counts(s.kind for s in sources)}",
        f"sources by certainty: {_counts(s.certainty for s in sources)}",
        *_grades(list(articles.values())),
        *_inventory(root / "schema" / "inventory.yml", {*articles, *(path.stem for path in services)}),
        f"contact details still empty: {', '.join(missing_contact_details(load_contacts(root / 'contacts.yml')))}",
    ]
    return "\n".join(lines)


def _counts(values: Iterable[str]) -> str:
    return ", ".join(f"{value} {count}" for value, count in Counter(values).most_common())


def _grades(articles: list[Article]) -> list[str]:
    rows = [(text.name, grade(text.plain), a.id) for a in articles for text in main_texts(a)]
    lines = []
    for name in ("standard", "easy"):
        found = sorted((value, key) for kind, value, key in rows if kind == name)
        middle = statistics.median(value for value, _ in found)
        lines.append(f"reading grade, {name}: median {middle:.1f}, worst {found[-1][0]:.1f} ({found[-1][1]})")
    return lines


def _inventory(path: Path, ids: set[str]) -> list[str]:
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        f"inventory, {group}: {sum(key in ids for key in wanted)} of {len(wanted)} answered"
        for group, wanted in groups.items()
    ]
