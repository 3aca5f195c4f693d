"""Where the last answer comes from; doubt is met with the same."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionShowSource(KnowledgeAction):
    """Lists the sources of the last answer with their dates."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_show_source"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        if turn.new_topic():
            return turn.ask()
        if turn.topic is None:
            return turn.answering.show("about-sources", mode=turn.mode)
        return turn.answering.sources(turn.topic, mode=turn.mode)
