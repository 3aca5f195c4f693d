"""Reads the papers in `docs/`: tables, settings, references to tests."""

import importlib
import re
from pathlib import Path

import sqlalchemy as sa

from assistant.paths import ROOT

DOCS = ROOT / "docs"
NAMES = (
    "privacy-notice",
    "dpia",
    "transparency-record",
    "childrens-code",
    "accessibility-statement",
    "safety-case",
    "operating",
)
BLANK = "To be filled in by the operator"
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)


def paper(name: str) -> str:
    """One paper with its line breaks, as committed."""
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def database() -> sa.MetaData:
    """Every table of the program: each module of the storage package adds its own when it is imported."""
    for module in sorted((ROOT / "assistant" / "storage").glob("*.py")):
        importlib.import_module(f"assistant.storage.{module.stem}")
    found: sa.MetaData = importlib.import_module("assistant.storage.tables").metadata
    return found


def flowing(text: str) -> str:
    """The text with every break and indent as one space, so that a sentence can be found across lines."""
    return " ".join(text.split())


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of the same level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    after = text.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^#{{1,{level}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str) -> list[list[str]]:
    """The rows of all tables of a text, without heads and rulers."""
    lines = [[cell.strip() for cell in row.split("|")] for row in _ROW.findall(text)]
    rulers = [place for place, cells in enumerate(lines) if set("".join(cells)) <= set("- :")]
    heads = {place - 1 for place in rulers} | set(rulers)
    return [cells for place, cells in enumerate(lines) if place not in heads]


def coded(text: str) -> list[str]:
    """Everything in single backticks, outside of code blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def references_to_tests(text: str) -> list[tuple[Path, str]]:
    """Each test that is named: its file and, for Python, its function."""
    found = (name.partition("::") for name in coded(text) if name.startswith("tests/"))
    return [(ROOT / path, function) for path, _, function in found]


def left_in_browser(place: str) -> set[str]:
    """The names that the privacy notice says are left in one place of a family's browser."""
    rows = table(section(paper("privacy-notice"), "## What stays in your browser"))
    return {row[1].strip("`") for row in rows if row[0] == place}
