"""Two questions in one message: where to cut, and the short answers put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.answering import compose
from knowledge.answering.library import Library
from knowledge.markdown import block_text
from knowledge.model import Article, Block, ReadingMode
from nlu.discourse import read
from nlu.text import content_words, plain_words

_ASKING = (
    r"(?:what|whats|what's|wots|wot|who|whos|who's|whose|how|hows|when|whens|where|wheres|why|which|can|could|do|does|did"
    r"|is|are|will|would|should|must|may|have|has|am|explain|tell me|define|list|also|number of)\b"
)
_CUT = re.compile(
    rf"\?+\s+(?:(?:and|also|plus)\b[\s,]*)*(?=\w)|[.;!]\s+(?:(?:and|also|plus)\b[\s,]*)*(?={_ASKING})"
    rf"|,?\s+(?:and|also|plus)(?:\s+also)?\s+(?={_ASKING})|,\s+(?={_ASKING})",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"^{_ASKING}", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'])")
_WORDS_EACH = 46  # two of these with their headings stay within the 120 words of an answer


def cut(text: str) -> tuple[str, str] | None:
    """Return the two questions of a message; None if it is one, or one story, or more than two."""
    pieces = [read(piece.strip(" ,")).text for piece in _CUT.split(text)]
    asked = [piece for piece in pieces if content_words(piece) or len(plain_words(piece)) > 2]
    if len(asked) != 2 or not all(_BEGINS.match(piece) for piece in asked):
        return None
    return asked[0], asked[1]


def brief(blocks: Iterable[Block], *, most: int = _WORDS_EACH) -> list[Block]:
    """Return the beginning of an answer: whole sentences and blocks within a number of words, at least one sentence."""
    kept: list[Block] = []
    left = most
    for block in blocks:
        if block["type"] not in ("paragraph", "list", "steps", "table"):
            continue
        shorter = _shortened(block, left) if block["type"] == "paragraph" else block
        count = len(block_text(shorter).split())
        if kept and count > left:
            break
        kept.append(shorter)
        left -= count
        if shorter != block or left <= 0:
            break
    return kept


def headed(article: Article, *, mode: ReadingMode, group: int | None, section: str | None) -> list[Block]:
    """Return the title of an article and the beginning of what it answers."""
    whole = compose.opening(article, mode=mode, group=group, section=section, audience=None)
    return [{"type": "heading", "text": article.title}, *brief(whole)]


def side_by_side(articles: Sequence[Article], *, mode: ReadingMode, library: Library, better: bool) -> list[Block]:
    """Return the beginnings of two articles one under the other; neither is called better."""
    first: list[Block] = [{"type": "paragraph", "text": library.phrase("no_better", mode)}] if better else []
    return [*first, *(block for one in articles for block in headed(one, mode=mode, group=None, section=None))]


def _shortened(block: Block, most: int) -> Block:
    sentences = _SENTENCE.split(str(block["text"]))
    kept = sentences[:1]
    for sentence in sentences[1:]:
        if len(" ".join([*kept, sentence]).split()) > most:
            break
        kept.append(sentence)
    return {**block, "text": " ".join(kept)} if len(kept) < len(sentences) else block
