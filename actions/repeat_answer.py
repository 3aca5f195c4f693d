"""The same once more."""

from __future__ import annotations

from actions.base import KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionRepeatAnswer(KnowledgeAction):
    """Shows the last answer again."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_repeat_answer"

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        if turn.topic is None:
            return turn.answering.say("no_topic", mode=turn.mode, status="clarify")
        group = turn.slot("group")
        wanted = None if group is None else int(group)
        return turn.answering.show(turn.topic, mode=turn.mode, audience=turn.audience, group=wanted)
