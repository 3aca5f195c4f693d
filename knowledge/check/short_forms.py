"""Short forms that clash: each one that several articles bear is either asked back or known to mean one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from knowledge.check.problem import Problem, line_of
from knowledge.loader import read_yaml
from knowledge.model import Article


def check_short_forms(articles: Mapping[str, Article], path: Path) -> Iterator[Problem]:
    """Yield short forms that clash without a word in the table, and rows of the table that are out of date.

    Args:
        articles: The content, by id.
        path: The table, `schema/short_forms.yml`.
    """
    table: dict[str, Any] = read_yaml(path.read_text(encoding="utf-8")) if path.exists() else {}
    several, one_meaning = table.get("several", {}), set(table.get("one_meaning", ()))
    clashes = _clashes(articles.values())
    for short, ids in sorted(clashes.items()):
        if short not in several and short not in one_meaning:
            first = articles[min(ids)]
            message = f"'{short}' is claimed by {', '.join(sorted(ids))}: list it in {path.name}"
            yield Problem(first.path, line_of(first.path, "acronyms"), "short form", message)
    for short in sorted(one_meaning - clashes.keys()):
        yield _stale(path, short, f"'{short}' is no longer borne by several articles")
    for short, rows in several.items():
        yield from _rows(path, short, rows, articles)


def _rows(path: Path, short: str, rows: list[dict[str, Any]], articles: Mapping[str, Article]) -> Iterator[Problem]:
    if len(rows) < 2:
        yield _stale(path, short, f"'{short}' has one meaning: it needs no row")
    for row in rows:
        if row["article"] not in articles:
            yield _stale(path, row["article"], f"'{short}': the article '{row['article']}' does not exist")
    owners = {article.id for article in articles.values() if short in map(str.upper, article.acronyms)}
    for lost in sorted(owners - {row["article"] for row in rows}):
        yield _stale(path, short, f"'{short}': the meaning of '{lost}' is not among those asked back")


def _clashes(articles: Iterable[Article]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        for acronym in article.acronyms:
            found[acronym.upper()].add(article.id)
    return {short: ids for short, ids in found.items() if len(ids) > 1}


def _stale(path: Path, at: str, message: str) -> Problem:
    return Problem(str(path), line_of(str(path), at), "short form", message)
