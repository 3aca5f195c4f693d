"""References that lead nowhere, names used twice, dates that have passed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from knowledge.check.problem import Problem, line_of
from knowledge.model import Article, Contact

QUESTIONS_WANTED = 6


def check_references(
    articles: Mapping[str, Article], contacts: Mapping[str, Contact], services: Iterable[str]
) -> Iterator[Problem]:
    """Yield references to articles, contacts, services, sources and sections that do not exist."""
    known_services = set(services)
    for article in articles.values():
        headings = {section.heading for section in article.details}
        cards = [(b["type"], b["key"]) for b in _blocks(article) if b["type"] in ("contact", "service")]
        yield from _lost(article, "related", article.related, articles)
        yield from _lost(article, "part_of", filter(None, [article.part_of]), articles)
        yield from _lost(article, "contact", (*article.contacts, *_keys(cards, "contact")), contacts)
        yield from _lost(article, "service", (*article.services, *_keys(cards, "service")), known_services)
        yield from _lost(article, "source", (key for _, key in article.facts), {s.key for s in article.sources})
        yield from _lost(article, "first", (g.first for g in article.questions if g.first), headings)
        yield from _few_questions(article)


def check_names(articles: Mapping[str, Article]) -> Iterator[Problem]:
    """Yield aliases and question wordings that two articles claim."""
    owners: dict[str, set[str]] = defaultdict(set)
    for article in articles.values():
        for wording in (*article.aliases, *(w for group in article.questions for w in group.ask)):
            owners[" ".join(wording.lower().split())].add(article.id)
    for wording, ids in owners.items():
        if len(ids) > 1:
            first = articles[min(ids)]
            message = f"'{wording}' is claimed by {', '.join(sorted(ids))}"
            yield Problem(first.path, line_of(first.path, wording), "wording", message)


def check_dates(articles: Mapping[str, Article], today: dt.date) -> Iterator[Problem]:
    """Yield (as warnings) articles past their review day or past the day their facts run out."""
    for article in articles.values():
        if article.expired(today):
            message = f"valid until {article.valid_until}: the answer now says that it is being checked"
            yield Problem(article.path, line_of(article.path, "valid_until"), "expired", message, "warning")
        if article.review_due() < today:
            message = f"review was due on {article.review_due()} (owner: {article.owner})"
            yield Problem(article.path, line_of(article.path, "reviewed"), "review", message, "warning")


def _lost(article: Article, what: str, keys: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    for key in sorted(set(keys) - set(known)):
        message = f"{what} '{key}' does not exist"
        yield Problem(article.path, line_of(article.path, key), "reference", message)


def _few_questions(article: Article) -> Iterator[Problem]:
    count = sum(len(group.ask) for group in article.questions)
    if count < QUESTIONS_WANTED:
        message = f"{count} question wordings, at least {QUESTIONS_WANTED}"
        yield Problem(article.path, line_of(article.path, "questions:"), "questions", message)


def _keys(cards: list[tuple[str, str]], kind: str) -> list[str]:
    return [key for card, key in cards if card == kind]


def _blocks(article: Article) -> Iterator[Mapping[str, str]]:
    yield from article.standard
    yield from article.easy
    for section in article.details:
        yield from section.blocks
