"""No to what was offered."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionDeclineOffer(KnowledgeAction):
    """Leaves it at that; a no that names another subject is a question."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_decline_offer"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        if turn.new_topic():
            return turn.ask()
        return turn.answering.say("declined_offer", mode=turn.mode, status="smalltalk")
