"""Short forms in an answer, explained from the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.markdown import block_text
from knowledge.model import Article

_FIRST_SENTENCE = re.compile(r"^.*?[.!?](?=\s|$)")


class Glossary:
    """Knows what each short form stands for; one that means several things is left alone."""

    def __init__(self, articles: Iterable[Article]) -> None:
        """Take the short forms of the glossary articles."""
        meanings: dict[str, set[str]] = {}
        for article in articles:
            if article.topic == "glossary":
                for acronym in article.acronyms:
                    meanings.setdefault(acronym, set()).add(_explanation(article))
        self._meanings = {acronym: min(found) for acronym, found in meanings.items() if len(found) == 1}

    def explain(self, text: str) -> dict[str, str]:
        """Return the explanations of the short forms that stand in a text."""
        found = dict.fromkeys(re.findall(r"\b[A-Za-z]{2,}\b", text))
        return {word: self._meanings[word] for word in found if word in self._meanings}


def _explanation(article: Article) -> str:
    text = next((block_text(block) for block in article.easy if block["type"] == "paragraph"), article.title)
    sentence = _FIRST_SENTENCE.match(text)
    return f"{article.title}: {sentence.group() if sentence else text}"
