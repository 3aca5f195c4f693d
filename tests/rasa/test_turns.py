"""One turn through Rasa: text that stays text, state that survives, a store that forgets, a door with a secret."""

# ruff: noqa: PT009, PT027 (pytest is not in Rasa's environment)
from __future__ import annotations

import asyncio
import unittest
from types import SimpleNamespace

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet

from assistant.dialogue.gateway_channel import (
    LONGEST_TEXT,
    BadRequest,
    GatewayInput,
    as_payload,
    message_text,
    with_context,
)
from assistant.dialogue.state import to_state, to_tracker
from assistant.dialogue.turn_store import TurnStore
from tests.rasa.helpers import domain

SLOTS = {
    "topic": "ehcp",
    "trail": ["senco", "srp"],
    "question": "what is an EHCP",
    "group": 2.0,
    "sections_shown": 1.0,
    "audience": "family",
    "reading_mode": "easy",
    "misses": 1.0,
    "offer": [{"intent": "tell_more", "entities": {"article": "ehcp", "option": "0"}}],
}


class TestMessageText(unittest.TestCase):
    """Free text is never read as an intent."""

    def setUp(self) -> None:
        self.domain = domain()

    def test_no_free_text_begins_with_a_slash(self) -> None:
        for text in ("/restart", '/handoff{"x":1}', "//ask", " /ask", "\t/ask", "/ /ask", "\n/affirm", "/ \t/ /x"):
            found = message_text({"text": text}, self.domain)
            self.assertFalse(found.lstrip().startswith("/"), (text, found))
            self.assertTrue(found)

    def test_other_white_space_before_a_slash_hides_nothing(self) -> None:
        for space in ("\u00a0", "\r", "\x0b", "\x0c", "\u2003", "\u2028", "\x1c", "\x85"):
            found = message_text({"text": f"{space}/restart"}, self.domain)
            self.assertFalse(found.strip().startswith("/"), repr(found))

    def test_only_slashes_are_a_question_mark(self) -> None:
        self.assertEqual(message_text({"text": "///"}, self.domain), "?")

    def test_ordinary_text_is_left_alone(self) -> None:
        self.assertEqual(message_text({"text": "school and/or nursery?"}, self.domain), "school and/or nursery?")

    def test_a_pressed_choice_is_an_intent_of_the_domain(self) -> None:
        body = {"intent": "choose_option", "entities": {"article": "ehcp"}}
        self.assertEqual(message_text(body, self.domain), '/choose_option{"article": "ehcp"}')
        self.assertEqual(message_text({"intent": "talk_to_person"}, self.domain), "/talk_to_person{}")

    def test_what_the_gateway_does_not_send_is_refused(self) -> None:
        bodies = (
            {},
            {"text": ""},
            {"text": "  "},
            {"text": 5},
            {"text": None},
            {"text": "x" * (LONGEST_TEXT + 1)},
            {"intent": "unknown"},
            {"intent": "ask", "entities": "x"},
            {"intent": ["ask"]},
        )
        for body in bodies:
            with self.assertRaises(BadRequest, msg=str(body)[:60]):
                message_text(body, self.domain)


