"""Following a choice that was offered, without the family pressing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import Turn
from knowledge.answering.answer import Answer


def take(turn: Turn, offer: Mapping[str, Any]) -> Answer:
    """Return what a choice leads to."""
    article = offer["entities"].get("article")
    known = article in turn.answering.library.articles
    if offer["intent"] == "talk_to_person" or not known:
        return turn.answering.person(mode=turn.mode)
    if offer["intent"] == "tell_more":
        return turn.answering.more(article, mode=turn.mode, shown=int(offer["entities"].get("option", 0)))
    mode = {"explain_simply": "easy", "explain_standard": "standard"}.get(offer["intent"], turn.mode)
    return turn.answering.show(article, mode="easy" if mode == "easy" else "standard", audience=turn.audience)
