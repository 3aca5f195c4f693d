"""Markdown to blocks: the structured form in which answers travel to the widget.

The dialect is small on purpose: paragraphs, ordered lists (steps), bullet lists, tables, block quotes (quoted
law) and the two directives `{{contact:key}}` and `{{service:slug}}` on a line of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from knowledge.errors import ContentError
from knowledge.model import Block, Section

_PARSER = MarkdownIt("commonmark").enable("table")
_DIRECTIVE = re.compile(r"^\{\{(contact|service):([a-z0-9_-]+)\}\}$")
_HEADED = re.compile(r"^## (Standard|Details|Easy)\s*$", re.MULTILINE)


def split_body(body: str) -> dict[str, str]:
    """Cut the text below the frontmatter into its parts Standard, Details (may be missing) and Easy.

    Raises:
        ContentError: A part is missing, doubled or unknown.
    """
    pieces = _HEADED.split(body)
    names = pieces[1::2]
    if pieces[0].strip():
        raise ContentError("text before the first '## Standard' heading")
    if len(set(names)) != len(names) or not {"Standard", "Easy"} <= set(names):
        raise ContentError("needs '## Standard' and '## Easy' once each, '## Details' at most once")
    return dict(zip(names, pieces[2::2], strict=True))


def to_blocks(text: str) -> tuple[Block, ...]:
    """Turn the Markdown of one part into blocks.

    Raises:
        ContentError: The text uses something outside the dialect.
    """
    root = SyntaxTreeNode(_PARSER.parse(text))
    return tuple(block for node in root.children for block in _block(node))


def to_sections(text: str) -> tuple[Section, ...]:
    """Cut the details into sections at their `###` headings."""
    pieces = re.split(r"^### +(.+?)\s*$", text, flags=re.MULTILINE)
    if pieces[0].strip():
        raise ContentError("details must begin with a '### heading'")
    pairs = zip(pieces[1::2], pieces[2::2], strict=True)
    return tuple(Section(heading, to_blocks(body)) for heading, body in pairs)


def _block(node: SyntaxTreeNode) -> Iterator[Block]:
    if node.type == "paragraph":
        yield from _paragraph(_inline(node))
    elif node.type == "ordered_list":
        yield {"type": "steps", "items": _items(node)}
    elif node.type == "bullet_list":
        yield {"type": "list", "items": _items(node)}
    elif node.type == "table":
        yield _table(node)
    elif node.type == "blockquote":
        yield from ({"type": "paragraph", "text": _inline(child), "quoted": True} for child in node.children)
    else:
        raise ContentError(f"'{node.type}' is not part of the dialect")


def _paragraph(text: str) -> Iterator[Block]:
    directive = _DIRECTIVE.match(text.strip())
    if directive:
        yield {"type": directive[1], "key": directive[2]}
    else:
        yield {"type": "paragraph", "text": text}


def _items(node: SyntaxTreeNode) -> list[str]:
    return [" ".join(_inline(child) for child in item.children) for item in node.children]


def _table(node: SyntaxTreeNode) -> Block:
    rows = [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]
    return {"type": "table", "columns": rows[0], "rows": rows[1:]}


def _inline(node: SyntaxTreeNode) -> str:
    """Return the plain text below a node; links keep their text, emphasis is dropped."""
    if node.type in ("text", "code_inline"):
        return str(node.content)
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(_inline(child) for child in node.children)


def block_text(block: Block) -> str:
    """Return one block as plain text, readable alone (one line an item)."""
    kind = block["type"]
    if kind == "steps":
        return "\n".join(f"{n}. {item}" for n, item in enumerate(block["items"], 1))
    if kind == "list":
        return "\n".join(f"- {item}" for item in block["items"])
    if kind == "table":
        return "\n".join(" | ".join(row) for row in [block["columns"], *block["rows"]])
    return str(block.get("text", ""))
