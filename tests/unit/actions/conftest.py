"""A turn in the hands of an action: a tracker made for it, the tiny pipeline, what was said and remembered."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import KnowledgeAction
from knowledge.answering.answering import Answering
from tests import samples


@dataclasses.dataclass(frozen=True)
class Said:
    """What an action has said and what the dialogue is to remember."""

    payload: dict[str, Any]
    slots: dict[str, Any]

    @property
    def status(self) -> str:
        return self.payload["status"]

    @property
    def text(self) -> str:
        return self.payload["text"]


Act = Callable[..., Said]


@pytest.fixture
def answering() -> Answering:
    return samples.answering()


@pytest.fixture
def act(answering: Answering) -> Act:
    def run(kind: type[KnowledgeAction], text: str = "", *, intent: str = "ask", entities=None, **slots: Any) -> Said:
        named = [{"entity": kind, "value": value} for kind, value in (entities or {}).items()]
        message = {"text": text, "intent": {"name": intent}, "entities": named}
        tracker = Tracker("c", dict(slots), message, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        events = kind(lambda: answering).run(dispatcher, tracker, {})
        [message] = dispatcher.messages
        assert {event["event"] for event in events} == {"slot"}
        return Said(message["custom"], {event["name"]: event["value"] for event in events})

    return run
