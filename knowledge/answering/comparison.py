"""Comparisons: which two things a message sets side by side, and which article does so already."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from knowledge.answering.names import Names
from knowledge.model import Article
from nlu.text import normalise

_Ids = frozenset[str]
LookUp = Callable[[str], _Ids]


def _nothing(_: str) -> _Ids:
    return frozenset()


@dataclasses.dataclass(frozen=True)
class Pair:
    """The two things compared: the words for each, and the articles that bear just these words as a name."""

    words: tuple[str, str]
    ids: tuple[_Ids, _Ids]
    better: bool = False


@dataclasses.dataclass(frozen=True)
class Compared:
    """An article that compares two things, and the question group in which it does."""

    article_id: str
    group: int | None


class Comparisons:
    """Reads comparisons out of messages, and knows which articles answer one."""

    def __init__(self, lexicon: Mapping[str, Any], names: Names, articles: Iterable[Article]) -> None:
        """Take the patterns of `lexicon/comparison.yml`, and read the comparisons among the articles' own wordings."""
        self._names, self._cues = names, tuple(lexicon["cues"])
        self._patterns = [re.compile(rf"{lexicon['before']}{row}\W*$", re.IGNORECASE) for row in lexicon["patterns"]]
        self._alone = re.compile(rf"{lexicon['alone']}\W*$", re.IGNORECASE)
        self._better = re.compile(lexicon["better"], re.IGNORECASE)
        self._pointers = frozenset(lexicon["pointers"])
        self._made = [row for article in articles for row in self._made_in(article)]

    def read(self, text: str, topic: str | None = None, look_up: LookUp = _nothing) -> Pair | None:
        """Return the two things that a message compares.

        Args:
            text: The message, spelling mended.
            topic: The article shown last: what "it" and "that" stand for.
            look_up: Finds articles for words that are nobody's name.
        """
        plain = normalise(text)
        if not self._cued(plain):
            return None
        for pattern in self._patterns:
            if match := pattern.match(plain):
                said = (match["x"], match["y"])
                # "it" stands for the article before; what it is set against must then be a name, not a guess.
                seek = _nothing if self._pointers & {words.strip().lower() for words in said} else look_up
                found = self._pair(plain, said, [self._of(words, topic, seek) for words in said])
                if found:
                    return found
        match = self._alone.match(plain)
        if match is None:
            return None
        return self._pair(plain, (match["x"], match["y"]), [self._names.of(match["x"]), self._names.of(match["y"])])

    def made(self, pair: Pair) -> Compared | None:
        """Return the article that compares a pair, if one does; one about neither alone comes first."""
        found = [row for ids, row in self._made if _joins(ids, pair.ids)]
        either = pair.ids[0] | pair.ids[1]
        return min(found, key=lambda row: (row.article_id in either, row.article_id), default=None)

    def _cued(self, text: str) -> bool:
        return any(cue in text.lower() for cue in self._cues)

    def _pair(self, text: str, said: tuple[str, str], ids: list[_Ids]) -> Pair | None:
        if not all(ids) or ids[0] & ids[1]:
            return None
        return Pair(said, (ids[0], ids[1]), bool(self._better.search(text)))

    def _of(self, words: str, topic: str | None, look_up: LookUp) -> _Ids:
        if words.strip().lower() in self._pointers:
            return frozenset({topic}) if topic else frozenset()
        named = self._names.find(words)
        return self._names.of(words) or (named[0].ids if len(named) == 1 else look_up(words))

    def _made_in(self, article: Article) -> Iterable[tuple[tuple[_Ids, _Ids], Compared]]:
        for wording in (article.title, *article.aliases):
            if not self._cued(wording):
                continue
            named = [one.ids for one in self._names.find(wording, without=article.id)]
            for pair in itertools.combinations(named, 2):
                yield pair, Compared(article.id, None)
        for number, group in enumerate(article.questions):
            for wording in group.ask:
                if found := self.read(wording, article.id):
                    yield found.ids, Compared(article.id, number)


def _joins(one: tuple[_Ids, _Ids], other: tuple[_Ids, _Ids]) -> bool:
    straight = one[0] & other[0] and one[1] & other[1]
    return bool(straight or (one[0] & other[1] and one[1] & other[0]))
