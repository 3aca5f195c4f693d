"""A conversation as plain text, for printing and keeping."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from assistant.gateway.ports import Replies
from assistant.storage import moments
from assistant.storage.records import Message


def as_text(messages: Iterable[Message], replies: Replies, zone: ZoneInfo) -> str:
    """Return who said what when, with the sources under each answer."""
    parts = (_entry(message, replies, zone) for message in messages)
    return "\n\n".join([replies.phrase("transcript_title"), *parts]) + "\n"


def _entry(message: Message, replies: Replies, zone: ZoneInfo) -> str:
    moment = moments.from_ms(message.created_at).astimezone(zone)
    who = replies.phrase(f"sender_{message.sender}")
    return "\n".join([f"{moment:%d/%m/%Y %H:%M} {who}", message.text, *_sources(message, replies)])


def _sources(message: Message, replies: Replies) -> list[str]:
    label = replies.phrase("transcript_source")
    found = (citation.get("source") or {} for citation in message.body.get("citations", ()))
    parts = ([source.get("title"), source.get("section"), source.get("url")] for source in found)
    return [f"{label} {', '.join(part for part in line if part)}" for line in parts if any(line)]
