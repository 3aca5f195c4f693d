"""Between payloads (what Rasa and the text file give), stored messages and the contract."""

import uuid
from collections.abc import Mapping
from typing import Any

from assistant.gateway import contract
from assistant.gateway.blocks import plain_text
from assistant.gateway.ports import Payload
from assistant.storage import moments
from assistant.storage.records import Message, NewMessage, Sender

_STATUSES = frozenset(contract.Status.__args__)  # type: ignore[attr-defined]
_SHOWN = ("blocks", "citations", "terms")


def from_payload(payload: Payload, *, mode: str, sender: Sender = "assistant") -> NewMessage:
    """Make a message of a payload; each choice gets an id that only this conversation knows.

    Raises:
        ValueError: The payload has no text or a status outside the closed list.
    """
    status, text = payload.get("status"), payload.get("text") or plain_text(payload.get("blocks") or ())
    if status not in _STATUSES or not isinstance(text, str) or not text:
        raise ValueError(f"unusable payload with status {status!r}")
    offered = [(uuid.uuid4().hex, dict(choice)) for choice in payload.get("choices") or ()]
    body: dict[str, Any] = {name: payload[name] for name in _SHOWN if payload.get(name)}
    body["choices"] = [{"id": key, "label": str(choice.pop("label"))} for key, choice in offered]
    body["reading"] = payload.get("reading") or {"mode": mode}
    hidden = {"choices": dict(offered), "debug": payload.get("debug")}
    return NewMessage(sender=sender, text=text, status=status, body=body, hidden=hidden)


def with_help(payload: Payload, lines: Payload) -> Payload:
    """Return an answer with help lines under it."""
    blocks = payload.get("blocks") or [{"type": "paragraph", "text": payload.get("text", "")}]
    text = f"{payload.get('text', '')}\n\n{lines['text']}"
    return {**payload, "blocks": [*blocks, *lines["blocks"]], "text": text}


def to_contract(message: Message, *, mode: str) -> contract.Message:
    """Return a stored message as it goes out."""
    body: Mapping[str, Any] = message.body
    return contract.Message.model_validate(
        {
            "reading": {"mode": mode},
            **body,
            "id": message.id,
            "sender": message.sender,
            "created_at": moments.from_ms(message.created_at),
            "status": message.status,
            "text": message.text,
        }
    )
