"""Every number, date, amount, phone, e-mail and web address in a text is declared with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from knowledge.check.problem import Problem, line_of
from knowledge.check.texts import all_texts
from knowledge.model import Article, Contact

_UNITS = (
    "minute|hour|day|week|month|year|mile|session|place|%|percent|per cent|school day|january|february|"
    "march|april|may|june|july|august|september|october|november|december"
)
_KIND = rf"(?:school |working |calendar )?(?:{_UNITS})"
_NAMED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: str(number) for number, word in enumerate(_NAMED, 2)}
_NUMBER = re.compile(rf"(?P<number>£?\d[\d,]*(?:\.\d+)?)(?P<unit>%|[ -]{_KIND})?", re.IGNORECASE)
_WORDED = re.compile(rf"\b({'|'.join(_WORDS)})(?= {_KIND})", re.IGNORECASE)
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+|(?:https?://|www\.)[^\s)]+|\b[a-z0-9-]+\.(?:gov|org|nhs|co)\.uk[^\s,)]*"
)
_PHONE = re.compile(r"\b0\d{2,4}[ \d]{5,10}\d\b|\b116 123\b|\b85258\b")
# Labels with a number of their own, not facts: they name a thing.
_LABELS = re.compile(r"\b(?:Ambition|Priority|Year|Step|Stage|Key Stage|Part|Level|Section|option) \d+\b", re.I)


def check_figures(article: Article, contacts: Mapping[str, Contact]) -> Iterator[Problem]:
    """Yield the figures and addresses that neither the facts nor a named contact vouch for."""
    declared = " \n ".join([*(fact for fact, _ in article.facts), *(s.section or "" for s in article.sources)])
    known = _figures(_strip(declared))
    reachable = _contact_strings(article, contacts)
    for text in all_texts(article):
        for piece in text.pieces:
            yield from _addresses(article, piece, reachable)
            for figure in sorted(_figures(_strip(piece, reachable)) - known):
                yield _undeclared(article, figure)


def _addresses(article: Article, piece: str, reachable: frozenset[str]) -> Iterator[Problem]:
    for found in (*_ADDRESS.findall(piece), *_PHONE.findall(piece)):
        plain = _bare(found)
        if not any(plain in known or known in plain for known in reachable):
            yield _undeclared(article, found, "is not in contacts.yml under a key that the article names")


def _figures(text: str) -> set[str]:
    """Return each number, joined with its unit where it has one ('20 week', '15 february', '33.5%')."""
    digits = _WORDED.sub(lambda match: _WORDS[match[1].lower()], text)
    return {_normal(match) for match in _NUMBER.finditer(digits)}


def _normal(match: re.Match[str]) -> str:
    unit = (match["unit"] or "").lower().lstrip(" -")
    return f"{match['number'].rstrip(',')} {unit}".strip()


def _strip(text: str, reachable: frozenset[str] = frozenset()) -> str:
    for pattern in (_ADDRESS, _PHONE, _LABELS):
        text = pattern.sub(" ", text)
    short = {value for value in reachable if value.isdigit() and len(value) <= 5}
    return re.sub(r"\b(\d+)\b", lambda match: "" if match[1] in short else match[1], text)


def _contact_strings(article: Article, contacts: Mapping[str, Contact]) -> frozenset[str]:
    rows = [contacts[key] for key in article.contacts if key in contacts]
    values = [v for c in rows for v in (c.phone, c.text_number, c.email, c.url) if v]
    values += [source.url for source in article.sources if source.url]
    return frozenset(filter(None, map(_bare, values)))


def _bare(value: str) -> str:
    """Return an address or a phone number without what differs between ways of writing it."""
    plain = re.sub(r"^https?://|^www\.|/+$", "", value.strip().rstrip(".,")).removeprefix("www.")
    return plain.replace(" ", "").lower()


def _undeclared(article: Article, figure: str, why: str = "is not declared in the facts") -> Problem:
    return Problem(article.path, line_of(article.path, figure.split()[0]), "figure", f"'{figure}' {why}")
