"""All checks over all content."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from knowledge.check.figures import check_figures
from knowledge.check.leftovers import check_leftovers
from knowledge.check.problem import Problem
from knowledge.check.reading import check_reading
from knowledge.check.references import check_dates, check_names, check_references
from knowledge.check.short_forms import check_short_forms
from knowledge.check.similarity import check_similarity
from knowledge.errors import ContentError
from knowledge.loader import ROOT, load_article, load_contacts
from knowledge.model import Article, Contact
from knowledge.services import load_services, unknown_contacts


def check_content(*, today: dt.date, root: Path = ROOT) -> list[Problem]:
    """Return everything found in the content below a folder, by file and line."""
    articles, broken = _load(root / "articles")
    contacts = load_contacts(root / "contacts.yml")
    services, damaged = _services(root / "services", contacts)
    found = [*broken, *damaged, *check_references(articles, contacts, services), *check_names(articles)]
    found += [*check_dates(articles, today), *check_similarity(articles)]
    for article in articles.values():
        found += check_article(article, contacts)
    found += check_short_forms(articles, root / "schema" / "short_forms.yml")
    found += missing_from_inventory(root / "schema" / "inventory.yml", {*articles, *services})
    return sorted({_relative(problem, root.parent) for problem in found})


def check_article(article: Article, contacts: Mapping[str, Contact]) -> Iterator[Problem]:
    """Yield what can be seen in one article alone: how it reads, and whether its figures are declared."""
    yield from check_reading(article)
    yield from check_figures(article, contacts)
    yield from check_leftovers(article)


def _relative(problem: Problem, base: Path) -> Problem:
    path = Path(problem.path)
    inside = path.is_absolute() and path.is_relative_to(base)
    return dataclasses.replace(problem, path=str(path.relative_to(base))) if inside else problem


def missing_from_inventory(inventory: Path, ids: set[str]) -> Iterator[Problem]:
    """Yield the ids of the inventory that neither an article nor a service record answers."""
    for group, wanted in yaml.safe_load(inventory.read_text(encoding="utf-8")).items():
        for article_id in wanted:
            if article_id not in ids:
                yield Problem(str(inventory), 1, "inventory", f"{group}: '{article_id}' has no article")


def _services(folder: Path, contacts: Mapping[str, Contact]) -> tuple[list[str], list[Problem]]:
    """Return the slugs of the records, and what is wrong with them: the schema, or a contact that does not exist."""
    slugs, damaged = [path.stem for path in folder.glob("*.yml")], []
    try:
        lost = unknown_contacts(load_services(folder), contacts)
        damaged = [Problem(str(folder), 1, "reference", f"contact {row} does not exist") for row in lost]
    except ContentError as error:
        damaged = [Problem(str(folder), 1, "schema", str(error))]
    return slugs, damaged


def _load(folder: Path) -> tuple[Mapping[str, Article], list[Problem]]:
    articles: dict[str, Article] = {}
    broken: list[Problem] = []
    for path in sorted(folder.rglob("*.md")):
        try:
            article = load_article(path)
        except ContentError as error:
            broken.append(Problem(str(path), 1, "schema", str(error)))
            continue
        if article.id in articles:
            broken.append(Problem(str(path), 1, "schema", f"the id '{article.id}' is used twice"))
        articles[article.id] = article
    return articles, broken
