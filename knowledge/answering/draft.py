"""The answer in the making: each step takes a draft and returns a new one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from knowledge.answering.answer import Choice, Request
from knowledge.model import Article, Block
from knowledge.retriever import Retrieval
from nlu.discourse import Utterance


@dataclasses.dataclass(frozen=True)
class Draft:
    """What is known so far. A step ends the run by setting a status; the steps after it then pass it on unchanged.

    A step that has found the article sets `article`; the steps that search then leave it alone. `question` is what is
    kept as the last question that stood on its own (None: the one before stays).
    """

    request: Request
    heard: Utterance | None = None
    found: Retrieval | None = None
    probability: float | None = None
    article: Article | None = None
    group: int | None = None
    section: str | None = None
    status: str | None = None
    blocks: tuple[Block, ...] = ()
    cited: tuple[Article, ...] = ()
    choices: tuple[Choice, ...] = ()
    sections_shown: int = 0
    leaning: bool = False
    question: str | None = None

    def with_(self, **changes: object) -> Draft:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


Step = Callable[[Draft], Draft]


def run(steps: tuple[Step, ...], draft: Draft) -> Draft:
    """Run the steps in order until one has set a status."""
    for step in steps:
        if draft.status is not None:
            return draft
        draft = step(draft)
    return draft
