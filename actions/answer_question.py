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
            return turn.show(str(limit))
        return self._numbered(turn) or turn.ask()

    @staticmethod
    def _numbered(turn: Turn) -> Answer | None:
        """Return the ambition or priority that the message names by its number, where retrieval found another."""
        named = [f"{kind}-{turn.entity(kind)}" for kind in ("ambition", "priority") if turn.entity(kind)]
        if len(named) != 1 or named[0] not in turn.answering.library.articles:
            return None
        found = turn.ask()
        return found if found.article_id == named[0] else turn.show(named[0])
