"""What each part of retrieval adds: the same golden questions, one part more a row."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from assistant.evaluation.cases import Case
from assistant.evaluation.offline import DEPTH, Found, Parts
from assistant.evaluation.summary import Summary, summarise
from knowledge.features import FEATURES, Floats
from knowledge.ranker import Ranker
from knowledge.retriever import Look
from nlu.text import plain_words

_SEARCHED = ("name_similarity", "text_similarity", "words", "letters")
_TRAINED = "topic"  # the one signal that is itself learned from labelled questions
Order = Callable[[Floats], Floats]


@dataclasses.dataclass(frozen=True)
class Row:
    """One variant of retrieval and its figures; `name` is a key of the strings in the page's template."""

    name: str
    figures: Summary


class AsTyped:
    """A speller that mends nothing."""

    def correct(self, text: str) -> str:
        """Return the text as it is."""
        return text

    def unknown(self, text: str) -> list[str]:
        """Return no word: none is looked up."""
        return []


def ablation(parts: Parts, served: Sequence[Found]) -> list[Row]:
    """Return the rows in order: each signal alone, together, then spelling, learned order and calibration added.

    Without calibration every question with a letter in it is answered, so that nothing is declined but by an article
    that is itself a refusal.

    Args:
        parts: What the build holds.
        served: The questions as `look_up` found their answers; they are the last row.
    """
    asked = [row.case for row in served]
    typed = _looks(dataclasses.replace(parts, speller=AsTyped()), asked)
    mended = _looks(parts, asked)

    def row(name: str, looks: Sequence[Look], order: Order) -> Row:
        ids = parts.retriever().features.article_ids
        found = [
            dataclasses.replace(row, ids=_first(ids, look, order), probability=None)
            for row, look in zip(served, looks, strict=True)
        ]
        return Row(name, summarise(found, parts))

    return [
        row("bm25", typed, words_alone),
        row("dense", typed, meaning_alone),
        row("hybrid", typed, words_and_meaning),
        row("spelling", mended, words_and_meaning),
        *([row("ranker_alone", mended, without(parts.ranker, _TRAINED).scores)] if _TRAINED in FEATURES else []),
        row("ranker", mended, parts.ranker.scores),
        Row("calibration", summarise(served, parts)),
    ]


def fine_tuned(manifest: Mapping[str, object]) -> bool:
    """Tell from the manifest of a built encoder whether it was fitted to our own questions."""
    return bool(manifest.get("adapter"))


def words_alone(table: Floats) -> Floats:
    """Return the BM25 score of each article's best passage, from features of shape (articles, features)."""
    return table[:, FEATURES.index("words")]


def meaning_alone(table: Floats) -> Floats:
    """Return the cosine of each article's nearest passage, from features of shape (articles, features)."""
    columns = [FEATURES.index("name_similarity"), FEATURES.index("text_similarity")]
    return np.asarray(table[:, columns].max(axis=1), np.float32)


def words_and_meaning(table: Floats) -> Floats:
    """Return BM25 over words and letters and both cosines of each article, added with even weights."""
    columns = [FEATURES.index(name) for name in _SEARCHED]
    return np.asarray(table[:, columns].sum(axis=1), np.float32)


def without(ranker: Ranker, feature: str) -> Ranker:
    """Return a ranker with the weight of one feature set to nought, the others as they were learned."""
    pairs = zip(FEATURES, ranker.weights, strict=True)
    return Ranker(tuple(0.0 if name == feature else weight for name, weight in pairs))


def _looks(parts: Parts, cases: Sequence[Case]) -> list[Look]:
    retriever = parts.retriever()
    return [retriever.look(case.turns[0]) for case in cases]


def _first(ids: Sequence[str], look: Look, order: Order) -> tuple[str, ...]:
    if not plain_words(look.mended):
        return ()
    best = np.argsort(-order(look.table), kind="stable")[:DEPTH]
    return tuple(ids[number] for number in best)
