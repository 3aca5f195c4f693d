"""Plain tokens from what people type: contractions, text speak, emoji, evasive and wrong spellings."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

BOUNDARY = "."
_TOKEN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*'?|[.!?;\n]+|[^\sa-z0-9]")
_SPACED_LETTERS = re.compile(r"\b(?:[a-z] ){3,}[a-z]\b")
_LEET = str.maketrans({"1": "i", "3": "e", "4": "a", "0": "o", "5": "s", "@": "a", "$": "s", "!": "i", "*": ""})
_LEET_WORD = re.compile(r"(?<![\w@])(?=\w*[a-z])[a-z0-9@$!*]*[a-z][0-9@$!*]+[a-z][a-z0-9@$!*]*(?![\w@])")
_IS_AFTER = frozenset(["he", "she", "it", "that", "there", "what", "who", "where", "here", "how"])
_APOSTROPHES = str.maketrans("\u2018\u2019`", "'''")
_INVISIBLE = "\ufe0f\u200d\u200b"
_LONG_RUN = re.compile(r"(.)\1{2,}")
_MAX_PHRASE = 4


def _contraction(token: str) -> list[str] | None:
    """Write out a token with an apostrophe; None when it has none to write out."""
    head, _, tail = token.partition("'")
    if token.endswith("n't"):
        stem = {"ca": "can", "wo": "will", "sha": "shall"}.get(token[:-3], token[:-3])
        return [stem, "not"]
    if tail == "s":
        return [head, "is"] if head in _IS_AFTER else [head + "s"]
    full = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}.get(tail)
    return [head, full] if full else None


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Words of ordinary English: these are never taken for misspellings of something else."""
    source = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    rows = source.read_text(encoding="utf-8-sig").split("\n")
    return frozenset(row.split(" ")[0] for row in rows if row)


@dataclass
class Normaliser:
    """Turn a message into plain tokens.

    Attributes:
        words: Spelling to plain words.
        phrases: Several tokens to one.
        emoji: Emoji to plain words.
        vocabulary: Words that the rules know; unknown words within a slip or two of one are read as it.
    """

    words: dict[str, str]
    phrases: dict[str, str]
    emoji: dict[str, str]
    vocabulary: frozenset[str]
    _targets: dict[str, list[str]] = field(init=False, repr=False)
    _phrases: dict[tuple[str, ...], list[str]] = field(init=False, repr=False)
    _slips: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index the vocabulary by first letter and the phrases by tokens."""
        self._phrases = {tuple(key.split()): value.split() for key, value in self.phrases.items()}
        self._targets = {}
        for word in sorted(self.vocabulary):
            if len(word) >= 4 and word.isalpha():
                self._targets.setdefault(word[0], []).append(word)

    def tokens(self, text: str) -> list[str]:
        """Return plain lower-case tokens; a full stop stands for any sentence end."""
        plain: list[str] = []
        for token in _TOKEN.findall(self._surface(text)):
            plain.extend(self._plain(token))
        return self._join_phrases(self._join_phrases(plain))

    def _surface(self, text: str) -> str:
        unaccented = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        folded = "".join(unaccented).lower().translate(_APOSTROPHES)
        folded = "".join(f" {self.emoji[c]} " if c in self.emoji else c for c in folded if c not in _INVISIBLE)
        folded = _SPACED_LETTERS.sub(lambda found: found.group().replace(" ", ""), folded)
        folded = _LEET_WORD.sub(self._unleet, folded)
        return folded.replace("_", "-") if "emoji_" not in folded else folded.replace("emoji_", "emojiz")

    def _unleet(self, found: re.Match[str]) -> str:
        word = found.group()
        if word in self.words:
            return word
        candidate = word.translate(_LEET)
        return candidate if candidate in self.vocabulary or candidate in self.words else word

    def _plain(self, token: str) -> list[str]:
        if token[0] in ".!?;\n":
            return [BOUNDARY]
        if token.startswith("emojiz"):
            return ["emoji_" + token[6:]]
        if not token[0].isalnum():
            return []
        if "'" in token:
            written_out = _contraction(token)
            if written_out:
                return [part for piece in written_out for part in self._parts(piece)]
            token = token.replace("'", "")
        if token in self.words:
            return self.words[token].split()
        if len(self._parts(token)) > 1:
            return [part for piece in self._parts(token) for part in self._plain(piece)]
        return self._repaired(token)

    def _parts(self, token: str) -> list[str]:
        """Take a word with hyphens apart unless the rules know it as it is."""
        return [token] if token in self.vocabulary else [piece for piece in token.split("-") if piece]

    def _repaired(self, token: str) -> list[str]:
        if token in self.vocabulary or len(token) < 4 or token in _english() or not token.isalpha():
            return [token]
        if token not in self._slips:
            if len(self._slips) > 5000:  # a cache, not a store: forget before it grows
                self._slips.clear()
            self._slips[token] = self._nearest(_LONG_RUN.sub(r"\1", token))
        return self._slips[token].split()

    def _nearest(self, token: str) -> str:
        if token in self.words:
            return self.words[token]
        if len(token) < 4:
            return token
        allowed = 1 if len(token) < 7 else 2
        best = process.extractOne(token, self._targets.get(token[0], []), scorer=OSA.distance, score_cutoff=allowed)
        return best[0] if best else token

    def _join_phrases(self, tokens: list[str]) -> list[str]:
        joined: list[str] = []
        at = 0
        while at < len(tokens):
            for size in range(min(_MAX_PHRASE, len(tokens) - at), 1, -1):
                found = self._phrases.get(tuple(tokens[at : at + size]))
                if found is not None:
                    joined.extend(found)
                    at += size
                    break
            else:
                joined.append(tokens[at])
                at += 1
        return joined
