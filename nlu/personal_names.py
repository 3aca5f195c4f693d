"""Find people's names where they are given as such: "my son Jack Smith", "I'm Sarah", "her name is", "Mrs Jones"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import yaml

_DATA = Path(__file__).parent / "patterns" / "personal_data.yml"
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_PERSON = (
    r"(?:son|daughter|child|kid|boy|girl|lad|baby|toddler|twins|twin|sons|daughters|boys|girls|kids|children|grandson|granddaughter|grandchild|nephew|niece|"
    r"brother|sister|cousin|husband|wife|"
    r"partner|ex|mum|dad|mother|father|nan|grandad|friend|teacher|ta|senco|social worker|caseworker|"
    r"stepson|stepdaughter|teenager|fianc[e\u00e9]e?|"
    r"carer|student|pupil|little one|(?:eldest|youngest|oldest|foster)(?!\s+(?:son|daughter|child|boy|girl|one|lad)))"
)
_APOSTROPHE = r"['\u2019]?"
# After these words a name follows whatever it looks like.
_STRONG = re.compile(
    rf"(?:\b(?:my|his|her|their|child{_APOSTROPHE}s|son{_APOSTROPHE}s|daughter{_APOSTROPHE}s|{_PERSON}{_APOSTROPHE}s)\s+(?:full\s+|first\s+|real\s+|last\s+)?"
    rf"(?:name{_APOSTROPHE}s|names?|surname|nickname)\s*(?:is|was|are|:|=)?\s*(?:called\s+)?"
    rf"|\bnames?\s*[:\u2013-]\s*|\bname\s+is\s+"
    rf"|\b(?:signed|regards|sincerely|faithfully|wishes)(?!\s+(?:in|by|on|for|the|it|off|up|something|a)\b)\s*,?\s+(?:from\s+)?)",
    re.I,
)
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|sir)\b\.?\s+|\bMaster\s+", re.I)
# After these a name follows, in whatever letters, unless the word is plain English.
_CALLED = re.compile(
    rf"\b(?:{_PERSON}|he|she|they)(?:s|{_APOSTROPHE}s|\s+(?:is|are|was|were|who\s+is))?\s+(?:called|named)\s+"
    r"|\b(?:call|calls|called)\s+(?:me|him|her)\s+",
    re.I,
)
# After these a name may follow: it must look like one.
_WEAK = re.compile(
    rf"(?:\b(?:my|our|his|her|their|a|the)\s+(?:(?:\w+\s+){{0,2}}?){_PERSON}\s*(?:,|\(|-|is\b|are\b|['\u2019]s\b|s\b|who\s+is|who{_APOSTROPHE}s\b)?\s*"
    rf"(?:called\b|named\b|(?:is|are)\s+(?:called|named)\b)?\s*[,:(]?\s*"
    r"|\b(?:(?:grand|step)?(?:son|daughter)|nephew|niece|grandchild)\s+(?=[A-Z])"
    rf"|\b(?:he|she|they)\s+(?:is|are|{_APOSTROPHE}s)?\s*(?:called|named)\s+"
    rf"|\b(?:he|she){_APOSTROPHE}s\s+(?:called|named)\s+|\bi(?:\s+am|{_APOSTROPHE}m)\s+(?:called|named)\s+"
    rf"|\b(?:call|calls)\s+(?:me|him|her)\s+"
    rf"|\bi\s?(?:{_APOSTROPHE}m|\s+am)\s+|\bim\s+"
    rf"|\b(?:on\s+behalf\s+of|dear|child|pupil|patient)\s*:?\s+)",
    re.I,
)
# After these anything may follow: only a listed given name counts, or a first and a second name with capital letters.
_LOOSE = re.compile(
    rf"\b(?:this\s+is|it{_APOSTROPHE}s|its|hi|hello|thanks|referring\s+to|about|regarding|for|from|with|love|tell|ask|"
    r"adopted|foster(?:ed|ing)?|met|rang|emailed|and|by|parents?|mother|father|carer|mum|dad|in\s+question\s+is|spoke\s+to|"
    rf"(?:key|case|social|support)\s?worker)\s*[,:]?\s+",
    re.I,
)
_CAPITALS = r"[A-Z][^\W\d_]+(?:['\u2019\-][A-Z]?[^\W\d_]+)?(?:\s[A-Z][^\W\d_]+){0,2}"
# A name that comes before what says that it is one.
_NAME_FIRST = re.compile(
    rf"(?=[^\W\d_])(?P<name>{_CAPITALS})(?:\s+is\s+my\s+{_PERSON}\b|\s*[(,]\s*(?:my|our)\s+{_PERSON}\b"
    rf"|['\u2019]s\s+(?:mum|mom|dad|nan|gran|grandad|mother|father|parents?|carer|aunt|uncle|sister|brother)\b"
    r"|\s+here\b)"
)
_SUBJECT = re.compile(
    rf"(?:^|[.!?\n]\s*)(?P<name>{_CAPITALS})\s+(?:is|was|turned|turns|has)\s+(?=\d|autistic|non|in\s+year|my\b|our\b|due\b)"
)
_SIGNED = re.compile(
    rf"\b(?i:regards|rgds|yours|thanks|thank\s+you|cheers|love|from)\s*,?\s+(?P<name>{_CAPITALS})\s*[.!]?\s*$", re.M
)
_ALSO = re.compile(r"\s*(?:,|and|&)\s+", re.I)
_PLACE_AFTER = re.compile(
    r"\s+(?:school|academy|college|nursery|road|street|primary|secondary|centre|hospital|council|house|hub|trust|team|park)\b",
    re.I,
)
_MOST_WORDS = 3


@dataclass(frozen=True)
class _Lists:
    given: frozenset[str]
    also_words: frozenset[str]
    surnames: frozenset[str]
    not_names: frozenset[str]
    english: frozenset[str]


def find(text: str) -> Iterable[tuple[int, int]]:
    """Yield (start, end) of each name that the text gives as such; spans may overlap."""
    for cue in _STRONG.finditer(text):
        yield from _chain(text, cue.end(), strong=True)
    for cue in _WEAK.finditer(text):
        yield from _chain(text, cue.end(), strong=False)
    for cue in _CALLED.finditer(text):
        yield from _chain(text, cue.end(), strong=_is_unusual(text, cue.end()))
    for cue in _TITLE.finditer(text):
        yield from _chain(text, cue.end(), strong=_is_unusual(text, cue.end()))
    for cue in _LOOSE.finditer(text):
        if _is_given(text, cue.end()) or _is_full_name(text, cue.end()):
            yield from _chain(text, cue.end(), strong=False)
    for pattern in (_NAME_FIRST, _SUBJECT, _SIGNED):
        for found in pattern.finditer(text):
            if _is_first(found["name"].split()[0], strong=False):
                yield found.span("name")


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    words = {key: frozenset(data[key].split()) for key in ("given_names", "also_words", "surnames", "not_names")}
    source = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    english = frozenset(row.split(" ")[0] for row in source.read_text(encoding="utf-8-sig").split("\n") if row)
    return _Lists(words["given_names"], words["also_words"], words["surnames"], words["not_names"], english)


def _chain(text: str, at: int, *, strong: bool) -> Iterable[tuple[int, int]]:
    """The name at a place, and further names joined to it by a comma or "and"."""
    span = _name_at(text, at, strong=strong)
    while span:
        yield span
        joint = _ALSO.match(text, span[1])
        span = _name_at(text, joint.end(), strong=False) if joint else None


def _name_at(text: str, at: int, *, strong: bool) -> tuple[int, int] | None:
    first = _WORD.match(text, at)
    if first is None or not _is_first(first.group(), strong=strong):
        return None
    end = first.end()
    for _ in range(_MOST_WORDS - 1):
        following = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        if following is None or not _is_further(following.group(), strong=strong):
            break
        end = following.end()
    return None if _PLACE_AFTER.match(text, end) else (at, _without_possessive(text, at, end))


def _is_unusual(text: str, at: int) -> bool:
    """Tell whether the word at a place has a capital letter or is no English word."""
    word = _WORD.match(text, at)
    return word is not None and (word.group()[0].isupper() or _plain(word.group()) not in _lists().english)


def _is_given(text: str, at: int) -> bool:
    word = _WORD.match(text, at)
    return word is not None and _plain(word.group()) in _lists().given and word.group()[0].isupper()


def _is_full_name(text: str, at: int) -> bool:
    """Tell whether a first and a second name stand at a place: two capital letters, the second word no English one."""
    first = _WORD.match(text, at)
    second = _WORD.match(text, first.end() + 1) if first and text[first.end() : first.end() + 1] == " " else None
    if first is None or second is None or not (first.group()[0].isupper() and second.group()[0].isupper()):
        return False
    lists = _lists()
    return not {_plain(first.group()), _plain(second.group())} & lists.not_names and _is_second(second.group())


def _is_second(word: str) -> bool:
    lists, plain = _lists(), _plain(word)
    return not word.isupper() and (plain in lists.surnames or plain not in lists.english)


def _is_first(word: str, *, strong: bool) -> bool:
    """Tell whether a word can begin a name after a cue."""
    lists, plain = _lists(), _plain(word)
    if plain in lists.not_names or len(plain) < 2:
        return False
    if strong:
        return True
    if word[0].isupper():
        return plain in lists.given or plain in lists.also_words or (plain not in lists.english and not word.isupper())
    return plain in lists.given and plain not in lists.also_words


def _is_further(word: str, *, strong: bool) -> bool:
    """Tell whether a word goes on with a name."""
    lists, plain = _lists(), _plain(word)
    if plain in lists.not_names:
        return False
    known = plain in lists.surnames or (plain in lists.given and plain not in lists.also_words)
    return (word[0].isupper() and not word.isupper()) or known or (strong and plain not in lists.english)


def _plain(word: str) -> str:
    """Lower case without accents of typing: apostrophes and a possessive s."""
    lower = word.lower().replace("\u2019", "'")
    return lower.removesuffix("'s").replace("'", "")


def _without_possessive(text: str, start: int, end: int) -> int:
    return end - 2 if text[start:end].lower().replace("\u2019", "'").endswith("'s") else end
