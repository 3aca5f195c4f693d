"""Messages from which the safeguarding classifier learns, by category; each file has one writer."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "messages"


@dataclasses.dataclass(frozen=True)
class Example:
    """A message with its label, a category's value or "none", and the writer whose file it stands in."""

    text: str
    label: str
    writer: str


def load(folder: Path = FOLDER) -> list[Example]:
    """Return all examples, file by file."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))["examples"]
        found += [Example(text, label, path.stem) for label, texts in listed.items() for text in texts]
    return found
