"""The names of articles inside a text: titles, aliases and short forms, word for word."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from knowledge.model import Article
from nlu.text import plain_words, stem, stop_words

_LONGEST = 8  # words
_IN_BRACKETS = re.compile(r"\s*\(([^)]*)\)")
_ARTICLES = ("a", "an", "the")
_Key = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Named:
    """A name found: words `start` to `end` of the text, and the articles that bear it."""

    start: int
    end: int
    ids: frozenset[str]


class Names:
    """Finds the names of articles, plural or not; the longest counts where two overlap."""

    def __init__(self, articles: Iterable[Article]) -> None:
        """Take the names of the articles; a short form spelt like an everyday word is no name here."""
        self._owners: dict[_Key, set[str]] = defaultdict(set)
        for article in articles:
            for name in _names_of(article):
                key = _key(name)
                if key and not stop_words().issuperset(key):
                    self._owners[key].add(article.id)

    def find(self, text: str, *, without: str | None = None) -> list[Named]:
        """Return the names in a text, in order; none overlaps another; `without` is an article that does not count."""
        return list(self._find(_key(text), without))

    def of(self, text: str) -> frozenset[str]:
        """Return the articles whose name is the whole text, but for 'a' and 'the'."""
        words = [word for word in _key(text) if word not in _ARTICLES]
        return frozenset(self._owners.get(tuple(words), ()))

    def mentioned(self, text: str) -> frozenset[str]:
        """Return the articles that a text names."""
        return frozenset().union(*(named.ids for named in self.find(text)))

    def _find(self, words: _Key, without: str | None) -> Iterator[Named]:
        start = 0
        while start < len(words):
            ends = range(min(len(words), start + _LONGEST), start, -1)
            found = ((end, self._owners.get(words[start:end], set()) - {without}) for end in ends)
            end, ids = next(((end, ids) for end, ids in found if ids), (start + 1, set()))
            if ids:
                yield Named(start, end, frozenset(ids))
            start = end


def _names_of(article: Article) -> Iterator[str]:
    bracketed = [found[1] for found in _IN_BRACKETS.finditer(article.title)]
    yield from (article.title, _IN_BRACKETS.sub("", article.title), article.title.partition(":")[0], *bracketed)
    yield from (*article.aliases, *article.acronyms)


def _key(text: str) -> _Key:
    return tuple(stem(word) for word in plain_words(text))
