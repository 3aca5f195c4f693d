"""An article file as families would see it, with the findings of the check; for editors, drafts included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.answering.compose import resolve
from knowledge.answering.library import Library
from knowledge.check.problem import Problem
from knowledge.check.run import check_article
from knowledge.loader import ROOT, load_article, read_yaml
from knowledge.model import Article, Block, Contact
from knowledge.services import load_services


@dataclass(frozen=True)
class Preview:
    """What the template `preview_body.html` shows."""

    article: Article
    problems: Sequence[Problem]
    standard: Sequence[Block]
    easy: Sequence[Block]
    details: Sequence[tuple[str, Sequence[Block]]]


def preview(path: Path, *, root: Path = ROOT, contacts: Mapping[str, Contact]) -> Preview:
    """Read and check an article file and fill its cards in.

    Args:
        path: The file.
        root: Folder with contacts, services and phrases.
        contacts: Contacts by key, as families see them.

    Raises:
        ContentError: The file, or a service record, cannot be used.
    """
    article = load_article(path)
    phrases = read_yaml((root / "phrases.yml").read_text(encoding="utf-8"))
    library = Library({article.id: article}, contacts, load_services(root / "services"), phrases)
    return Preview(
        article=article,
        problems=list(check_article(article, contacts)),
        standard=resolve(article.standard, library, "standard"),
        easy=resolve(article.easy, library, "easy"),
        details=[(part.heading, resolve(part.blocks, library, "standard")) for part in article.details],
    )
