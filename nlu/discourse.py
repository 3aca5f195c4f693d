"""How a message stands to what was said before: what it opens with, and what is left to look up."""

from __future__ import annotations

import dataclasses
import functools
import re
from pathlib import Path

import yaml

from nlu.text import content_words, normalise

_FILE = Path(__file__).parent / "lexicon" / "discourse.yml"
_EDGES = " ,.;:!-\u2013"


@dataclasses.dataclass(frozen=True)
class Utterance:
    """A message as it was `said`, and its `text` without the opening words.

    `move` is None, or how it stands to the turns before: `fresh` (another subject), `resume` (goes on after an aside),
    `back` (returns to what `named` names), `meant` (the last answer was about something else), `corrected` (a fact was
    taken to be otherwise).
    """

    said: str
    text: str
    move: str | None = None
    named: str | None = None


def read(text: str) -> Utterance:
    """Return a message without its opening words; one that is nothing but opening words stays whole."""
    plain = rest = normalise(text)
    moved, named = None, None
    while True:
        found = _opening(rest)
        if found is None:
            return Utterance(plain, rest, moved, named)
        move, match = found
        shorter = rest[match.end() :].strip(_EDGES)
        if not shorter:
            return Utterance(plain, rest, moved, named)
        if move != "openers" and moved is None:
            moved, named = move, match.group(1) if move == "back" else None
        rest = _without_negated(shorter) if move == "corrected" else shorter


def _opening(text: str) -> tuple[str, re.Match[str]] | None:
    found = ((move, pattern.match(text)) for move, pattern in _patterns())
    return next(((move, match) for move, match in found if match and match.end()), None)


def _without_negated(text: str) -> str:
    """Return a correction without what it says is not so, as long as that leaves something to look up."""
    shorter = " ".join(_negated().sub("", text).split()).strip(_EDGES)
    return shorter if content_words(shorter) else text


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # In the order of the file but for openers, which come last: "no, I meant" is more than an opening "no".
    moves = [*(move for move in _lexicon() if move not in ("openers", "negated")), "openers"]
    return tuple((move, re.compile(row, re.IGNORECASE)) for move in moves for row in _lexicon()[move])


@functools.cache
def _negated() -> re.Pattern[str]:
    return re.compile("|".join(_lexicon()["negated"]), re.IGNORECASE)


@functools.cache
def _lexicon() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found
