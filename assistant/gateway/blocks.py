"""Turns structured blocks into plain text that is enough to read alone."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Block = Mapping[str, Any]
_CONTACT_FIELDS = ("name", "what", "phone", "text_number", "email", "url", "hours", "note")
_SERVICE_FIELDS = ("name", "description", "phone", "email", "url", "ages", "note")


def plain_text(blocks: Iterable[Block]) -> str:
    """Return all blocks as paragraphs of plain text; a block of an unknown kind gives its `text`."""
    return "\n\n".join(filter(None, (_WAYS.get(block.get("type", ""), _text)(block) for block in blocks)))


def _text(block: Block) -> str:
    return str(block.get("text") or "")


def _steps(block: Block) -> str:
    return "\n".join(f"{place}. {item}" for place, item in enumerate(block["items"], start=1))


def _list(block: Block) -> str:
    return "\n".join(f"- {item}" for item in block["items"])


def _table(block: Block) -> str:
    rows = [block["columns"], *block["rows"]]
    lines = [" | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join(filter(None, [block.get("caption"), *lines]))


def _dates(block: Block) -> str:
    return "\n".join(f"{item['label']}: {item['date']}" for item in block["items"])


def _fields(names: tuple[str, ...]) -> Callable[[Block], str]:
    return lambda block: "\n".join(str(block[name]) for name in names if block.get(name))


_WAYS: dict[str, Callable[[Block], str]] = {
    "steps": _steps,
    "list": _list,
    "table": _table,
    "dates": _dates,
    "contact": _fields(_CONTACT_FIELDS),
    "service": _fields(_SERVICE_FIELDS),
}
