"""Question wordings of two articles that are so alike that one would be answered by the other."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from rapidfuzz import fuzz

from knowledge.check.problem import Problem, line_of
from knowledge.model import Article
from nlu.text import normalise, text_speak, words

ALIKE = 95.0  # of 100: one or two letters, or one short word, in a question of usual length
_RARE_WORDS = 3  # a pair this much alike shares at least one of the three rarest words of each
_NOT = re.compile(r"^(can|won|don|didn|doesn|isn|aren|wasn|hasn|haven|shouldn|wouldn|couldn)'?t$")
_NEGATIONS = frozenset({"not", "no", "never", "without", "none", "cannot"})
_NUMBERS = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    ]
)


@dataclasses.dataclass(frozen=True)
class _Wording:
    """One wording with its words in alphabetical order, alone and as the line that is compared."""

    text: str
    owner: Article
    words: tuple[str, ...]
    line: str


def check_similarity(articles: Mapping[str, Article]) -> Iterator[Problem]:
    """Yield (as warnings) pairs of wordings from two articles that could be taken for each other.

    Pairs that differ in a number, a short form or a "not" only are meant to be told apart by just that word, and an
    article answers for the ones that are part of it: both are left alone. Equal wordings are `check_names`'s.
    """
    short_forms = frozenset(short.lower() for article in articles.values() for short in article.acronyms)
    wordings = [_wording(text, a) for a in articles.values() for group in a.questions for text in group.ask]
    for one, other in _neighbours(wordings):
        if one.owner is other.owner or _joined(one.owner, other.owner):
            continue
        likeness = fuzz.ratio(one.line, other.line, score_cutoff=ALIKE)
        if likeness and not _meant_to_differ(one, other, short_forms):
            yield _problem(one, other, likeness)


def _wording(text: str, owner: Article) -> _Wording:
    spelt = sorted(part for word in words(normalise(text)) for part in _spelt_out(word))
    return _Wording(text, owner, tuple(spelt), " ".join(spelt))


def _spelt_out(word: str) -> Iterator[str]:
    """Yield a word with text-speak spelt out, and "can't" as "can not", so that a negation is a word of its own."""
    if word.isdigit():  # text-speak would read the 2 of "ambition 2" as "to"
        yield word
        return
    for part in text_speak().get(word, word).split():
        found = _NOT.match(part)
        yield from (found[1], "not") if found else (part,)


def _neighbours(wordings: list[_Wording]) -> Iterator[tuple[_Wording, _Wording]]:
    """Yield each pair that shares a rare word, once: comparing all with all takes minutes."""
    counts = Counter(word for wording in wordings for word in set(wording.words))
    blocks: dict[str, list[int]] = defaultdict(list)
    for number, wording in enumerate(wordings):
        for word in sorted(set(wording.words), key=lambda word: (counts[word], word))[:_RARE_WORDS]:
            blocks[word].append(number)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        for pair in combinations(block, 2):
            if pair not in seen and _near_in_length(wordings[pair[0]], wordings[pair[1]]):
                seen.add(pair)
                yield wordings[pair[0]], wordings[pair[1]]


def _near_in_length(one: _Wording, other: _Wording) -> bool:
    """Tell whether two wordings can reach the likeness at all."""
    lengths = len(one.line), len(other.line)
    return max(lengths) - min(lengths) <= sum(lengths) * (100 - ALIKE) / 100


def _joined(one: Article, other: Article) -> bool:
    return one.part_of == other.id or other.part_of == one.id


def _meant_to_differ(one: _Wording, other: _Wording, short_forms: frozenset[str]) -> bool:
    mine, theirs = Counter(one.words), Counter(other.words)
    different = {*(mine - theirs), *(theirs - mine)}
    known = _NEGATIONS | _NUMBERS | short_forms
    return bool(different) and all(word in known or word[0].isdigit() for word in different)


def _problem(one: _Wording, other: _Wording, likeness: float) -> Problem:
    message = f"'{one.text}' is nearly '{other.text}' of {other.owner.id} (alike {likeness:.0f} of 100)"
    return Problem(one.owner.path, line_of(one.owner.path, one.text), "alike", message, "warning")
