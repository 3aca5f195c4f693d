"""What a question wants to hear first: a time, a person, yes or no."""

from __future__ import annotations

import functools
import re

import yaml

from nlu.text import LEXICON, normalise

# A length of time, an age or a date, as an answer gives it.
_TIME = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|ten|a|an|each|every)(?: \w+)?"
    r" (?:days?|weeks?|months?|years?|terms?|hours?)\b"
    r"|\b(?:aged?|at|from|to|until|under|over|before|after) \d{1,2}\b|\b\d{4}\b|\bat any time\b|\byear \d{1,2}\b",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=32768)
def kinds_of(text: str) -> frozenset[str]:
    """Return the kinds of a question; empty where it just wants to know what something is."""
    plain = normalise(text)
    return frozenset(kind for kind, pattern in _patterns().items() if pattern.search(plain))


def tells_time(text: str) -> bool:
    """Tell whether an answer holds a length of time, an age or a year."""
    return bool(_TIME.search(text))


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    rows = yaml.safe_load((LEXICON / "question_kinds.yml").read_text(encoding="utf-8"))
    return {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in rows.items()}
