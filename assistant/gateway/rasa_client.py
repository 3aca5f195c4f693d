"""The only caller of Rasa and of the action server over HTTP."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from assistant.errors import RasaUnavailable
from assistant.gateway.ports import RasaReply, RasaTurn
from assistant.settings import Settings

_HEALTH_SECONDS = 1.0


class RasaClient:
    """Speaks to Rasa's gateway channel over one shared connection pool.

    Args:
        settings: Addresses, shared secret, time limits.
        transport: Replaces the network in tests.
    """

    def __init__(self, settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Prepare the client; nothing is opened yet."""
        self._channel = f"{settings.rasa_url}/webhooks/gateway"
        self._actions = f"{settings.actions_url}/health"
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {settings.internal_secret.value}"},
            timeout=httpx.Timeout(settings.rasa_read_seconds, connect=settings.rasa_connect_seconds),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
            transport=transport,
            # A proxy set for the outside world must never see these calls.
            trust_env=False,
        )

    async def say(self, turn: RasaTurn) -> RasaReply:
        """Take one turn of the dialogue.

        Raises:
            RasaUnavailable: Refused, too late, or not of the agreed shape.
        """
        try:
            response = await self._client.post(f"{self._channel}/webhook", json=_request(turn))
            response.raise_for_status()
            return _reply(response.json())
        except (httpx.HTTPError, ValueError) as error:
            raise RasaUnavailable(f"no usable answer from Rasa: {type(error).__name__}") from error

    async def health(self) -> Mapping[str, bool]:
        """Tell whether Rasa and the action server answer."""
        parts = {"rasa": f"{self._channel}/", "actions": self._actions}
        states = await asyncio.gather(*(self._answers(url) for url in parts.values()))
        return dict(zip(parts, states, strict=True))

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.aclose()

    async def _answers(self, url: str) -> bool:
        try:
            response = await self._client.get(url, timeout=_HEALTH_SECONDS)
        except httpx.HTTPError:
            return False
        return response.is_success


def _request(turn: RasaTurn) -> dict[str, Any]:
    said: dict[str, Any] = {"text": turn.text}
    if turn.intent is not None:
        said = {"intent": turn.intent, "entities": dict(turn.entities)}
    return {"conversation": turn.conversation, **said, "state": turn.state, "context": dict(turn.context)}


def _reply(answer: Any) -> RasaReply:
    """Check what came back.

    Raises:
        ValueError: It is not of the agreed shape.
    """
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    messages, state = answer.get("messages"), answer.get("state")
    if not isinstance(messages, list) or not isinstance(state, dict | None):
        raise ValueError("no list of messages or no state")
    if not messages or not all(isinstance(item, dict) for item in messages):
        raise ValueError("an empty reply")
    return RasaReply(messages=tuple(messages), state=state)
