"""Which part of an article was asked for: the question group whose lead fits, or a section of the details."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Mapping

from knowledge.chunker import Passage
from knowledge.markdown import block_text
from knowledge.model import Article
from knowledge.retriever import Look, Retriever
from nlu.question_kind import kinds_of, tells_time
from nlu.text import content_words, normalise

_OVERLAP = 0.25  # how much shared words add to meaning
_SAME_KIND = 0.05  # "how long" asked and worded
_OTHER_KIND = 0.07  # "why" asked, "how long" worded
_TELLS_TIME = 0.06  # a lead with a length of time, where one was asked for
_SECTION = 0.04  # a section is long and near to much; a group worded for the question comes first
_SAME_WORDS = 1.1  # of about 1.3: asked in the very words of one wording
_NEARNESS = 0.2  # how much of it is added to what was learned
_NEAR_ENOUGH = 0.3  # below this no part was clearly asked for
_CLEAR = 0.25  # learned score below which the general opening is safer than a lead about something else
_NAME_ALONE = 2  # content words
_NAMES = ("title", "alias", "acronym")
_NUMBERED = re.compile(
    r"\b(?:section|ambition|priority|week|year|regulation|chapter|stage)s? ([a-k]\d?|\d+)\b", re.IGNORECASE
)
_OTHER_NUMBER = 0.3  # "section I" worded where no letter, or another one, was asked for
Part = tuple[int | None, str | None]


class Parts:
    """Chooses the part of an article that answers a question."""

    def __init__(self, retriever: Retriever, articles: Mapping[str, Article]) -> None:
        """Sort the passages by their article."""
        self._features, self._articles, self._retriever = retriever.features, articles, retriever
        self._passages: dict[str, list[tuple[int, Passage]]] = defaultdict(list)
        for number, passage in enumerate(retriever.passages):
            if passage.kind not in ("text", "lead"):
                self._passages[passage.article_id].append((number, passage))

    def choose(self, look: Look, article_id: str) -> Part:
        """Return the question group or the section that is nearest; neither if the whole article is asked for."""
        overlap = self._features.passage_overlap(content_words(look.asked))
        numbered = _numbers(look.mended)
        kinds, few = kinds_of(look.mended), len(content_words(look.mended)) <= _NAME_ALONE
        near: dict[Part, float] = {}
        fits: dict[Part, float] = {}
        for number, passage in self._passages[article_id]:
            if passage.kind in _NAMES and not few:
                continue
            part = (passage.group, passage.section)
            fit = self._fits(kinds, passage)
            fit -= _OTHER_NUMBER if _numbers(passage.text) - numbered and not passage.section else 0.0
            value = float(look.similarity[number] + _OVERLAP * overlap[number])
            near[part] = max(near.get(part, -1.0), value + fit)
            fits[part] = max(fits.get(part, -1.0), fit)
        nearest = max(near, key=lambda part: near[part], default=(None, None))
        if near.get(nearest, 0.0) < _NEAR_ENOUGH:
            return None, None
        if nearest[0] is None or near[nearest] >= _SAME_WORDS:
            return nearest
        learned = self._retriever.groups(look, article_id)
        if not learned:
            return nearest
        group = _best(learned, near, fits)
        return (group, None) if learned[group] >= _CLEAR else (None, None)

    def _fits(self, kinds: frozenset[str], passage: Passage) -> float:
        """Return how much the kind of question speaks for a passage: what it asks itself, and what its lead tells."""
        if passage.kind in _NAMES:
            return 0.0
        worded = kinds_of(passage.section or passage.text)
        if passage.section:
            return -_SECTION if kinds & worded or not worded else -_SECTION - _OTHER_KIND
        fits = 0.0 if not (kinds and worded) else _SAME_KIND if worded & kinds else -_OTHER_KIND
        return fits + (_TELLS_TIME if "time" in kinds and tells_time(self._said(passage)) else 0.0)

    def _said(self, passage: Passage) -> str:
        """Return what an answer would begin with."""
        article = self._articles[passage.article_id]
        lead = article.questions[passage.group].lead if passage.group is not None else None
        return lead or next(map(block_text, article.standard), "")


def _best(learned: Mapping[int, float], near: Mapping[Part, float], fits: Mapping[Part, float]) -> int:
    """Return the group that asks for the same thing: by what was learned and by the kind of question.

    Nearness counts for little: on wordings that were left out more of it is right less often (decision 0011).
    """

    def score(group: int) -> float:
        part = (group, None)
        return learned[group] + fits.get(part, 0.0) + _NEARNESS * near.get(part, 0.0)

    return max(learned, key=score)


@functools.lru_cache(maxsize=32768)
def _numbers(text: str) -> frozenset[str]:
    """Return which sections, ambitions, weeks … a text names by letter or number."""
    return frozenset(found.lower() for found in _NUMBERED.findall(normalise(text)))
