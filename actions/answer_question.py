"""A question: look it up."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionAnswerQuestion(KnowledgeAction):
    """Answers from the knowledge base, asks which was meant, or says that it is not known."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_answer_question"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        return turn.ask()
