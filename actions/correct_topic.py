"""A correction ("no, I meant the school one"): look again, without what was wrong."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionCorrectTopic(KnowledgeAction):
    """Looks the last question up again together with the correction, leaving out the article that was wrong."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_correct_topic"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        return turn.ask(corrects=True)
