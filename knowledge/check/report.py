"""A report on all content as Markdown: how much there is, where it comes from, how plain it is, what is missing."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.check.problem import Problem
from knowledge.check.reading import grade
from knowledge.check.texts import main_texts
from knowledge.loader import ROOT, load_articles, load_contacts, missing_contact_details, read_yaml
from knowledge.model import Article
from knowledge.services import load_services

_HEAD = """# Content report

Made by `send-assistant check --report docs/content-report.md`; not to be edited by hand.
"""
_CERTAINTY = ("seen", "law", "old")
Rows = Iterable[Sequence[object]]


def report(findings: Sequence[Problem], root: Path = ROOT) -> str:
    """Return the report, the same for the same content and findings.

    Args:
        findings: What `check_content` found.
        root: Folder of the content.

    Raises:
        ContentError: An article or a service record cannot be used.
    """
    articles = load_articles(root / "articles")
    services = load_services(root / "services")
    missing = missing_contact_details(load_contacts(root / "contacts.yml"))
    parts = [
        _HEAD,
        _section("How much", _table(("what", "number"), _amounts(articles, services, findings))),
        _section("Articles by topic", _table(("topic", "articles", "wordings"), _topics(articles, root))),
        _section("Sources by kind and certainty", _table(("kind", *_CERTAINTY, "all"), _sources(articles))),
        _section("Service records by certainty", _table(("certainty", "records"), _certainties(services))),
        _section("Reading grade", _table(("text", "median", "worst", "article", "words (median)"), _grades(articles))),
        _section("Contact details still empty", "\n".join(f"- `{key}`" for key in missing) or "None."),
        _section("Inventory against articles", _inventory(root, articles, services)),
    ]
    return "\n".join(parts)


def _amounts(articles: Mapping[str, Article], services: Mapping[str, Any], findings: Sequence[Problem]) -> Rows:
    groups = [group for article in articles.values() for group in article.questions]
    errors = sum(problem.level == "error" for problem in findings)
    yield "articles", len(articles)
    yield "service records", len(services)
    yield "groups of questions", len(groups)
    yield "groups with an answer of their own (lead)", sum(group.lead is not None for group in groups)
    yield "question wordings", sum(len(group.ask) for group in groups)
    yield "headed details", sum(len(article.details) for article in articles.values())
    yield "sources named", sum(len(article.sources) for article in articles.values())
    yield "facts declared", sum(len(article.facts) for article in articles.values())
    yield "findings of the check: errors", errors
    yield "findings of the check: warnings", len(findings) - errors


def _topics(articles: Mapping[str, Article], root: Path) -> Rows:
    labels = read_yaml((root / "schema" / "topics.yml").read_text(encoding="utf-8"))
    for topic, label in labels.items():
        found = [article for article in articles.values() if article.topic == topic]
        yield label, len(found), sum(len(group.ask) for article in found for group in article.questions)


def _sources(articles: Mapping[str, Article]) -> Rows:
    counts = Counter((s.kind, s.certainty) for article in articles.values() for s in article.sources)
    for kind in sorted({kind for kind, _ in counts}):
        row = [counts[kind, certainty] for certainty in _CERTAINTY]
        yield kind, *row, sum(row)


def _certainties(services: Mapping[str, Any]) -> Rows:
    yield from Counter(record["certainty"] for record in services.values()).most_common()


def _grades(articles: Mapping[str, Article]) -> Rows:
    texts = [(text, article.id) for article in articles.values() for text in main_texts(article)]
    for name in ("standard", "easy"):
        found = [(grade(text.plain), key, text.words) for text, key in texts if text.name == name]
        worst, key, _ = max(found)
        middle = statistics.median(value for value, _, _ in found)
        length = statistics.median(words for _, _, words in found)
        yield name, f"{middle:.1f}", f"{worst:.1f}", f"`{key}`", f"{length:.0f}"


def _inventory(root: Path, articles: Mapping[str, Article], services: Mapping[str, Any]) -> str:
    groups = read_yaml((root / "schema" / "inventory.yml").read_text(encoding="utf-8"))
    wanted = [key for keys in groups.values() for key in keys]
    missing = [key for key in wanted if key not in articles and key not in services]
    told = f"{len(wanted)} ids, {len(missing)} missing{': ' if missing else ''}{', '.join(missing)}."
    rows = [
        (group, f"`{key}`", *_answered_by(key, articles, services)) for group, keys in groups.items() for key in keys
    ]
    return f"{told}\n\n{_table(('group', 'id', 'answered by', 'title'), rows)}"


def _answered_by(key: str, articles: Mapping[str, Article], services: Mapping[str, Any]) -> tuple[str, str]:
    if key in articles:
        return f"article ({articles[key].topic})", articles[key].title
    return ("service record", services[key]["name"]) if key in services else ("MISSING", "")


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}\n"


def _table(columns: Sequence[str], rows: Rows) -> str:
    return "\n".join(_lines(columns, rows))


def _lines(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    for row in (columns, ["---"] * len(columns), *rows):
        yield f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |"
