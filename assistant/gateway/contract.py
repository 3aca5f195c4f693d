"""What goes in and out of the chat API; the committed OpenAPI file is made from these models."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

Status = Literal[
    "answered",
    "clarify",
    "declined_out_of_scope",
    "declined_not_known",
    "declined_personal_case",
    "safeguarding",
    "handover_offer",
    "handover_collecting",
    "handover_done",
    "smalltalk",
    "form",
    "blocked_personal_data",
    "error_unavailable",
]
ReadingMode = Literal["standard", "easy"]
Audience = Literal["family", "young_person", "professional"]
HandoverState = Literal["none", "collecting", "waiting", "with_person", "closed"]
Moment = Annotated[datetime, PlainSerializer(lambda value: value.strftime("%Y-%m-%dT%H:%M:%SZ"), return_type=str)]
# Lengths are bounded here only against misuse; the rule of 1 to 500 characters holds after trimming.
_Line = Annotated[str, StringConstraints(max_length=200)]


class _In(BaseModel):
    """A request; unknown keys are ignored so that newer clients keep working."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class StartRequest(_In):
    """How the reader wishes to be addressed."""

    reading_mode: ReadingMode = "standard"
    audience: Audience | None = None


class ChangeRequest(_In):
    """What to change; what is missing stays as it is."""

    reading_mode: ReadingMode | None = None
    audience: Audience | None = None


class SayRequest(_In):
    """Exactly one of `text` and `choice`."""

    text: str | None = Field(None, description="1 to 500 characters after trimming.")
    choice: str | None = Field(None, description="The id of a choice offered in this conversation.")
    client_message_id: UUID | None = Field(None, description="A retry with the same id returns the first result.")


class FeedbackRequest(_In):
    """Whether an answer helped."""

    helpful: bool
    comment: str | None = Field(None, max_length=500)


class HandoverForm(_In):
    """A request for a person."""

    name: _Line | None = None
    email: _Line | None = None
    phone: _Line | None = None
    preferred_contact: Literal["email", "phone", "chat"]
    summary: str = Field(min_length=1, max_length=2000)
    share_transcript: bool = False
    consent: bool = False


class Choice(BaseModel):
    """A button."""

    id: str
    label: str


class Reading(BaseModel):
    """The reading mode of the answer and its reading grade."""

    mode: ReadingMode
    grade: float | None = None


class Message(BaseModel):
    """One message of the conversation."""

    id: str
    sender: Literal["assistant", "user", "person", "system"]
    created_at: Moment
    status: Status | None = Field(description="Empty for what a user or a person wrote.")
    text: str
    blocks: list[dict[str, Any]] = []
    citations: list[dict[str, Any]] = []
    choices: list[Choice] = []
    reading: Reading
    terms: dict[str, str] = {}


class Started(BaseModel):
    """A new conversation; the token is shown this once."""

    conversation_id: str
    token: str
    expires_at: Moment
    messages: list[Message]


class Said(BaseModel):
    """The replies to one message, and who has the conversation now."""

    messages: list[Message]
    handover: HandoverState


class HandedOver(BaseModel):
    """A request that has been received."""

    reference: str
    state: Literal["waiting"] = "waiting"
    expected_reply: str
    expected_by: Moment


class Problem(BaseModel):
    """An error after RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Readiness(BaseModel):
    """Each part's state."""

    status: Literal["ready", "not_ready"]
    parts: dict[str, Literal["ok", "down"]]
    assistant: Literal["on", "switched_off"] = Field("on", description="Switched off by a manager: no answers.")
