"""What storage hands out about tickets for content: frozen, without anything of SQLAlchemy."""

from dataclasses import dataclass
from typing import Literal

Origin = Literal["wrong_answer", "not_helpful", "unknown_question", "staff"]
ORIGINS: tuple[Origin, ...] = ("wrong_answer", "not_helpful", "unknown_question", "staff")
TicketState = Literal["open", "in_progress", "mended", "rejected"]
TICKET_STATES: tuple[TicketState, ...] = ("open", "in_progress", "mended", "rejected")
DONE: frozenset[str] = frozenset({"mended", "rejected"})


@dataclass(frozen=True)
class Ticket:
    """Work on content that somebody asked for; times in ms since 1970, UTC."""

    number: int
    origin: str
    article_ids: tuple[str, ...]
    summary: str | None
    state: str
    owner: str | None
    work_note: str | None
    version: int
    raised_by: str
    created_at: int
    updated_at: int
    closed_at: int | None
    questions: int = 0


@dataclass(frozen=True)
class AskedQuestion:
    """A question behind a ticket, redacted as it is stored; `comment` is what the asker said of the answer."""

    message_id: str
    conversation_id: str
    text: str
    asked_at: int
    answer_status: str | None
    article_id: str | None
    comment: str | None
    told_at: int | None


@dataclass(frozen=True)
class TicketChange:
    """What somebody sets on a ticket."""

    state: TicketState
    owner: str | None
    work_note: str | None
    article_ids: tuple[str, ...]
