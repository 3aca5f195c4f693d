"""The small pattern language of the rule files, compiled to spaCy token patterns.

A pattern is a row of elements: `word`, `a|b`, `{class}`, a group `(a b|c)`, each with `?` if it may be missing;
`..` lets up to three other tokens of the same sentence stand between, `...` up to seven.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from nlu.phrases.normalise import BOUNDARY

Token = dict[str, Any]
_ELEMENT = re.compile(r"\((?P<group>[^()]*)\)(?P<maybe>\??)|(?P<atom>[^\s()]+)")
_GAPS = {"..": "{0,3}", "...": "{0,7}"}
_MOST_VARIANTS = 4000
# In nearly every message: bad words to look for first.
_COMMON = frozenset(
    "i me my he she they you him her his their it us we to a the and or of in at on for from with by if is are am was "  # noqa: SIM905
    "be been do did does have has had not will can could would get got go going want wants school help home child son "
    "daughter what when how who because but so up out about after all ^ $".split()
)


class PatternError(ValueError):
    """A line of a rule file cannot be read."""


def compile_pattern(line: str, classes: Mapping[str, list[str]]) -> list[list[Token]]:
    """Return the spaCy token patterns that one line stands for.

    Raises:
        PatternError: The line names an unknown class, is empty, or stands for too many patterns.
    """
    if _ELEMENT.sub("", line.replace('"', "")).strip():
        raise PatternError(f"a group cannot stand within a group: {line!r}")
    choices = [_choices(found, classes) for found in _ELEMENT.finditer(line.replace('"', ""))]
    variants = [_trimmed([token for part in parts for token in part]) for parts in product(*choices)]
    unique = {repr(variant): variant for variant in variants if variant}
    if not unique or len(unique) > _MOST_VARIANTS:
        raise PatternError(f"{len(unique)} patterns from the line {line!r}; write it shorter or as several lines")
    return list(unique.values())


def words_of(pattern: list[Token]) -> set[str]:
    """Return every word that a compiled pattern can ask for."""
    return {word for token in pattern for word in token["ORTH"].get("IN", ())}


def anchor(pattern: list[Token]) -> frozenset[str]:
    """Return a set of words of which one must be in the message for the pattern to match, the rarest there is."""
    needed = [token["ORTH"]["IN"] for token in pattern if "OP" not in token]
    return frozenset(min(needed, key=_commonness))


def _commonness(words: Iterable[str]) -> int:
    listed = list(words)
    return len(listed) + 40 * sum(word in _COMMON for word in listed)


def _choices(found: re.Match[str], classes: Mapping[str, list[str]]) -> list[list[Token]]:
    """The alternative token rows of one element."""
    if found["group"] is not None:
        branches = _group(found["group"], classes)
        return [[], *branches] if found["maybe"] else branches
    atom = found["atom"]
    if atom in _GAPS:
        return [[{"ORTH": {"NOT_IN": [BOUNDARY]}, "OP": _GAPS[atom]}]]
    maybe = atom.endswith("?")
    token: Token = {"ORTH": {"IN": _words(atom.rstrip("?"), classes)}}
    return [[{**token, "OP": "?"}]] if maybe else [[token]]


def _group(body: str, classes: Mapping[str, list[str]]) -> list[list[Token]]:
    single: list[str] = []
    rows: list[list[Token]] = []
    for branch in body.split("|"):
        parts = branch.split()
        if len(parts) == 1:
            single.extend(_words(parts[0], classes))
        elif parts:
            rows.append([{"ORTH": {"IN": _words(part, classes)}} for part in parts])
    return ([[{"ORTH": {"IN": sorted(set(single))}}]] if single else []) + rows


def _words(atom: str, classes: Mapping[str, list[str]]) -> list[str]:
    words: set[str] = set()
    for name in atom.split("|"):
        if name.startswith("{"):
            if name.strip("{}") not in classes:
                raise PatternError(f"unknown word class {name}; add it to lexicon.yml")
            words.update(classes[name.strip("{}")])
        elif name:
            words.add(name)
    return sorted(words)


def _trimmed(row: list[Token]) -> list[Token]:
    """Drop what may be missing at either end: it changes no decision and costs time."""
    start, end = 0, len(row)
    while start < end and "OP" in row[start]:
        start += 1
    while end > start and "OP" in row[end - 1]:
        end -= 1
    return row[start:end]
