"""Mask personal data before anything is stored, logged or sent on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlu import personal_names, personal_numbers

KINDS: tuple[str, ...] = (
    "email",
    "card number",
    "UPN",
    "National Insurance number",
    "NHS number",
    "phone",
    "date of birth",
    "address",
    "postcode",
    "name",
)
_PLACEHOLDER = re.compile(r"\[(?:" + "|".join(re.escape(kind) for kind in KINDS) + r")\]")
_MOST_PASSES = 6


@dataclass(frozen=True)
class Found:
    """One piece of personal data.

    Attributes:
        kind: One of `KINDS`.
        start: First character in the original text.
        end: Character after the last.
    """

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Redaction:
    """A text with its personal data masked.

    Attributes:
        text: The text with `[kind]` in the places of what was found.
        found: What was masked, in the order of the original text.
    """

    text: str
    found: tuple[Found, ...]


def redact(text: str) -> Redaction:
    """Mask e-mail, phone, postcode, address, date of birth, official numbers, cards and names given as such.

    Masking the result again changes nothing: passes are repeated until one finds nothing more.
    """
    origins = [(at, at + 1) for at in range(len(text))]
    found: list[Found] = []
    current = text
    for _ in range(_MOST_PASSES):
        spans = _spans(current)
        if not spans:
            break
        found.extend(Found(kind, origins[start][0], origins[end - 1][1]) for kind, start, end in spans)
        current, origins = _masked(current, origins, spans)
    return Redaction(current, tuple(sorted(found, key=lambda item: item.start)))


def _spans(text: str) -> list[tuple[str, int, int]]:
    """All that one pass finds, without overlaps, in text order; earlier kinds in `KINDS` win."""
    taken = [found.span() for found in _PLACEHOLDER.finditer(text)]
    chosen: list[tuple[str, int, int]] = []
    for kind, start, end in sorted(_candidates(text), key=lambda item: (KINDS.index(item[0]), item[1], -item[2])):
        if start < end and all(end <= left or start >= right for left, right in taken):
            taken.append((start, end))
            chosen.append((kind, start, end))
    return sorted(chosen, key=lambda item: item[1])


def _candidates(text: str) -> Iterable[tuple[str, int, int]]:
    yield from personal_numbers.find(text)
    yield from (("name", start, end) for start, end in personal_names.find(text))


def _masked(
    text: str, origins: list[tuple[int, int]], spans: list[tuple[str, int, int]]
) -> tuple[str, list[tuple[int, int]]]:
    """Put placeholders in and keep, for each character, the stretch of the original that it stands for."""
    parts: list[str] = []
    kept: list[tuple[int, int]] = []
    at = 0
    for kind, start, end in spans:
        placeholder = f"[{kind}]"
        whole = (origins[start][0], origins[end - 1][1])
        parts += [text[at:start], placeholder]
        kept += [*origins[at:start], *([whole] * len(placeholder))]
        at = end
    return "".join([*parts, text[at:]]), [*kept, *origins[at:]]
