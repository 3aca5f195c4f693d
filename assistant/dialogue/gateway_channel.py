"""The only way into Rasa: a channel for the gateway, with a secret, without injected intents.

Rasa's own REST channel has no authentication, lets every caller choose the conversation, and reads `/intent{…}` out of
free text. Here text is always text, a pressed choice comes as intent and entities, and the dialogue state travels with
the request: Rasa keeps nothing between turns (decision 0005).
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.dialogue import rasa_changes
from assistant.dialogue.state import to_state, to_tracker

logger = logging.getLogger(__name__)
LONGEST_TEXT = 1000
_CONTEXT_SLOTS = ("reading_mode", "audience")


class BadRequest(ValueError):
    """The body is not what the gateway sends."""


class GatewayInput(InputChannel):
    """Takes one message with its dialogue state; answers with the messages of the assistant and the new state."""

    def __init__(self, secret: str) -> None:
        """Remember the secret that every request must bear.

        Raises:
            ValueError: The secret is empty or was not filled in.
        """
        if not secret or secret.startswith("${"):
            raise ValueError("ASSISTANT_INTERNAL_SECRET is not set: Rasa does not start without it")
        self._secret = secret
        rasa_changes.apply()

    @classmethod
    def name(cls) -> str:
        """Return the name of the channel: its routes lie below /webhooks/gateway/."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """Make the channel from credentials.yml."""
        return cls((credentials or {}).get("secret", ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the two routes: health, and one turn."""
        routes = Blueprint("gateway_channel")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            ready = agent is not None and agent.is_ready()
            return response.json({"status": "ok" if ready else "starting"}, status=200 if ready else 503)

        @routes.route("/webhook", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self._trusted(request):
                return response.json({"error": "wrong or missing secret"}, status=401)
            try:
                return response.json(await _turn(request, on_new_message))
            except BadRequest as error:
                return response.json({"error": str(error)}, status=400)

        return routes

    def _trusted(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), self._secret.encode())


async def _turn(request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> dict[str, Any]:
    agent = request.app.ctx.agent
    body = request.json if isinstance(request.json, dict) else {}
    text = message_text(body, agent.domain)
    sender, collector, store = uuid.uuid4().hex, CollectingOutputChannel(), _turn_store(agent)
    try:
        await store.save(to_tracker(sender, with_context(body), agent.domain))
        await on_new_message(UserMessage(text, collector, sender, input_channel=GatewayInput.name()))
    finally:
        tracker = store.forget(sender)
    if tracker is None or not collector.messages:
        raise RuntimeError("the turn ended without an answer")
    return {"messages": [as_payload(message) for message in collector.messages], "state": to_state(tracker)}


def message_text(body: dict[str, Any], domain: Domain) -> str:
    """Return the text for Rasa: free text never begins with '/', a pressed choice is an intent of the domain.

    Raises:
        BadRequest: Neither a text nor a known intent, or too long.
    """
    intent = body.get("intent")
    if intent is not None:
        known = isinstance(intent, str) and intent in domain.intents and intent not in DEFAULT_INTENTS
        if not known or not isinstance(body.get("entities") or {}, dict):
            raise BadRequest("unknown intent")
        return f"/{intent}{json.dumps(body.get('entities') or {})}"
    text = body.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        raise BadRequest("needs a text or an intent")
    # Rasa strips every kind of white space before it looks for a slash.
    return re.sub(r"^[\s/]+", "", text) or "?"


def with_context(body: dict[str, Any]) -> dict[str, Any]:
    """Return the state with what the family has set outside the dialogue (reading mode, audience) on top."""
    state = body.get("state") or {}
    context = body.get("context") or {}
    chosen = {key: context[key] for key in _CONTEXT_SLOTS if context.get(key)}
    return {**state, "slots": {**state.get("slots", {}), **chosen}}


def as_payload(message: dict[str, Any]) -> dict[str, Any]:
    """Return what an action or a response of the domain has said, in the form the gateway stores."""
    payload = dict(message.get("custom") or {"status": "smalltalk", "text": message.get("text", "")})
    payload.setdefault("blocks", [{"type": "paragraph", "text": part} for part in payload["text"].split("\n\n")])
    payload.setdefault("citations", [])
    payload.setdefault("choices", [])
    return payload


def _turn_store(agent: Any) -> Any:
    # Rasa wraps every store that it did not make itself.
    return getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
