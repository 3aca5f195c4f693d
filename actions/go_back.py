"""Back to what was shown before."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, KnowledgeAction, Turn
from knowledge.answering.answer import Answer


class ActionGoBack(KnowledgeAction):
    """Shows the article before the last one; the last one again if there is none."""

    def name(self) -> str:
        """Return the name of the action in the domain."""
        return "action_go_back"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer, and shorten the trail, so that going back twice goes back two steps."""
        events = super().run(dispatcher, tracker, domain)
        if Turn(tracker, self._answering()).next_in_series():
            return events
        rest = list(tracker.current_slot_values().get("trail") or [])[1:]
        return [*events, SlotSet("trail", rest)]

    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""
        numbered = turn.next_in_series()
        if numbered is not None:
            return numbered
        articles = turn.answering.library.articles
        earlier = next((key for key in turn.slot("trail") or [] if key in articles), turn.topic)
        if earlier is None:
            return turn.answering.say("no_topic", mode=turn.mode, status="clarify")
        return turn.answering.show(earlier, mode=turn.mode, audience=turn.audience)
