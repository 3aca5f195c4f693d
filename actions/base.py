"""What all actions share: reading the tracker, answering, remembering what was shown."""

from __future__ import annotations

import abc
import dataclasses
import logging
from collections.abc import Callable
from typing import Any, cast

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import wiring
from knowledge.answering.answer import Answer, Request
from knowledge.answering.answering import Answering
from knowledge.model import Audience, ReadingMode

logger = logging.getLogger(__name__)
Events = list[dict[str, Any]]
_UNANSWERED = ("declined_not_known", "clarify")
_ASIDES = ("smalltalk", "declined_out_of_scope", "handover_offer")  # what was spoken of before is still the topic
_TRAIL = 5


class KnowledgeAction(Action, abc.ABC):  # type: ignore[misc]
    """An action that answers from the knowledge base.

    rasa-sdk makes each action without arguments; tests hand in their own pipeline.
    """

    def __init__(self, answering: Callable[[], Answering] = wiring.answering) -> None:
        self._answering = answering

    @abc.abstractmethod
    def name(self) -> str:
        """Return the name of the action in the domain."""

    @abc.abstractmethod
    def respond(self, turn: Turn) -> Answer:
        """Return the answer of this turn."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer, and return the slots that the dialogue is to remember."""
        turn = Turn(tracker, self._answering())
        answer = self.respond(turn)
        kept = self.keep(turn)
        dispatcher.utter_message(json_message=dataclasses.replace(answer, keep=kept).payload())
        return [*(SlotSet(key, value) for key, value in kept.items()), *turn.remember(answer)]

    def keep(self, turn: Turn) -> dict[str, str]:
        """Return what is to stick for the conversation: `reading_mode`, `audience`."""
        return {}


class Turn:
    """One turn as an action sees it: the message, its entities, and what the dialogue remembers."""

    def __init__(self, tracker: Tracker, answering: Answering) -> None:
        """Read the tracker."""
        self.answering = answering
        self._slots = tracker.current_slot_values()
        self.text: str = tracker.latest_message.get("text") or ""
        self._entities: list[dict[str, Any]] = tracker.latest_message.get("entities") or []

    @property
    def mode(self) -> ReadingMode:
        """How the family reads."""
        return cast(ReadingMode, self._slots.get("reading_mode") or "standard")

    @property
    def audience(self) -> Audience | None:
        """Who asks, as far as they have said."""
        return cast(Audience | None, self._slots.get("audience"))

    @property
    def topic(self) -> str | None:
        """Id of the article shown last, if it still exists."""
        found = self._slots.get("topic")
        return found if found in self.answering.library.articles else None

    @property
    def article(self) -> str | None:
        """Id of the article that a pressed choice names, else of the one shown last."""
        named = self.entity("article")
        return named if named in self.answering.library.articles else self.topic

    def slot(self, name: str) -> Any:
        """Return what the dialogue remembers under a name."""
        return self._slots.get(name)

    def entity(self, kind: str) -> str | None:
        """Return the first entity of a kind in the message."""
        return next((str(row["value"]) for row in self._entities if row.get("entity") == kind), None)

    def new_topic(self) -> bool:
        """Tell whether the message names an article other than the one shown last."""
        named = {str(row["value"]) for row in self._entities if row.get("entity") == "term"}
        numbered = any(row.get("entity") in ("ambition", "priority") for row in self._entities)
        return bool(named - {self.topic}) or numbered

    def request(self, *, corrects: bool = False) -> Request:
        """Return the message as a question for the answering pipeline."""
        misses = int(self.slot("misses") or 0)
        return Request(
            text=self.text,
            mode=self.mode,
            audience=cast(Audience | None, self.entity("audience")) or self.audience,
            topic=self.topic,
            question=self.slot("question"),
            misses=misses,
            trail=tuple(self.slot("trail") or ()),
            corrects=corrects,
        )

    def ask(self, *, corrects: bool = False) -> Answer:
        """Return the answer to the message as a question; `corrects` if it puts right what the last one meant."""
        return self.answering.answer(self.request(corrects=corrects))

    def next_in_series(self) -> Answer | None:
        """Return the numbered article that the message names by its place ("the next one"), None if it names none."""
        named = self.answering.follow_series(self.text, self.topic)
        return self.show(named) if named else None

    def show(self, article_id: str) -> Answer:
        """Return an article by its id, for whoever the message or the conversation says is asking."""
        audience = self.request().audience
        return self.answering.show(article_id, mode=self.mode, audience=audience)

    def remember(self, answer: Answer) -> Events:
        """Return the slots to set after an answer."""
        offer = [{"intent": choice.intent, "entities": dict(choice.entities)} for choice in answer.choices]
        missed = int(self.slot("misses") or 0) + 1 if answer.status in _UNANSWERED else 0
        events = [SlotSet("offer", offer), SlotSet("misses", float(missed))]
        if answer.article_id and answer.status not in _ASIDES:
            events += self._remember_article(answer)
        if answer.question:
            events.append(SlotSet("question", answer.question))
        return cast(Events, events)

    def _remember_article(self, answer: Answer) -> Events:
        trail = list(self.slot("trail") or [])
        if self.topic and self.topic != answer.article_id:
            trail = [self.topic, *(key for key in trail if key != self.topic)][:_TRAIL]
        group = None if answer.group is None else float(answer.group)
        values = {"topic": answer.article_id, "trail": trail, "group": group}
        values["sections_shown"] = float(answer.sections_shown)
        return [SlotSet(key, value) for key, value in values.items()]
