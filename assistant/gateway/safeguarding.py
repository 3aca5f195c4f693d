"""Safeguarding replies from the articles, ready before anything else of the service is up.

The four articles are read once when the gateway starts and need neither Rasa nor the action server nor the index. If
they cannot be read, the shorter words of `texts.yml` stand in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.gateway.blocks import plain_text
from assistant.gateway.ports import Payload
from knowledge.loader import ROOT, load_article, load_contacts
from knowledge.model import Article, Contact

# A child is answered in easy words whatever the reading mode.
_ALWAYS_EASY = "child-disclosure"
_CARD_FIELDS = ("what", "phone", "text_number", "email", "hours", "url")


class SafeguardingArticles:
    """The safeguarding articles as payloads: the words for just this kind of message first, then the article."""

    def __init__(self, articles: Mapping[str, Article], contacts: Mapping[str, Contact]) -> None:
        """Take the content."""
        self._articles, self._contacts = articles, contacts

    @classmethod
    def load(cls, contacts: Mapping[str, Contact] | None = None) -> SafeguardingArticles:
        """Read the articles of the safeguarding topic.

        Args:
            contacts: By default those of the contacts file.

        Raises:
            ContentError: An article or a file of contacts cannot be used.
        """
        found = (load_article(path) for path in sorted((ROOT / "articles" / "safeguarding").glob("*.md")))
        articles = {article.id: article for article in found if article.answer_status == "safeguarding"}
        return cls(articles, load_contacts() if contacts is None else contacts)

    def payload(self, article_id: str, category: str | None, mode: str) -> Payload | None:
        """Return the reply to a kind of message; None if there is no such article.

        Args:
            article_id: One of the safeguarding articles.
            category: What the detector calls it; its own lead comes first.
            mode: Reading mode of the conversation.
        """
        article = self._articles.get(article_id)
        if article is None:
            return None
        easy = mode == "easy" or article_id == _ALWAYS_EASY
        group = next((g for g in article.questions if g.category == category), None)
        lead = (group.easy if easy else group.lead) if group else None
        said: list[Mapping[str, Any]] = [{"type": "paragraph", "text": lead}] if lead else []
        blocks = [*said, *map(self._block, article.easy if easy else article.standard)]
        return {
            "status": "safeguarding",
            "text": plain_text(blocks),
            "blocks": blocks,
            "citations": [citation(article)],
            "choices": [],
            "reading": {"mode": "easy" if easy else "standard", "grade": None},
        }

    def _block(self, block: Mapping[str, Any]) -> Mapping[str, Any]:
        if block["type"] != "contact":
            return block
        contact = self._contacts[block["key"]]
        fields = {name: getattr(contact, name) for name in _CARD_FIELDS}
        return {"type": "contact", "name": contact.name, **{name: value for name, value in fields.items() if value}}


def citation(article: Article) -> Mapping[str, Any]:
    """Return where an article comes from, as it goes out with a message."""
    source = article.sources[0]
    shown = {"title": source.title, "section": source.section, "url": source.url, "kind": source.kind}
    return {
        "article_id": article.id,
        "title": article.title,
        "source": {**shown, "checked": source.checked.isoformat()},
    }