class TestState(unittest.TestCase):
    """What the gateway keeps between turns comes back the same."""

    def setUp(self) -> None:
        self.domain = domain()

    def test_state_survives_the_way_there_and_back(self) -> None:
        state = {"slots": SLOTS, "loop": None}
        self.assertEqual(to_state(to_tracker("s", state, self.domain)), state)

    def test_every_slot_of_the_domain_is_tried(self) -> None:
        own = {slot.name for slot in self.domain.slots} - {"requested_slot", "session_started_metadata"}
        self.assertEqual(own, set(SLOTS))

    def test_no_state_is_the_beginning(self) -> None:
        for state in (None, {}, {"slots": {}}):
            self.assertEqual(to_state(to_tracker("s", state, self.domain)), {"slots": {}, "loop": None})

    def test_a_slot_or_form_of_an_earlier_release_is_left_out(self) -> None:
        tracker = to_tracker("s", {"slots": {"gone": 1, "topic": "srp"}, "loop": "gone_form"}, self.domain)
        self.assertEqual(to_state(tracker), {"slots": {"topic": "srp"}, "loop": None})

    def test_an_open_form_stays_open_with_what_it_asked_for(self) -> None:
        fields = {"version": "3.1", "forms": {"f_form": {"required_slots": ["a"]}}}
        slots = {"a": {"type": "text", "mappings": [{"type": "from_text"}]}}
        own = Domain.from_dict({**fields, "slots": slots, "actions": []})
        tracker = to_tracker("s", {"slots": {"requested_slot": "a"}, "loop": "f_form"}, own)
        self.assertEqual(to_state(tracker), {"slots": {"requested_slot": "a"}, "loop": "f_form"})
        tracker.update(ActiveLoop(None), own)
        self.assertEqual(to_state(tracker), {"slots": {}, "loop": None})

    def test_a_turn_begins_where_rasa_listens(self) -> None:
        self.assertEqual(to_tracker("s", None, self.domain).latest_action_name, ACTION_LISTEN_NAME)

    def test_what_the_family_has_set_wins_over_the_saved_state(self) -> None:
        body = {
            "state": {"slots": {"topic": "srp", "reading_mode": "standard"}, "loop": None},
            "context": {"reading_mode": "easy", "audience": None, "other": 1},
        }
        self.assertEqual(with_context(body), {"slots": {"topic": "srp", "reading_mode": "easy"}, "loop": None})
        self.assertEqual(with_context({"state": None, "context": None}), {"slots": {}})

    def test_state_can_be_changed_and_taken_again(self) -> None:
        tracker = to_tracker("s", {"slots": SLOTS}, self.domain)
        tracker.update(SlotSet("topic", "senco"))
        self.assertEqual(to_state(tracker)["slots"]["topic"], "senco")


class TestTurnStore(unittest.TestCase):
    """A conversation is held for the length of a turn."""

    def test_it_holds_until_told_to_forget(self) -> None:
        own = domain()
        store, tracker = TurnStore(own, host="ignored"), to_tracker("s", {"slots": {"topic": "srp"}}, own)
        asyncio.run(store.save(tracker))
        self.assertIs(asyncio.run(store.retrieve("s")), tracker)
        self.assertEqual(list(asyncio.run(store.keys())), ["s"])
        self.assertIs(store.forget("s"), tracker)
        self.assertIsNone(asyncio.run(store.retrieve("s")))
        self.assertIsNone(store.forget("s"))
        self.assertEqual(list(asyncio.run(store.keys())), [])


class TestGatewayInput(unittest.TestCase):
    """The door: no secret, no service; and only the right one opens."""

    def test_a_missing_secret_is_refused(self) -> None:
        for credentials in (None, {}, {"secret": ""}, {"secret": "${ASSISTANT_INTERNAL_SECRET}"}):
            with self.assertRaisesRegex(ValueError, "ASSISTANT_INTERNAL_SECRET is not set"):
                GatewayInput.from_credentials(credentials)

    def test_only_the_right_secret_opens(self) -> None:
        channel = GatewayInput.from_credentials({"secret": "hush"})
        for given in ("", "Bearer ", "Bearer wrong", "Bearer hushh", "Bearer é"):
            request = SimpleNamespace(headers={"Authorization": given})
            self.assertFalse(channel._trusted(request), given)
        self.assertFalse(channel._trusted(SimpleNamespace(headers={})))
        self.assertTrue(channel._trusted(SimpleNamespace(headers={"Authorization": "Bearer hush"})))

    def test_the_two_routes(self) -> None:
        self.assertEqual(GatewayInput.name(), "gateway")
        routes = GatewayInput("hush").blueprint(lambda _message: None)._future_routes
        self.assertEqual(sorted((route.uri, *route.methods) for route in routes), [("/", "GET"), ("/webhook", "POST")])

    def test_what_was_said_has_the_form_that_the_gateway_stores(self) -> None:
        said = as_payload({"custom": {"status": "answered", "text": "One.\n\nTwo."}})
        self.assertEqual([block["text"] for block in said["blocks"]], ["One.", "Two."])
        self.assertEqual((said["citations"], said["choices"]), ([], []))
        self.assertEqual(as_payload({"text": "Hi"})["status"], "smalltalk")
