"""What storage hands out: frozen, without anything of SQLAlchemy."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Handover = Literal["none", "collecting", "waiting", "with_person", "closed"]
Sender = Literal["assistant", "user", "person", "system"]
# While one of these holds, the assistant does not answer.
SILENT: frozenset[str] = frozenset({"waiting", "with_person"})


@dataclass(frozen=True)
class Conversation:
    """One conversation as it stands; times in ms since 1970, UTC."""

    id: str
    token_hash: str
    created_at: int
    last_active: int
    expires_at: int
    reading_mode: str
    audience: str | None
    handover: str
    silence_noted: bool
    dialogue_state: Json | None


@dataclass(frozen=True)
class NewMessage:
    """A message about to be stored.

    Args:
        sender: Who speaks.
        text: The whole message as plain text, redacted.
        status: One of the closed list; None for what a user or a person wrote.
        body: blocks, citations, choices (id and label), reading, terms.
        hidden: `choices` (id to payload), `debug`; never sent out.
    """

    sender: Sender
    text: str
    status: str | None = None
    body: Json = field(default_factory=dict)
    hidden: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A stored message."""

    id: str
    sender: str
    created_at: int
    status: str | None
    text: str
    body: Json
    hidden: Json
    outcome: str | None = None


@dataclass(frozen=True)
class Change:
    """What a turn changes in its conversation; None leaves a value as it is."""

    reading_mode: str | None = None
    audience: str | None = None
    handover: str | None = None
    silence_noted: bool | None = None
    dialogue_state: Json | None = None


@dataclass(frozen=True)
class Turn:
    """A user's message that has been stored and what is known at that moment.

    `replies` is None as long as the message was not dealt with to the end.
    """

    conversation: Conversation
    user: Message
    previous: tuple[str, ...] = ()
    replies: tuple[Message, ...] | None = None


@dataclass(frozen=True)
class Flag:
    """A safeguarding record about to be stored; `text` is redacted."""

    kind: str
    category: str | None
    score: float
    reasons: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class HandoverRequest:
    """What a family sends to a person; contact details and note are stored encrypted."""

    preferred_contact: str
    summary: str
    share_transcript: bool
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class StoredHandover:
    """A request for a person; times in ms since 1970, UTC."""

    id: str
    reference: str
    state: str
    expected_by: int
    created_at: int
    is_new: bool = False
