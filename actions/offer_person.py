"""How to reach a person."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionOfferPerson(KnowledgeAction):
    """Shows the contacts of SENDIAS as known, and that a question can be left for them."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_offer_person"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        return turn.answering.person(mode=turn.mode)
