"""Dialogue state as JSON: what the gateway keeps between turns, and the tracker that is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


def to_tracker(sender: str, state: Mapping[str, Any] | None, domain: Domain) -> DialogueStateTracker:
    """Return a tracker at the start of a turn.

    Slots that the domain does not have (any more) are left out, so that a conversation survives a release.
    """
    saved = state or {}
    known = {slot.name for slot in domain.slots}
    events: list[Event] = [SlotSet(key, value) for key, value in saved.get("slots", {}).items() if key in known]
    if saved.get("loop") in domain.form_names:
        events.append(ActiveLoop(saved["loop"]))
    # Listening is where a turn begins; a tracker that is not empty also keeps Rasa from starting a session of its own.
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    return DialogueStateTracker.from_events(sender, events, slots=domain.slots, domain=domain)


def to_state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return what the next turn needs: the slots that are set, and the form that is open."""
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
    slots.pop("session_started_metadata", None)
    if tracker.active_loop_name is None:
        slots.pop(REQUESTED_SLOT, None)
    return {"slots": slots, "loop": tracker.active_loop_name}
