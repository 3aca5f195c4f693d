"""More about the article shown last."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionTellMore(KnowledgeAction):
    """Shows the next headed parts; a message that names another subject is a question of its own."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_tell_more"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        numbered = turn.next_in_series()
        if numbered is not None:
            return numbered
        if turn.entity("article") is None and turn.new_topic():
            return turn.ask()
        if turn.article is None:
            return turn.answering.say("no_topic", mode=turn.mode, status="clarify")
        return turn.answering.more(turn.article, mode=turn.mode, shown=_shown(turn))


def _shown(turn: Turn) -> int:
    pressed = turn.entity("option")
    if pressed is not None and pressed.isdigit():
        return int(pressed)
    return int(turn.slot("sections_shown") or 0)
