"""Asking the service as a browser does."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from assistant.errors import ServiceError


class NoService(ServiceError):
    """The service does not answer at the address given."""


@dataclasses.dataclass(frozen=True)
class Reply:
    """What came back for the last turn: the messages of the assistant joined, and how long it took."""

    status: str
    text: str
    article_ids: tuple[str, ...]
    choices: tuple[str, ...]
    seconds: float


def converse(address: str, turns: Sequence[str], *, timeout: float = 20.0) -> Reply:
    """Hold one conversation and return the reply to its last turn.

    Raises:
        NoService: The service cannot be reached or refuses the calls.
    """
    base = f"{address.rstrip('/')}/api/v1/conversations"
    try:
        with httpx.Client(timeout=timeout, trust_env=False) as client:
            made = _checked(client.post(base, json={}))
            headers = {"Authorization": f"Bearer {made['token']}"}
            for turn in turns:
                started = time.perf_counter()
                body = _checked(
                    client.post(f"{base}/{made['conversation_id']}/messages", json={"text": turn}, headers=headers)
                )
            return _reply(body["messages"], time.perf_counter() - started)
    except httpx.HTTPError as error:
        raise NoService(f"no usable answer from {address}: start it with 'make run' ({error})") from error


def _checked(response: httpx.Response) -> Mapping[str, Any]:
    response.raise_for_status()
    body: Mapping[str, Any] = response.json()
    return body


def _reply(messages: Sequence[Mapping[str, Any]], seconds: float) -> Reply:
    said = [message for message in messages if message["sender"] == "assistant"]
    status = next((m["status"] for m in said if m["status"] not in (None, "blocked_personal_data")), "none")
    cited = dict.fromkeys(c["article_id"] for m in said for c in m.get("citations", []))
    labels = tuple(choice["label"] for m in said for choice in m.get("choices", []))
    return Reply(status, "\n\n".join(m["text"] for m in said), tuple(cited), labels, seconds)
