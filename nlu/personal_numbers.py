"""Find e-mail and postal addresses, phone and official numbers, cards and dates of birth."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import phonenumbers
import yaml
from phonenumbers import PhoneNumberMatcher, PhoneNumberType
from stdnum import luhn
from stdnum.gb import nhs, upn

Span = tuple[str, int, int]
_DATA = Path(__file__).parent / "patterns" / "personal_data.yml"
_DASH = r"[\s.\-\u2013]"

_EMAIL = re.compile(r"[\w.+%'\-]+\s?@\s?[\w\-]+(?:\s?\.\s?[a-z]{2,}|\.[\w\-]+)*\.?[a-z]{2,}", re.I)
_EMAIL_SPOKEN = re.compile(
    r"\b[\w.+\-]+\s*(?:\(at\)|\[at\]|\bat\b)\s*(?:gmail|hotmail|outlook|yahoo|icloud|btinternet|live|aol|sky|proton\w*)"
    r"(?:\s*(?:\.|\bdot\b)\s*[a-z]{2,4}){1,2}\b",
    re.I,
)
_PHONE_LIKE = re.compile(rf"(?<![\w\d])(?:\(?\+?44\)?{_DASH}?(?:\(0\))?|\(?0)(?:{_DASH}{{0,2}}[()]?\d){{9,10}}(?!\d)")
_ORGANISATION_LINES = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE}
)
_NHS = re.compile(rf"(?<!\d)\d{{3}}{_DASH}?\d{{3}}{_DASH}?\d{{4}}(?!\d)")
_NHS_CUE = re.compile(r"\bnhs\s*(?:number|no\.?|num)?\W*(?:is|was|:)?\W*$", re.I)
_NINO = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][\s\-]?\d{2}[\s\-]?\d{2}[\s\-]?\d{2}[\s\-]?[A-D]\b", re.I)
_UPN = re.compile(r"\b[A-HJ-NP-RT-Z]\s?\d{11}[\dA-HJ-NP-RT-Z]\b", re.I)
_UPN_CUE = re.compile(r"\b(?:upn|unique pupil number)\W*(?:is|was|:)?\W*$", re.I)
_CARD = re.compile(r"(?<![\d])\d(?:[ \-]?\d){12,18}(?![\d])")
_POSTCODE = re.compile(r"\b([A-Z]{1,2})(\d[A-Z\d]?)\s{0,2}(\d[ABD-HJLNP-UW-Z]{2})\b", re.I)
_LAW_SECTION = re.compile(r"s\d{1,3}Z[A-Z]", re.I)  # "s17ZD" of the Children Act 1989 has the shape of one

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_DATE = (
    rf"(?:\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}\s\d{{1,2}}\s(?:19|20)?\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b(?:,?\s(?:19|20)?\d{{2}}\b)?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s(?:19|20)?\d{{2}}\b)?|\d{{6}}|\d{{8}})"
)
_BIRTH = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\.?|date\s+of\s+birth|birth\s?date|birthday|b-?day|born)(?!\w)[\s:,\-]*(?:(?:is|was|on|the|it's|its|in)\s+)*"
    rf"(?P<date>{_DATE})",
    re.I,
)
_BIRTH_AFTER = re.compile(
    rf"(?P<date>{_DATE})\s*(?:,|\(|is|was|-)?\s*(?:is|was)?\s*(?:my|his|her|their)?\s*"
    rf"(?:d\.?o\.?b\.?|date of birth|birthday)\b",
    re.I,
)

_STREET = r"(?:road|rd|street|st|avenue|ave|lane|ln|crescent|cres|terrace|gardens|gdns|grove|mews|boulevard)"
_STREET_ALSO_WORD = r"(?:close|drive|way|court|place|walk|hill|rise|view|park|square|row|green|parade|path|vale|quay)"
_NOT_STREET = (
    r"(?!(?:the|a|an|in|on|at|of|to|for|and|or|is|are|was|my|his|her|our|your|days?|weeks?|months?|years?|hours?|minutes?|"
    r"children|kids|miles?|times?|people|boys?|girls?|schools?|days|year|old|pm|am|per|from|down|up|by|with|special\w*|school|short)\b)"
)
_FLAT = r"(?:(?:flat|apartment|apt|unit|room)\s*\d{1,4}[a-z]?\s*,?\s*)?"
_TOWN = (
    r"(?:\s*,?\s*(?:chatham|gillingham|rochester|rainham|strood|hoo|cuxton|halling|walderslade|"
    r"lordswood|wigmore|hempstead|twydall|kent|medway))*"
)
_ADDRESS = (
    re.compile(
        rf"\b{_FLAT}(?:no\.?\s?|number\s)?\d{{1,4}}[a-z]?\s*,?\s+(?:the\s+{_STREET}|(?:the\s+)?(?:{_NOT_STREET}[a-z'\u2019\-]+\s+){{1,3}}{_STREET})\b\.?{_TOWN}",
        re.I,
    ),
    re.compile(
        rf"\b(?i:{_FLAT})\d{{1,4}}[a-zA-Z]?\s*,?\s+(?:The\s+)?(?:[A-Z][a-z'\u2019\-]+\s+){{0,3}}(?i:{_STREET_ALSO_WORD})\b(?i:{_TOWN})"
    ),
)
_LIVES = re.compile(
    rf"\b(?:live|lives|living|address\s+is|address:|moved|moving|staying|house\s+is)\s*(?:at|on|in|to|is)?\s+"
    rf"(?P<place>{_FLAT}(?:no\.?\s?|number\s)?(?:\d{{1,4}}[a-z]?\s*,?\s+)?(?:the\s+)?(?:{_NOT_STREET}[a-z'\u2019\-]+,?\s+){{1,4}}"
    rf"(?:{_STREET})\b\.?{_TOWN})",
    re.I,
)
_LIVES_AT_NUMBER = re.compile(
    rf"\b(?:live|lives|living|address\s+is|address:)\s*(?:at|on|in)?\s+(?P<place>{_FLAT}(?:number\s)?\d{{1,4}}[a-z]?\s*,?\s+"
    rf"(?:the\s+)?(?:{_NOT_STREET}[a-z'\u2019\-]+\s+){{0,3}}{_STREET_ALSO_WORD}\b{_TOWN})",
    re.I,
)


def find(text: str) -> Iterable[Span]:
    """Yield (kind, start, end) of each number, date and address; they may overlap."""
    for finder in _FINDERS:
        yield from finder(text)


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    """Published numbers and postcode areas."""
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return frozenset(data["published_numbers"]), frozenset(data["postcode_areas"].split())


def _emails(text: str) -> Iterable[Span]:
    for pattern in (_EMAIL, _EMAIL_SPOKEN):
        yield from (("email", *found.span()) for found in pattern.finditer(text))


def _phones(text: str) -> Iterable[Span]:
    """Numbers that the phone library knows as valid, and what looks like one though a digit may be wrong."""
    if sum(character.isdigit() for character in text) < 9:
        return
    published, _ = _lists()
    for match in PhoneNumberMatcher(text, "GB"):
        if phonenumbers.number_type(match.number) not in _ORGANISATION_LINES:
            yield from _unpublished(text, match.start, match.end, published)
    for found in _PHONE_LIKE.finditer(text):
        if not re.match(r"\(?0(?:[389]|500)", found.group()):
            yield from _unpublished(text, *found.span(), published)


def _unpublished(text: str, start: int, end: int, published: frozenset[str]) -> Iterable[Span]:
    digits = re.sub(r"\D", "", text[start:end])
    if digits not in published and re.sub(r"^44", "0", digits) not in published:
        yield "phone", start, end


def _nhs(text: str) -> Iterable[Span]:
    for found in _NHS.finditer(text):
        if nhs.is_valid(re.sub(r"\D", "", found.group())) or _NHS_CUE.search(text[: found.start()]):
            yield "NHS number", *found.span()


def _national_insurance(text: str) -> Iterable[Span]:
    yield from (("National Insurance number", *found.span()) for found in _NINO.finditer(text))


def _upn(text: str) -> Iterable[Span]:
    for found in _UPN.finditer(text):
        if upn.is_valid(found.group().replace(" ", "").upper()) or _UPN_CUE.search(text[: found.start()]):
            yield "UPN", *found.span()


def _cards(text: str) -> Iterable[Span]:
    for found in _CARD.finditer(text):
        if luhn.is_valid(re.sub(r"\D", "", found.group())):
            yield "card number", *found.span()


def _births(text: str) -> Iterable[Span]:
    for pattern in (_BIRTH, _BIRTH_AFTER):
        yield from (("date of birth", *found.span("date")) for found in pattern.finditer(text))


def _addresses(text: str) -> Iterable[Span]:
    for pattern in _ADDRESS:
        yield from (("address", *found.span()) for found in pattern.finditer(text))
    for pattern in (_LIVES, _LIVES_AT_NUMBER):
        yield from (("address", *found.span("place")) for found in pattern.finditer(text))


def _postcodes(text: str) -> Iterable[Span]:
    _, areas = _lists()
    for found in _POSTCODE.finditer(text):
        if found[1].upper() in areas and not _LAW_SECTION.fullmatch(found[0]):
            yield "postcode", *found.span()


_FINDERS: tuple[Callable[[str], Iterable[Span]], ...] = (
    _emails,
    _phones,
    _nhs,
    _national_insurance,
    _upn,
    _cards,
    _births,
    _addresses,
    _postcodes,
)
