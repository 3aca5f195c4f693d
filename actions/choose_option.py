"""A pressed choice, or "the first one"."""

from __future__ import annotations

import re

from actions.base import KnowledgeAction, Turn
from actions.offers import take
from knowledge.answering.answer import Answer

_PLACES = (("1", "first", "1st", "one", "top"), ("2", "second", "2nd", "two"), ("3", "third", "3rd", "three"))
_ORDINALS = {word: place for place, words in enumerate(_PLACES) for word in words}
_LAST = ("last", "bottom")


class ActionChooseOption(KnowledgeAction):
    """Shows the article of a pressed choice, or follows the choice that was named by its place."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_choose_option"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        named = turn.entity("article")
        if named in turn.answering.library.articles:
            return turn.answering.show(str(named), mode=turn.mode, audience=turn.audience)
        # After a question back "the first one" is a choice; after a list it is what the list names first.
        numbered = None if turn.slot("misses") else turn.next_in_series()
        if numbered is not None:
            return numbered
        offers = turn.slot("offer") or []
        place = _place(turn.text, len(offers))
        return turn.ask() if place is None else take(turn, offers[place])


def _place(text: str, count: int) -> int | None:
    """Return which of `count` choices a text names by its place, None if it names none of them."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    if count and any(word in _LAST for word in words):
        return count - 1
    return next((_ORDINALS[word] for word in words if _ORDINALS.get(word, count) < count), None)
