"""A question: look it up, unless it asks for something that the assistant never does."""

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
        limit = turn.entity("limit")
        if limit in turn.answering.library.articles:
            return turn.answering.show(str(limit), mode=turn.mode)
        return turn.ask()
