"""spaCy matcher for what a message is about: terms of the articles, ambitions, priorities, audience, age, stage."""

from __future__ import annotations

from nlu import spacy_door  # noqa: F401 - before spaCy, so that it leaves PyTorch alone

# isort: split
import dataclasses
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from nlu.text import normalise

PATTERNS = Path(__file__).parent / "patterns" / "entities.yml"


@dataclasses.dataclass(frozen=True)
class Entity:
    """Something named in a message: characters `start` to `end`, what kind it is, and its one spelling."""

    kind: str
    value: str
    start: int
    end: int
    text: str


class TermMatcher:
    """Finds entities by words, any case; the longest match wins where two overlap."""

    def __init__(self, terms: Mapping[str, str], patterns: Path = PATTERNS) -> None:
        """Prepare the matchers.

        Args:
            terms: Each term or alias with the id of its article.
            patterns: File of token patterns for the other kinds.
        """
        self._nlp: Language = spacy.blank("en")
        self._phrases = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._tokens = Matcher(self._nlp.vocab)
        for article_id, names in _by_article(terms).items():
            self._phrases.add(f"term|{article_id}", [self._nlp.make_doc(name) for name in names])
        for kind, values in yaml.safe_load(patterns.read_text(encoding="utf-8")).items():
            for value, rows in values.items():
                self._tokens.add(f"{kind}|{value}", [_pattern(row) for row in rows])

    @classmethod
    def load(cls, path: Path) -> TermMatcher:
        """Return a matcher for the terms that the build has written."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def find(self, text: str) -> list[Entity]:
        """Return the entities of a text in order; none overlaps another; empty for an empty text."""
        doc = self._nlp.make_doc(normalise(text)) if text.strip() else None
        if doc is None or not len(doc):
            return []
        return sorted(self._longest(doc), key=lambda entity: entity.start)

    def _longest(self, doc: Doc) -> Iterable[Entity]:
        taken: set[int] = set()
        hits = [*self._tokens(doc), *self._phrases(doc)]
        for label, start, end in sorted(hits, key=lambda hit: (hit[1] - hit[2], hit[1], hit[0])):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                yield self._entity(doc, label, start, end)

    def _entity(self, doc: Doc, label: int, start: int, end: int) -> Entity:
        kind, _, value = self._nlp.vocab.strings[label].partition("|")
        span = doc[start:end]
        # '*' takes its value from the words themselves: the number in "ambition 4", the age in "he is 7".
        found = next((token.text for token in span if token.like_num), span.text) if value == "*" else value
        return Entity(kind, _as_digit(found.lower()), span.start_char, span.end_char, span.text)


_DIGITS = {word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine ten".split())}  # noqa: SIM905


def _as_digit(value: str) -> str:
    return _DIGITS.get(value, value)


def _by_article(terms: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, article_id in terms.items():
        found.setdefault(article_id, []).append(name)
    return found


def _pattern(row: str | list[Any]) -> list[dict[str, Any]]:
    """Turn words into a token pattern: 'a b' matches both in lower case, '#' a number, 'a|b' either."""
    if isinstance(row, list):
        return row
    return [_token(word) for word in row.split()]


def _token(word: str) -> dict[str, Any]:
    if word == "#":
        return {"LIKE_NUM": True}
    return {"LOWER": {"IN": word.split("|")}} if "|" in word else {"LOWER": word}
