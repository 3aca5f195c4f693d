"""Blocks of an answer: the direct answer first, then the article, within 120 words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from knowledge.answering.library import Library
from knowledge.markdown import block_text
from knowledge.model import Article, Block, Contact, QuestionGroup, ReadingMode

MOST_WORDS = 120
_CARDS = ("contact", "service")


def opening(
    article: Article, *, mode: ReadingMode, group: int | None, section: str | None, audience: str | None
) -> list[Block]:
    """Return the blocks of a first answer: the lead for what was asked, then as much of the text as fits.

    Args:
        article: What answers.
        mode: `standard` or `easy`.
        group: Question group that was asked, if one was clearly nearest.
        section: Heading of the detail section that was asked for, likewise.
        audience: Who asks, where the article says something of its own for them.
    """
    asked = article.questions[group] if group is not None and group < len(article.questions) else None
    own = article.for_audience.get(audience or "") if mode == "standard" else None
    # What the article says to this audience answers more nearly than the lead of a group worded for another.
    lead = _lead(asked, mode) if own is None else None
    main = list(article.easy if mode == "easy" else article.standard)
    wanted = section or (asked.first if asked else None)
    first = [*_paragraph(own), *_paragraph(lead), *_section(article, wanted, mode)]
    return fit([*first, *_without_repeat(main, lead)], keep=max(1, len(first)))


def fit(blocks: Sequence[Block], *, keep: int = 1, most: int = MOST_WORDS) -> list[Block]:
    """Return the blocks from the front that stay within a number of words; cards and the first `keep` always stay."""
    kept: list[Block] = []
    left = most
    for number, block in enumerate(blocks):
        count = _words(block)
        if number < keep or count <= left or block["type"] in (*_CARDS, "table"):
            kept.append(block)
            left -= 0 if block["type"] in (*_CARDS, "table") else count
        else:
            left = 0  # what follows a block left out would hang in the air
    return kept


def details(article: Article, shown: int) -> list[Block]:
    """Return the next headed parts of the details after the first `shown`, as many as fit (at least one)."""
    blocks: list[Block] = []
    for section in article.details[shown:]:
        part: list[Block] = [{"type": "heading", "text": section.heading}, *section.blocks]
        if blocks and sum(map(_words, [*blocks, *part])) > MOST_WORDS:
            break
        blocks += part
    return blocks


def resolve(blocks: Iterable[Block], library: Library, mode: ReadingMode) -> list[Block]:
    """Return the blocks with cards filled in from the contacts and the service records."""
    return [_resolved(block, library, mode) for block in blocks]


def plain(blocks: Iterable[Block]) -> str:
    """Return the blocks as text to read alone: cards with all their lines."""
    return "\n\n".join(filter(None, map(_plain, blocks)))


def contact_block(contact: Contact, library: Library, mode: ReadingMode) -> Block:
    """Return the card of a contact; what is empty is left out and said to be missing."""
    fields = {name: getattr(contact, name) for name in ("what", "phone", "text_number", "email", "url", "hours")}
    card = {"type": "contact", "name": contact.name, **{key: value for key, value in fields.items() if value}}
    note = contact.note or (library.phrase("contact_missing", mode) if contact.missing() else None)
    if note and (mode == "standard" or contact.missing()):
        card["note"] = note if mode == "standard" else library.phrase("contact_missing", mode)
    if contact.source:
        card["checked"] = contact.source.checked.isoformat()
    return card


def _resolved(block: Block, library: Library, mode: ReadingMode) -> Block:
    if block["type"] == "contact" and "key" in block:
        return contact_block(library.contacts[block["key"]], library, mode)
    if block["type"] == "service" and "key" in block:
        return service_block(library.services[block["key"]], library, mode)
    return {key: value for key, value in block.items() if key != "quoted"}


def service_block(row: Mapping[str, Any], library: Library, mode: ReadingMode) -> Block:
    """Return the card of a service record."""
    contact = library.contacts.get(row.get("contact") or "")
    ages = " to ".join(str(row[key]) for key in ("minimum_age", "maximum_age") if row.get(key) is not None)
    fields = {
        "name": row["name"],
        "description": row.get("description") if mode == "standard" else None,
        "url": row.get("url"),
        "phone": contact.phone if contact else None,
        "email": contact.email if contact else None,
        "ages": ages,
        "assured": str(row["assured_date"]) if row.get("assured_date") else None,
        "note": row.get("alert"),
    }
    return {"type": "service", **{key: value for key, value in fields.items() if value}}


def _lead(asked: QuestionGroup | None, mode: ReadingMode) -> str | None:
    if asked is None:
        return None
    return asked.easy if mode == "easy" else asked.lead


def _section(article: Article, heading: str | None, mode: ReadingMode) -> list[Block]:
    if mode == "easy" or heading is None:
        return []
    return [block for section in article.details if section.heading == heading for block in section.blocks]


def _paragraph(text: str | None) -> list[Block]:
    return [{"type": "paragraph", "text": text}] if text else []


def _without_repeat(blocks: list[Block], lead: str | None) -> list[Block]:
    """Drop the first sentence of the text if the lead has just said the same."""
    if not lead or not blocks or blocks[0]["type"] != "paragraph":
        return blocks
    first, _, rest = str(blocks[0]["text"]).partition(". ")
    if _alike(first, lead):
        return [*_paragraph(rest), *blocks[1:]]
    return blocks


def _alike(one: str, other: str) -> bool:
    mine, theirs = (set(text.lower().replace(".", "").split()) for text in (one, other))
    return bool(mine) and len(mine & theirs) / len(mine) > 0.8


def _words(block: Block) -> int:
    return 0 if block["type"] in _CARDS else len(block_text(block).split())


def _plain(block: Block) -> str:
    if block["type"] not in _CARDS:
        return block_text(block)
    order = ("name", "what", "description", "phone", "text_number", "email", "hours", "ages", "url", "note")
    return "\n".join(f"{block[key]}" for key in order if block.get(key))
