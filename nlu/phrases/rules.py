"""Rule files of word patterns: kinds, each with named rules, what speaks for them and what silences them."""

from nlu import spacy_door  # noqa: F401 - before spaCy, so that it leaves PyTorch alone

# isort: split
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.tokens import Doc

from nlu.phrases.gated import GatedMatcher
from nlu.phrases.language import PatternError, Token, compile_pattern, words_of
from nlu.phrases.normalise import BOUNDARY, Normaliser
from nlu.text import text_speak

START, END = "^", "$"
# Words that no rule knows never enter spaCy's string store: it keeps strings as long as the process lives.
_UNKNOWN = "other_word"
_KEYS = {"id", "any", "unless"}


@dataclass(frozen=True)
class Hit:
    """A rule that speaks.

    Attributes:
        kind: What the rule is about.
        rule: Its name, `kind.id`.
        start: First token.
        end: Token after the last.
    """

    kind: str
    rule: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A message as plain tokens, with `^` and `$` around each of its sentences, and the rules that speak of it.

    A rule that is silenced by one of its exceptions is not among the hits.
    """

    tokens: tuple[str, ...]
    hits: tuple[Hit, ...]

    def kinds(self) -> frozenset[str]:
        """Return the kinds that are spoken of."""
        return frozenset(hit.kind for hit in self.hits)

    def rest(self, hits: Iterable[Hit]) -> list[str]:
        """Return the words that none of these hits covers, in order."""
        covered = {at for hit in hits for at in range(hit.start, hit.end)}
        marks = (START, END, BOUNDARY)
        return [token for at, token in enumerate(self.tokens) if at not in covered and token not in marks]


class PhraseRules:
    """Apply a rule file to messages; holds no state between them."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Compile the rules.

        Args:
            raw: `classes` (name to words), `spelling` (spelling to plain words), `kinds` (kind to its rules).

        Raises:
            PatternError: A rule has a key, a class or a pattern that cannot be used.
        """
        self.classes = {name: [str(word) for word in words] for name, words in raw.get("classes", {}).items()}
        self.kinds = tuple(raw["kinds"])
        rules = {f"{kind}.{rule['id']}": rule for kind, listed in raw["kinds"].items() for rule in listed}
        wrong = [name for name, rule in rules.items() if set(rule) - _KEYS]
        if wrong:
            raise PatternError(f"rules with unknown keys: {wrong}")
        speak = {name: self._compiled(rule["any"]) for name, rule in rules.items()}
        unless = {name: self._compiled(rule.get("unless", ())) for name, rule in rules.items()}
        self._normaliser = self._reader(raw.get("spelling", {}), [*speak.values(), *unless.values()])
        self._vocab = spacy.blank("en").vocab
        self._speak, self._unless = GatedMatcher(self._vocab, speak), GatedMatcher(self._vocab, unless)

    @classmethod
    def load(cls, path: Path) -> "PhraseRules":
        """Read a rule file.

        Raises:
            PatternError: It cannot be used.
        """
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def read(self, text: str) -> Sentence:
        """Return a message as tokens with the rules that speak of it."""
        tokens = self.tokens(text)
        known = [token if token in self._known else _UNKNOWN for token in tokens]
        doc = Doc(self._vocab, words=known)
        silenced = {name for name, _, _ in self._unless.spans(doc)}
        found = sorted((start, end, name) for name, start, end in self._speak.spans(doc) if name not in silenced)
        hits = [Hit(name.rpartition(".")[0], name, start, end) for start, end, name in found]
        return Sentence(tuple(tokens), tuple(hits))

    def tokens(self, text: str) -> list[str]:
        """Return plain lower-case words with `^`, `$` and the boundary between sentences."""
        marked = [START]
        for token in self._normaliser.tokens(text):
            marked += [END, BOUNDARY, START] if token == BOUNDARY else [token]
        return [*marked, END]

    def _compiled(self, lines: Iterable[object]) -> list[list[Token]]:
        return [pattern for line in lines for pattern in compile_pattern(str(line), self.classes)]

    def _reader(self, spelling: Mapping[Any, Any], patterns: Iterable[list[list[Token]]]) -> Normaliser:
        words = {**text_speak(), **{str(key): str(value) for key, value in spelling.items()}}
        vocabulary = {word for group in patterns for pattern in group for word in words_of(pattern)}
        vocabulary |= {word for value in words.values() for word in value.split()}
        self._known = frozenset(vocabulary | {BOUNDARY, START, END})
        return Normaliser(words=words, phrases={}, emoji={}, vocabulary=frozenset(vocabulary))
