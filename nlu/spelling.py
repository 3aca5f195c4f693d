"""Spelling help from the domain's own vocabulary: it mends unknown words and leaves every right word alone."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.text import normalise, text_speak, words

_SHORTEST = 4  # shorter words have too many neighbours
_SHOUTED = 12  # letters
_LONG = 7  # from this length on two slips are likely in one word
_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|[^A-Za-z]+")
# How words sound, for spellings by ear ('provishun', 'resorsed', 'skool'): rules are applied in this order.
_SOUNDS = (
    (r"(?:t|s|ss|c|x)ions?\b|shu?ns?\b|shons?\b", "Xn"),
    (r"ph", "f"),
    (r"sch|sc(?=[aou])", "sk"),
    (r"ck|q", "k"),
    (r"gh(?=t|\b)", ""),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"kn\b|\bkn", "n"),
    (r"wh", "w"),
    (r"z", "s"),
    (r"dg", "j"),
    (r"(.)\1+", r"\1"),
    (r"(?<=.)[aeiouyhw]+", ""),
)


class SpellingHelper:
    """Corrects words that nobody knows towards words that the articles use."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        """Take the words of the articles.

        Args:
            vocabulary: Words of our own subject, any case; words under four letters are never offered.
        """
        lower = {word.lower() for word in vocabulary}
        self._known = lower | english_words() | set(text_speak())
        self._offers = sorted(word for word in lower if len(word) >= _SHORTEST and word.isalpha())
        self._by_sound: dict[str, list[str]] = {}
        for word in self._offers:
            self._by_sound.setdefault(sound(word), []).append(word)
        self._correct = functools.lru_cache(maxsize=4096)(self._look_up)

    def correct(self, text: str) -> str:
        """Return the text with unknown words mended; the same text if there is nothing to mend.

        Right words, text-speak, short forms in capitals, names (a capital inside a sentence) and figures stay.
        """
        plain = normalise(text)
        # A whole message in capitals is shouting or a stuck key, not a row of short forms.
        tokens = _TOKEN.findall(plain.lower() if plain.isupper() and len(plain) > _SHOUTED else plain)
        return "".join(self._token(token, index) for index, token in enumerate(tokens))

    def unknown(self, text: str) -> list[str]:
        """Return the words that neither English nor the articles know."""
        return [word for word in words(text) if word.isalpha() and word not in self._known]

    def _token(self, token: str, index: int) -> str:
        name = token[:1].isupper() and (index > 0 or token.isupper())
        if len(token) < _SHORTEST or not token.isalpha() or name or token.lower() in self._known:
            return token
        return self._correct(token.lower()) or token

    def _look_up(self, word: str) -> str | None:
        most = 2 if len(word) >= _LONG else 1
        near = process.extract(word, self._offers, scorer=OSA.distance, score_cutoff=most, limit=5)
        alike = [w for w in self._by_sound.get(sound(word), []) if OSA.distance(word, w) <= 4]
        # Equal sound counts as one slip: "resorsed" is nearer to "resourced" than to "resolved".
        slips = {w: OSA.distance(word, w) - (2 if w in alike else 0) for w in {*alike, *(hit[0] for hit in near)}}
        return min(slips, key=lambda w: (slips[w], w[0] != word[0], abs(len(w) - len(word)), w), default=None)


@functools.lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Return a rough key of how a word sounds; words spelt by ear share the key of the word that is meant."""
    key = word.lower()
    for pattern, letters in _SOUNDS:
        key = re.sub(pattern, letters, key)
    return key


@functools.cache
def english_words() -> frozenset[str]:
    """Return 80,000 English words, from the frequency list that symspellpy carries (MIT licence)."""
    path = importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split()[0].lower() for line in lines if line)
