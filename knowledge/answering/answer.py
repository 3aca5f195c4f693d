"""What goes into the answering pipeline and what comes out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from knowledge.model import Audience, Block, ReadingMode


@dataclasses.dataclass(frozen=True)
class Request:
    """One question with what the dialogue remembers.

    `topic` is the article shown last, `question` the last question that stood on its own, `misses` how many questions
    in a row had no answer, `avoid` articles that the family has just said it did not mean, `trail` the articles shown
    before the last one, newest first. `corrects`: the message puts right what the last one was taken to mean.
    """

    text: str
    mode: ReadingMode = "standard"
    audience: Audience | None = None
    topic: str | None = None
    question: str | None = None
    misses: int = 0
    avoid: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    corrects: bool = False


@dataclasses.dataclass(frozen=True)
class Choice:
    """A next step that the family can press: what it says, and the intent and entities that it stands for."""

    label: str
    intent: str
    entities: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """Return the choice as JSON."""
        return {"label": self.label, "intent": self.intent, "entities": dict(self.entities)}


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the family reads, structured; `text` alone is enough to read it.

    `article_id` is the article that was shown, `group` the part of it that was asked for; `probability` is the
    calibrated probability that it answers the question (None where nothing was looked up). `keep` holds what is to
    stick for the conversation (`reading_mode`, `audience`).
    """

    status: str
    blocks: tuple[Block, ...]
    text: str
    citations: tuple[Mapping[str, Any], ...] = ()
    choices: tuple[Choice, ...] = ()
    mode: ReadingMode = "standard"
    grade: float = 0.0
    article_id: str | None = None
    group: int | None = None
    section: str | None = None
    sections_shown: int = 0
    probability: float | None = None
    terms: Mapping[str, str] = dataclasses.field(default_factory=dict)
    question: str | None = None
    keep: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """Return the answer as the gateway takes it from the action server."""
        return {
            "status": self.status,
            "text": self.text,
            "blocks": [dict(block) for block in self.blocks],
            "citations": [dict(citation) for citation in self.citations],
            "choices": [choice.payload() for choice in self.choices],
            "reading": {"mode": self.mode, "grade": self.grade},
            "terms": dict(self.terms),
            **self.keep,
            "debug": {"probability": self.probability, "article_ids": [self.article_id] if self.article_id else []},
        }
