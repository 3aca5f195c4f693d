"""What the rule files find in one message, by spaCy's matcher over plain tokens."""

from nlu import spacy_door  # noqa: F401 - before spaCy, so that it leaves PyTorch alone

# isort: split
from collections.abc import Iterable
from dataclasses import dataclass

import spacy
from spacy.tokens import Doc

from nlu.phrases import BOUNDARY, GatedMatcher
from nlu.safeguarding.rules import Rule, RuleSet
from nlu.safeguarding.verdict import Category

# Words outside the rules' vocabulary never enter spaCy's string store: it keeps strings as long as the process lives.
_UNKNOWN = "emoji_other_word"
_MASKED = "emoji_masked_word"
_NEGATORS = frozenset(["not", "never", "no", "nobody", "noone", "without", "neither", "nor"])
# From a match one may step back over these to reach a negator: "is not really feeling suicidal".
_BETWEEN = frozenset(
    "want wants wanted been be is are am was were being have has had ever feel feels feeling felt really actually "  # noqa: SIM905
    "currently he she they to a any going thinking about talking at all the anything like of".split()
)
_PERSONS = frozenset(
    "i me my he she him her we us myself himself herself mum dad son daughter someone somebody who friend".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Findings:
    """Result of the pattern layer for one message.

    Attributes:
        certain: Names of rules that are enough alone, by category.
        hints: Names of rules that need a second voice, by category.
        negated: Categories spoken of only to say that they are not so.
        framed: Categories that a question of information asks about.
        idiomatic: True if a harmless turn of phrase was set aside.
        adult: True if the writer speaks as an adult about a child.
        child: True if the writer speaks as a child or young person.
        continues: True if the words go on with something told before.
    """

    certain: dict[Category, tuple[str, ...]]
    hints: dict[Category, tuple[str, ...]]
    negated: frozenset[Category]
    framed: frozenset[Category]
    idiomatic: bool
    adult: bool
    child: bool
    continues: bool


class PatternLayer:
    """Apply a rule set to messages; holds no state between them."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._by_name: dict[str, Rule] = {rule.name: rule for rule in rules.rules}
        self._vocab = spacy.blank("en").vocab
        self._vocabulary = rules.normaliser.vocabulary | _NEGATORS | _BETWEEN | _PERSONS | {BOUNDARY}
        self._idioms = GatedMatcher(self._vocab, {"idiom": rules.idioms})
        self._frames = GatedMatcher(self._vocab, {category.value: lines for category, lines in rules.frames.items()})
        self._speak = GatedMatcher(self._vocab, {rule.name: rule.patterns for rule in rules.rules})
        self._unless = GatedMatcher(self._vocab, {rule.name: rule.unless for rule in rules.rules if rule.unless})
        self._voices = GatedMatcher(self._vocab, rules.voices)

    def find(self, *texts: str) -> Findings:
        """Return what is found in one message, or in several read as one."""
        words = self._known([token for text in texts for token in self._rules.normaliser.tokens(text)])
        plain, idiomatic = self._without_idioms(words)
        open_words, framed = self._without_frames(plain)
        certain, hints, negated = self._spoken(open_words)
        voices = {name for name, _, _ in self._spans(self._voices, words)}
        return Findings(
            certain, hints, negated, framed, idiomatic, "adult" in voices, "child" in voices, "continues" in voices
        )

    def _known(self, tokens: Iterable[str]) -> list[str]:
        return [token if token in self._vocabulary else _UNKNOWN for token in tokens]

    def _spans(self, matcher: GatedMatcher, words: list[str]) -> list[tuple[str, int, int]]:
        return matcher.spans(Doc(self._vocab, words=words)) if words else []

    def _without_idioms(self, words: list[str]) -> tuple[list[str], bool]:
        covered = {at for _, start, end in self._spans(self._idioms, words) for at in range(start, end)}
        return [_MASKED if at in covered else word for at, word in enumerate(words)], bool(covered)

    def _without_frames(self, words: list[str]) -> tuple[list[str], frozenset[Category]]:
        """Set aside the words of questions of information; a frame around a person is a disclosure, not a question."""
        frames = [f for f in self._spans(self._frames, words) if _PERSONS.isdisjoint(words[f[1] : f[2]])]
        covered = {at for _, start, end in frames for at in range(start, end)}
        masked = [_MASKED if at in covered else word for at, word in enumerate(words)]
        return masked, frozenset(Category(name) for name, _, _ in frames)

    def _spoken(
        self, words: list[str]
    ) -> tuple[dict[Category, tuple[str, ...]], dict[Category, tuple[str, ...]], frozenset[Category]]:
        silenced = {name for name, _, _ in self._spans(self._unless, words)}
        found: dict[bool, dict[Category, set[str]]] = {True: {}, False: {}}
        negated: set[Category] = set()
        for name, start, _ in self._spans(self._speak, words):
            rule = self._by_name[name]
            if name in silenced:
                continue
            if rule.negatable and _is_negated(words, start):
                negated.update({rule.category} if rule.certain else ())
            else:
                found[rule.certain].setdefault(rule.category, set()).add(name)
        return _sorted(found[True]), _sorted(found[False]), frozenset(negated - found[True].keys())


def _sorted(found: dict[Category, set[str]]) -> dict[Category, tuple[str, ...]]:
    return {category: tuple(sorted(names)) for category, names in found.items()}


def _is_negated(words: list[str], start: int) -> bool:
    """Tell whether a negator governs the words that begin at `start`."""
    if words[start] in _NEGATORS:
        return False
    at = start - 1
    while at >= 0 and words[at] in _BETWEEN:
        at -= 1
    return at >= 0 and words[at] in _NEGATORS
