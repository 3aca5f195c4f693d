"""The things that content is made of; frozen, so that every process can share them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

Audience = Literal["family", "young_person", "professional"]
ReadingMode = Literal["standard", "easy"]
Block = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Source:
    """Where a fact comes from, as shown beside an answer."""

    key: str
    title: str
    kind: str
    checked: dt.date
    certainty: str
    section: str | None = None
    url: str | None = None
    dated: str | None = None


@dataclasses.dataclass(frozen=True)
class QuestionGroup:
    """Wordings of one question, with the sentence that answers just that.

    `lead` and `easy` open the answer in the two reading modes; `first` names a detail section to show first;
    `category` is what the safeguarding detector calls this kind of message.
    """

    ask: tuple[str, ...]
    lead: str | None = None
    easy: str | None = None
    first: str | None = None
    category: str | None = None


@dataclasses.dataclass(frozen=True)
class Section:
    """A headed part of the details of an article; `blocks` are its content in order."""

    heading: str
    blocks: tuple[Block, ...]


@dataclasses.dataclass(frozen=True)
class Article:
    """One approved answer in two texts, with everything that shows where it comes from."""

    id: str
    title: str
    topic: str
    questions: tuple[QuestionGroup, ...]
    audience: tuple[str, ...]
    sources: tuple[Source, ...]
    standard: tuple[Block, ...]
    details: tuple[Section, ...]
    easy: tuple[Block, ...]
    owner: str
    reviewed: dt.date
    review_in_days: int
    status: str
    answer_status: str = "answered"
    aliases: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    for_audience: Mapping[str, str] = dataclasses.field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()
    contacts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    valid_until: dt.date | None = None
    part_of: str | None = None
    path: str = ""

    def expired(self, today: dt.date) -> bool:
        """Tell whether the facts have run out, so that the answer must say it is being checked."""
        return self.valid_until is not None and today > self.valid_until

    def review_due(self) -> dt.date:
        """Return the day by which a person has to read the article again."""
        return self.reviewed + dt.timedelta(days=self.review_in_days)


@dataclasses.dataclass(frozen=True)
class Contact:
    """How to reach someone. A field that no source confirms is None and is never guessed."""

    key: str
    name: str
    what: str | None = None
    phone: str | None = None
    text_number: str | None = None
    email: str | None = None
    hours: str | None = None
    url: str | None = None
    note: str | None = None
    wanted: tuple[str, ...] = ()
    source: Source | None = None

    def missing(self) -> tuple[str, ...]:
        """Return the fields that the operator still has to fill in."""
        return tuple(field for field in self.wanted if getattr(self, field) is None)
