"""Lines of the template that nobody has written yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge.check.problem import Problem
from knowledge.model import Article

MARK = "[write]"  # stands in each line of article.template.md that has to be written


def check_leftovers(article: Article) -> Iterator[Problem]:
    """Yield each line of an article that still bears the template's mark."""
    try:
        lines = Path(article.path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return  # an article that was not read from a file has no template behind it
    for number, line in enumerate(lines, 1):
        if MARK in line:
            yield Problem(article.path, number, "template", f"still to be written: {line.strip()[:60]}")
