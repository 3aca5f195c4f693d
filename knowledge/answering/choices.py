"""Next steps under an answer; each says what it will show."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.answering.answer import Choice
from knowledge.answering.library import Library
from knowledge.model import Article, ReadingMode

_RELATED = 2
_NO_OFFERS = ("safeguarding", "smalltalk")


def after_answer(article: Article, *, library: Library, mode: ReadingMode, shown: int = 0) -> tuple[Choice, ...]:
    """Return the choices under an article: more, the other reading mode, related articles, a person."""
    here = {"article": article.id}
    offers = []
    if shown < len(article.details):
        offers.append(Choice(library.label("more"), "tell_more", {**here, "option": str(shown)}))
    if article.answer_status not in _NO_OFFERS:
        other = ("explain_simply", "simply") if mode == "standard" else ("explain_standard", "standard")
        offers.append(Choice(library.label(other[1]), other[0], here))
    offers += about((library.articles[key] for key in article.related if key in library.articles), library)[:_RELATED]
    return (*offers, person(library))


def about(articles: Iterable[Article], library: Library) -> list[Choice]:
    """Return one choice an article, worded with its title."""
    return [
        Choice(library.label("about", title=article.title), "choose_option", {"article": article.id})
        for article in articles
    ]


def about_as(label: str, article_id: str) -> Choice:
    """Return the choice of an article under another name than its title, such as what a short form means."""
    return Choice(label[:1].upper() + label[1:], "choose_option", {"article": article_id})


def more_about(article: Article, library: Library) -> Choice:
    """Return the choice that shows one of several articles just answered from, in full."""
    return Choice(library.label("more_about", title=article.title), "choose_option", {"article": article.id})


def person(library: Library) -> Choice:
    """Return the choice that brings in a person."""
    return Choice(library.label("person"), "talk_to_person")
