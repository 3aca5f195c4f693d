"""Normalising what people type, without losing what they mean."""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

import yaml

LEXICON = Path(__file__).parent / "lexicon"
_QUOTES = str.maketrans("\u2019\u2018\u201c\u201d\u2013\u2014\u00a0", "''\"\"-- ")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![.\w])(?!(?:e\.g|i\.e|a\.m|p\.m)\b)(?:[a-z]\.)+[a-z]\b\.?", re.IGNORECASE)
_STRETCHED = re.compile(r"([a-z])\1{2,}", re.IGNORECASE)


def normalise(text: str) -> str:
    """Return text in one form: NFKC, plain quotes, single spaces, no stretched letters, "V.I." as "VI"; case is kept.

    Normalising twice gives the same as once.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    closed = _DOTTED.sub(lambda found: found[0].replace(".", ""), " ".join(plain.split()))
    return _STRETCHED.sub(r"\1\1", closed)


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, in order, apostrophes inside a word kept."""
    return [word.lower() for word in _WORD.findall(text)]


def plain_words(text: str) -> list[str]:
    """Return the words with text-speak spelt out ('wots' is 'what is', 'ppl' is 'people')."""
    return [part for word in words(text) for part in text_speak().get(word, word).split()]


def content_words(text: str) -> list[str]:
    """Return the words that carry meaning: text-speak spelt out, stop words left out, simple endings cut."""
    return [stem(word) for word in plain_words(text) if word not in stop_words()]


def stem(word: str) -> str:
    """Cut possessives and plurals: 'plans' and "plan's" are 'plan', 'bodies' is 'body'; 'bus' stays."""
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@functools.cache
def text_speak() -> dict[str, str]:
    """Return spellings of everyday words that people use on purpose or by ear, with what they mean."""
    return _mapping("text_speak.yml")


@functools.cache
def stop_words() -> frozenset[str]:
    """Return the words that say nothing about the subject of a question."""
    listed: list[str] = yaml.safe_load((LEXICON / "stop_words.yml").read_text(encoding="utf-8"))
    return frozenset(listed)


def _mapping(name: str) -> dict[str, str]:
    rows = yaml.safe_load((LEXICON / name).read_text(encoding="utf-8"))
    return {str(key): str(value) for key, value in rows.items()}
