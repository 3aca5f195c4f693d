"""Short forms with several meanings: told apart by the words beside them, else asked back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.answering.finder import neighbours
from knowledge.model import Article
from nlu.text import plain_words, stem, stop_words


@dataclasses.dataclass(frozen=True)
class Meaning:
    """One meaning of a short form, the article that explains it, and the words that point to it."""

    article_id: str
    means: str
    hints: frozenset[str]


class ShortForms:
    """Knows the short forms that mean several things."""

    def __init__(self, table: Mapping[str, Any], articles: Mapping[str, Article]) -> None:
        """Take the table of `schema/short_forms.yml`; meanings whose article is gone are left out."""
        self._meanings = {
            short.lower(): tuple(_meaning(row) for row in rows if row["article"] in articles)
            for short, rows in (table.get("several") or {}).items()
        }
        self._borne = {acronym.lower() for article in articles.values() for acronym in article.acronyms}
        self._framing = frozenset(map(stem, table.get("framing") or ()))
        self._near = neighbours(articles)

    def asked(self, text: str) -> tuple[str, tuple[Meaning, ...]] | None:
        """Return the short form and its meanings if a message asks about it and about nothing else."""
        said = [
            stem(word) for word in plain_words(text) if word not in stop_words() and stem(word) not in self._framing
        ]
        short = {word for word in said if len(self._meanings.get(word, ())) > 1}
        if len(short) != 1 or set(said) - short:
            return None
        [name] = short
        return name.upper(), self._meanings[name]

    def settled(self, meanings: Iterable[Meaning], topics: Iterable[str]) -> str | None:
        """Return the article of the one meaning near which the conversation has been, the latest topic first."""
        for topic in topics:
            near = [meaning.article_id for meaning in meanings if topic in self._near.get(meaning.article_id, ())]
            if len(near) == 1:
                return near[0]
        return None

    def spell_out(self, text: str) -> str:
        """Return a message with each short form followed by the one meaning that the words beside it point to."""
        said = set(map(stem, plain_words(text)))
        found = {short: self._hinted(short, said - {short}) for short in said & self._meanings.keys()}
        spelt = {short: meaning.means.partition(":")[0] for short, meaning in found.items() if meaning}
        return " ".join(f"{word} ({spelt[key]})" if (key := _bare(word)) in spelt else word for word in text.split())

    def _hinted(self, short: str, said: set[str]) -> Meaning | None:
        counts = [(len(meaning.hints & said), meaning) for meaning in self._meanings[short]]
        most = max((count for count, _ in counts), default=0)
        # Retrieval knows a short form that an article bears: it takes more than one word to mean something else.
        if most <= (short in self._borne):
            return None
        best = [meaning for count, meaning in counts if count == most]
        return best[0] if len(best) == 1 else None


def _meaning(row: Mapping[str, Any]) -> Meaning:
    return Meaning(row["article"], row["means"], frozenset(map(stem, row.get("hints") or ())))


def _bare(word: str) -> str:
    found = plain_words(word)
    return stem(found[0]) if len(found) == 1 else ""
