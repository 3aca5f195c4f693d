"""The readable texts of an article, as the checks look at them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from knowledge.markdown import block_text
from knowledge.model import Article, Block


@dataclasses.dataclass(frozen=True)
class Text:
    """One text a family can read: its name (`standard`, `easy`, `lead`, …) and its sentences."""

    name: str
    pieces: tuple[str, ...]

    @property
    def plain(self) -> str:
        """All pieces as running text, each closed by a full stop."""
        return " ".join(
            piece if piece.rstrip().endswith((".", "!", "?", ":")) else f"{piece}." for piece in self.pieces
        )

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.plain.split())


def main_texts(article: Article) -> Iterator[Text]:
    """Yield the standard and the easy text without tables, quoted law, contact and service cards."""
    yield Text("standard", tuple(_pieces(article.standard)))
    yield Text("easy", tuple(_pieces(article.easy)))


def _shown(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield what a reader sees of each block, without the numbers that only count the steps."""
    for block in blocks:
        if block["type"] in ("steps", "list"):
            yield from block["items"]
        else:
            yield block_text(block)


def all_texts(article: Article) -> Iterator[Text]:
    """Yield every text of the article that can be shown, tables included."""
    yield Text("standard", tuple(_shown(article.standard)))
    yield Text("easy", tuple(_shown(article.easy)))
    for section in article.details:
        yield Text("details", (section.heading, *_shown(section.blocks)))
    for group in article.questions:
        yield Text("lead", tuple(filter(None, (group.lead, group.easy))))
    yield Text("for_audience", tuple(article.for_audience.values()))
    yield Text("next_steps", article.next_steps)


def _pieces(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if block["type"] in ("steps", "list"):
            yield from block["items"]
        elif block["type"] == "paragraph" and not block.get("quoted"):
            yield block["text"]
