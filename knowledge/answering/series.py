"""Numbered articles that belong together: the ambitions, the priorities."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from knowledge.model import Article
from nlu.text import words

_NUMBERED = re.compile(r"^([a-z][a-z-]*)-(\d+)$")
_FEWEST = 3
_MOST_WORDS = 10  # a longer message says what it is about
_PLACES = (
    ("1", "one", "first", "1st"),
    ("2", "two", "second", "2nd"),
    ("3", "three", "third", "3rd"),
    ("4", "four", "fourth", "4th"),
    ("5", "five", "fifth", "5th"),
    ("6", "six", "sixth", "6th"),
    ("7", "seven", "seventh", "7th"),
    ("8", "eight", "eighth", "8th"),
    ("9", "nine", "ninth", "9th"),
)
_NUMBERS = {word: place for place, row in enumerate(_PLACES, start=1) for word in row}
_NEXT = re.compile(r"\b(?:next|following|one after|after that)\b")
_BEFORE = re.compile(r"\b(?:previous|one before|before that|preceding)\b")
_LAST = re.compile(r"\b(?:last|final) (?:one|of them)\b|^(?:the )?last$")
_PLACED = re.compile(
    r"^(?:(?:and|what about|how about|tell me|explain|show me|show|give me|more|about|on|of|what is|what does|say|mean"
    r"|please|number|no|the|one|ones|option|go|to|do|then|for|us|me|whats|that)\s+)*"
    r"(\w+)(?:\s+(?:one|ones|please|then|of them|say|mean|about))*$"
)


@dataclasses.dataclass(frozen=True)
class Series:
    """Numbered articles in their order, and the articles that list them all."""

    members: tuple[str, ...]
    lists: frozenset[str]


class AllSeries:
    """Knows which articles are numbered members of one series, and follows "the next one" and "the third"."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        """Find the series: at least three articles whose ids differ by their number alone, counted from 1."""
        stems: dict[str, dict[int, str]] = {}
        for article_id in articles:
            if match := _NUMBERED.match(article_id):
                stems.setdefault(match[1], {})[int(match[2])] = article_id
        rows = [
            tuple(row[n] for n in sorted(row)) for row in stems.values() if sorted(row) == [*range(1, len(row) + 1)]
        ]
        self._series = [Series(row, _lists(row, articles)) for row in rows if len(row) >= _FEWEST]

    def follow(self, text: str, topic: str | None) -> str | None:
        """Return the member that a message names by its place, seen from the last article; None if it names none."""
        said = words(text)
        series = next((s for s in self._series if topic in s.members or topic in s.lists), None)
        if series is None or topic is None or len(said) > _MOST_WORDS:
            return None
        place = _place(" ".join(said), series, topic)
        return series.members[place - 1] if place and 1 <= place <= len(series.members) else None


def _place(text: str, series: Series, topic: str) -> int | None:
    here = series.members.index(topic) + 1 if topic in series.members else None
    if here and _NEXT.search(text):
        return here + 1
    if here and _BEFORE.search(text):
        return here - 1
    if _LAST.search(text):
        return len(series.members)
    named = _PLACED.match(text)
    return _NUMBERS.get(named[1]) if named else None


def _lists(members: tuple[str, ...], articles: Mapping[str, Article]) -> frozenset[str]:
    """Return what all members point to."""
    pointed = [{key for key in (*articles[m].related, articles[m].part_of) if key in articles} for m in members]
    return frozenset(key for key in set.intersection(*pointed) if key)
