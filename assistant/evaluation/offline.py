"""Retrieval and its probability without a service: the parts that the action server uses, on the same build.

The chat API does not show probabilities, so reliability and risk are measured here. What stands before retrieval in the
service (safeguarding, limits by pattern, small talk, the thread of a conversation) plays no part in these figures.
"""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.evaluation.cases import Case
from assistant.evaluation.figures import Guess
from knowledge.calibration import Calibrator
from knowledge.errors import IndexOutOfDate
from knowledge.index import KnowledgeIndex, content_digest
from knowledge.loader import ROOT, load_articles
from knowledge.model import Article
from knowledge.ports import Encoder, Speller
from knowledge.ranker import Ranker
from knowledge.retriever import Retriever
from nlu.encoder import SentenceEncoder
from nlu.spelling import SpellingHelper

DEPTH = 10
_REFUSALS = ("declined_not_known", "declined_out_of_scope", "declined_personal_case", "smalltalk")


@dataclasses.dataclass(frozen=True)
class Parts:
    """What a build holds for answering."""

    index: KnowledgeIndex
    encoder: Encoder
    speller: Speller
    ranker: Ranker
    calibrator: Calibrator
    articles: Mapping[str, Article]

    def retriever(self) -> Retriever:
        """Return the retriever as it is served."""
        return Retriever(self.index, encoder=self.encoder, speller=self.speller, ranker=self.ranker)

    def refuses(self, article_id: str) -> bool:
        """Tell whether an article is itself a refusal with a signpost, such as the one on council tax."""
        article = self.articles.get(article_id)
        return article is not None and article.answer_status in _REFUSALS


@dataclasses.dataclass(frozen=True)
class Found:
    """One question looked up: ids best first, and the probability that the first answers (None: always answered)."""

    case: Case
    expected: tuple[str, ...]
    ids: tuple[str, ...]
    probability: float | None

    @property
    def rank(self) -> int | None:
        """The place (from 1) of the first right article, None if it is not among those found."""
        return next((n for n, key in enumerate(self.ids, 1) if key in self.expected), None)

    @property
    def guess(self) -> Guess:
        """The probability with what came of it."""
        return Guess(1.0 if self.probability is None else self.probability, self.rank == 1)


def load(folder: Path) -> Parts:
    """Return the parts of a build folder.

    Raises:
        IndexOutOfDate: A product is missing, or was made from other content.
        EncoderMissing: The encoder is missing.
    """
    encoder = SentenceEncoder(folder / "encoder")
    knowledge = folder / "knowledge"
    return Parts(
        index=KnowledgeIndex.load(knowledge, encoder=encoder.digest, content=content_digest(ROOT)),
        encoder=encoder,
        speller=SpellingHelper(_vocabulary(knowledge / "serving.json")),
        ranker=Ranker.load(knowledge / "ranker.json"),
        calibrator=Calibrator.load(knowledge / "calibration.json"),
        articles=load_articles(),
    )


def single_questions(cases: Sequence[Case]) -> list[Case]:
    """Return the cases that retrieval alone can be judged by: one turn, and not a safeguarding message."""
    return [case for case in cases if len(case.turns) == 1 and case.kind != "safeguarding"]


def look_up(parts: Parts, cases: Sequence[Case]) -> list[Found]:
    """Return what is found for each single question, as it is served."""
    retriever, expected = parts.retriever(), expecting(parts.articles)
    rows = []
    for case in single_questions(cases):
        look = retriever.look(case.turns[0])
        ids = tuple(hit.article_id for hit in retriever.rank(look, limit=DEPTH).hits)
        # The probability looks at as many hits as the service does, which is the default.
        rows.append(Found(case, expected(case), ids, parts.calibrator.probability(retriever.rank(look))))
    return rows


def expecting(articles: Mapping[str, Article]) -> Callable[[Case], tuple[str, ...]]:
    """Return what tells the right articles of a case: those named, and their parts, whose answers cite both."""
    owned: dict[str, list[str]] = defaultdict(list)
    for article in articles.values():
        if article.part_of:
            owned[article.part_of].append(article.id)

    def expected(case: Case) -> tuple[str, ...]:
        named = tuple(key for key in case.expected if key)
        return (*named, *(part for key in named for part in owned[key]))

    return expected


def answered(row: Found, limit: float) -> bool:
    """Tell whether the first hit would be shown as the answer."""
    return bool(row.ids) and (row.probability is None or row.probability >= limit)


def declined(row: Found, parts: Parts) -> bool:
    """Tell whether a question is refused: nothing shown as an answer, or an article that is itself a refusal."""
    return not answered(row, parts.calibrator.answer_from) or parts.refuses(row.ids[0])


def _vocabulary(path: Path) -> list[str]:
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["vocabulary"])
    except (OSError, ValueError, KeyError) as error:
        raise IndexOutOfDate(f"{path} cannot be read: run 'send-assistant build' ({error})") from error
