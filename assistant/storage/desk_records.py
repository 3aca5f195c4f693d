"""What storage hands out about requests and safeguarding records: frozen, without anything of SQLAlchemy."""

from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.errors import ServiceError

RequestState = Literal["new", "assigned", "waiting_family", "waiting_us", "closed"]
REQUEST_STATES: tuple[RequestState, ...] = ("new", "assigned", "waiting_us", "waiting_family", "closed")
FlagState = Literal["new", "acknowledged", "in_progress", "closed"]
FLAG_STATES: tuple[FlagState, ...] = ("new", "acknowledged", "in_progress", "closed")
CLOSE_REASONS = ("answered", "passed_on", "no_answer", "withdrawn", "duplicate", "other")
PRIORITIES = (0, 1, 2)


class NoSuchRecord(ServiceError):
    """There is no such request or safeguarding record (any more)."""


class NotPossible(ServiceError):
    """The record's state does not allow the step.

    Args:
        key: Which one, a key of the pages' texts.
    """

    def __init__(self, key: str) -> None:
        """Remember which one."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Seen:
    """Which request in which version somebody had on the screen."""

    id: str
    version: int


@dataclass(frozen=True)
class Request:
    """A request for a person without anything that the family typed; times in ms since 1970, UTC."""

    id: str
    reference: str
    conversation_id: str | None
    state: str
    version: int
    assignee: str | None
    priority: int
    preferred_contact: str
    share_transcript: bool
    expected_by: int
    due_at: int | None
    first_reply_at: int | None
    created_at: int
    updated_at: int
    closed_at: int | None
    close_reason: str | None
    helped: bool | None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """Which requests to list; None means any.

    Args:
        state: One state; `open` is every state but closed.
        assignee: An account; an empty text means nobody.
        late_at: Only those whose reply was due before this moment.
        search: Part of a reference or a whole tag.
    """

    state: str | None = None
    assignee: str | None = None
    priority: int | None = None
    tag: str | None = None
    preferred_contact: str | None = None
    late_at: int | None = None
    search: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class Counts:
    """How many requests are in each state, and how many safeguarding records are in each."""

    requests: dict[str, int]
    flags: dict[str, int]
    late: int


@dataclass(frozen=True)
class Line:
    """One message of the conversation as staff see it."""

    id: str | None
    sender: str
    created_at: int
    status: str | None
    text: str
    citations: tuple[dict[str, Any], ...] = ()
    probability: float | None = None
    article_ids: tuple[str, ...] = ()
    helpful: bool | None = None
    comment: str | None = None
    author: str | None = None
    reply_to: str | None = None
    ticket: int | None = None


@dataclass(frozen=True)
class Dossier:
    """One request with what may be read of it, contact details apart.

    Args:
        request: Its state.
        summary: The note that the family sent.
        handover: Who has the conversation; None if the conversation is deleted.
        lines: The conversation, as far as consent covers it.
        reading_mode: How the family reads.
    """

    request: Request
    summary: str
    handover: str | None
    lines: tuple[Line, ...]
    reading_mode: str = "standard"
    audience: str | None = None


@dataclass(frozen=True)
class Note:
    """A private note of staff."""

    at: int
    author: str
    text: str


@dataclass(frozen=True)
class Presence:
    """Somebody who has had the request open."""

    account: str
    seen_at: int


@dataclass(frozen=True)
class FlagStep:
    """One line of a safeguarding record's history."""

    at: int
    actor: str
    old_state: str | None
    new_state: str
    note: str | None


@dataclass(frozen=True)
class SafeguardingFlag:
    """A safeguarding record; `text` is redacted, and gone if the writer deleted it."""

    id: str
    conversation_id: str | None
    kind: str
    category: str | None
    score: float
    reasons: tuple[str, ...]
    text: str | None
    state: str
    created_at: int
    closed_at: int | None
    history: tuple[FlagStep, ...] = field(default=())
    request_id: str | None = None
    request_reference: str | None = None
