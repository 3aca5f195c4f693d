"""What the last answer means for someone: children and young people, families, professionals."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionAnswerAudience(KnowledgeAction):
    """Shows what the article says for the audience named; with another subject in the message it is a question."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_answer_audience"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        audience = turn.entity("audience")
        if turn.topic is None or audience is None or turn.new_topic():
            return turn.ask()
        return turn.answering.for_audience(turn.topic, audience, mode=turn.mode)

    def keep(self, turn: Turn) -> dict[str, str]:
        """Keep to the audience."""
        audience = turn.entity("audience")
        return {"audience": audience} if audience else {}
