"""A tracker store that holds a conversation only while its turn is being worked on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class TurnStore(TrackerStore):
    """Keeps trackers as objects, by sender, until `forget`; nothing is written anywhere."""

    def __init__(self, domain: Domain, event_broker: Any = None, **kwargs: Any) -> None:
        """Start empty."""
        super().__init__(domain, event_broker, **{key: value for key, value in kwargs.items() if key != "host"})
        self._trackers: dict[str, DialogueStateTracker] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Hold a tracker."""
        self._trackers[tracker.sender_id] = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a held tracker."""
        return self._trackers.get(sender_id)

    async def keys(self) -> Iterable[str]:
        """Return the senders whose turn is being worked on."""
        return list(self._trackers)

    def forget(self, sender_id: str) -> DialogueStateTracker | None:
        """Let go of a tracker and return it."""
        return self._trackers.pop(sender_id, None)
