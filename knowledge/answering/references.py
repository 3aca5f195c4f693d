"""Paragraphs, sections, regulations and cases that a message cites: held here, or not."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from knowledge.markdown import block_text
from knowledge.model import Article

_RANGE = re.compile(r"^\s*(?:to|-)\s*", re.IGNORECASE)
_AND = re.compile(r"^\s*(?:,|and|or|&)\s*(?=\d)", re.IGNORECASE)
_LONGEST_RANGE = 40
_COMMON = frozenset(["council", "county", "city", "borough", "london", "the"])


@dataclasses.dataclass(frozen=True)
class Reference:
    """A citation: its unit (`paragraph`, `section`, `case` …), its number or name, and the work if it is named."""

    unit: str
    number: str
    work: str | None
    start: int
    end: int


class References:
    """Finds citations in messages and knows which articles hold them."""

    def __init__(self, table: Mapping[str, Any], articles: Iterable[Article]) -> None:
        """Take the table of `schema/references.yml` and read what the articles cite."""
        units = "|".join(f"(?P<{unit}>{row})" for unit, row in table["units"].items())
        self._cited = re.compile(rf"(?<![\w.'])(?:{units})\s*(?P<number>{table['numbers']})", re.IGNORECASE)
        self._more = re.compile(table["numbers"], re.IGNORECASE)
        self._bare, self._case = (re.compile(row, re.IGNORECASE) for row in (table["bare"], "|".join(table["case"])))
        self._works = {
            key: re.compile(rf"\b(?:{row['names']})\b", re.IGNORECASE) for key, row in table["works"].items()
        }
        self._titles = {key: str(row["sources"]) for key, row in table["works"].items()}
        self._default, self._said = table["default_works"], table["said"]
        self._holders: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
        self._case_names: dict[str, str] = {}
        for article in articles:
            self._take(article)

    def find(self, text: str) -> list[Reference]:
        """Return the citations in a text, in order."""
        named = next((key for key, pattern in self._works.items() if pattern.search(text)), None)
        found = [*self._numbered(text, named), *self._bare_numbers(text, named), *self._cases(text)]
        kept: dict[tuple[str, str], Reference] = {}
        for one in sorted(found, key=lambda r: (r.start, -r.end)):
            kept.setdefault((one.unit, one.number), one)
        return list(kept.values())

    def holders(self, reference: Reference) -> frozenset[str]:
        """Return the articles that cite the same; empty if none does."""
        if reference.unit == "case":
            return frozenset(
                article for name, article in self._case_names.items() if _same_case(reference.number, name)
            )
        key = (reference.unit, reference.number, reference.work)
        return frozenset(self._holders.get(key, ()))

    def nearest(self, reference: Reference) -> list[str]:
        """Return articles that cite the numbers nearest to one that nobody cites, of the same unit and work."""
        wanted = _figure(reference.number)
        if wanted is None:
            return []
        near = [
            (abs(figure - wanted), min(ids))
            for (unit, number, work), ids in self._holders.items()
            if (unit, work) == (reference.unit, reference.work) and (figure := _figure(number)) is not None
        ]
        return list(dict.fromkeys(article for _, article in sorted(near)))

    def shown(self, reference: Reference) -> str:
        """Return the citation as a sentence names it."""
        title = self._titles.get(reference.work or "")
        said = str(self._said[reference.unit]).format(number=reference.number)
        return f"{said} ({title})" if title and reference.unit != "case" else said

    def without(self, text: str, references: Iterable[Reference]) -> str:
        """Return a text without its citations and the works that they name."""
        for one in sorted(references, key=lambda r: -r.start):
            text = f"{text[: one.start]} {text[one.end :]}"
        for pattern in self._works.values():
            text = pattern.sub(" ", text)
        return " ".join(text.split())

    def _numbered(self, text: str, named: str | None) -> Iterator[Reference]:
        for match in self._cited.finditer(text):
            unit = next(key for key, value in match.groupdict().items() if value and key != "number")
            work = named or self._default.get(unit)
            for number, start, end in self._numbers(text, match.start("number")):
                yield Reference(unit, number, work, match.start() if start == match.start("number") else start, end)

    def _numbers(self, text: str, at: int) -> Iterator[tuple[str, int, int]]:
        """Yield the number that begins at a place, and those joined to it by "and" or "to"."""
        match = self._more.match(text, at)
        while match:
            yield match[0].lower(), match.start(), match.end()
            last, rest = match, text[match.end() :]
            joint = _AND.match(rest) or _RANGE.match(rest)
            match = self._more.match(text, last.end() + joint.end()) if joint else None
            if match and joint and _RANGE.match(rest):
                yield from ((number, match.start(), match.end()) for number in _between(last[0], match[0]))

    def _bare_numbers(self, text: str, named: str | None) -> Iterator[Reference]:
        for match in self._bare.finditer(text):
            group = 1 if match[1] else 2
            yield Reference("paragraph", match[group], named or "code", match.start(group), match.end(group))

    def _cases(self, text: str) -> Iterator[Reference]:
        for match in self._case.finditer(text):
            yield Reference("case", match[0].strip(), None, match.start(), match.end())

    def _take(self, article: Article) -> None:
        for source in article.sources:
            self._remember(article.id, self.find(f"{source.section or ''} {source.title}"))
            self._case_names.update({one.number: article.id for one in self._cases(source.title)})
        blocks = [*article.standard, *(block for section in article.details for block in section.blocks)]
        for text in (*(fact for fact, _ in article.facts), *map(block_text, blocks)):
            self._remember(article.id, self.find(text))

    def _remember(self, article_id: str, references: Iterable[Reference]) -> None:
        for one in references:
            for work in {one.work, None}:
                self._holders[one.unit, one.number, work].add(article_id)
                if one.unit == "paragraph" and "." in one.number:
                    self._holders["chapter", one.number.partition(".")[0], work].add(article_id)


def _between(first: str, last: str) -> list[str]:
    """Return the numbers between two of the same kind: '20' and '22' have '21' between them, '6.28' and '6.35' six."""
    (head, _, low), (other, _, high) = first.rpartition("."), last.rpartition(".")
    if head != other or not (low.isdigit() and high.isdigit()) or not 0 < int(high) - int(low) <= _LONGEST_RANGE:
        return []
    return [f"{head}.{n}" if head else str(n) for n in range(int(low) + 1, int(high))]


def _same_case(one: str, other: str) -> bool:
    """Tell whether two names of cases share what tells them apart: years, and words that are not of every council."""
    mine, theirs = (set(re.findall(r"[a-z]{3,}|\d{4}", text.lower())) - _COMMON for text in (one, other))
    return bool(mine) and mine <= theirs


def _figure(number: str) -> float | None:
    """Return where a number stands: the chapter counts for far more than the paragraph."""
    head, _, tail = number.partition(".")
    whole, part = (re.match(r"\d+", text) for text in (head, tail))
    return (int(whole[0]) * 1000.0 if tail else float(whole[0])) + (int(part[0]) if part else 0) if whole else None
