"""Easy words, or the full text again: the choice sticks, and the last answer is shown anew."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, KnowledgeAction, Turn
from knowledge.answering.answer import Answer

_MODES = {"explain_simply": "easy", "explain_standard": "standard"}
_SAID = {"easy": "easy_on", "standard": "easy_off"}


class ActionChangeReading(KnowledgeAction):
    """Shows the last answer in the other reading mode; a message that names another subject is answered in it."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_change_reading"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]) -> Events:
        """Answer in the mode that the intent names."""
        intent = str((tracker.latest_message.get("intent") or {}).get("name"))
        tracker.slots["reading_mode"] = _MODES.get(intent, "easy")
        return super().run(dispatcher, tracker, domain)

    def keep(self, turn: Turn) -> dict[str, str]:
        """Keep to the mode."""
        return {"reading_mode": turn.mode}

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        if turn.entity("article") is None and turn.new_topic():
            return turn.ask()
        if turn.article is None:
            return turn.answering.say(_SAID[turn.mode], mode=turn.mode, status="smalltalk")
        group = turn.slot("group") if turn.article == turn.topic else None
        wanted = None if group is None else int(group)
        return turn.answering.show(turn.article, mode=turn.mode, group=wanted)
