"""Yes to what was offered."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from actions.offers import take
from knowledge.answering.answer import Answer


class ActionAcceptOffer(KnowledgeAction):
    """Follows the first choice; a yes that names another subject is a question."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_accept_offer"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        offers = turn.slot("offer") or []
        if turn.new_topic():
            return turn.ask()
        if not offers:
            return turn.answering.say("nothing_offered", mode=turn.mode, status="clarify")
        return take(turn, offers[0])
