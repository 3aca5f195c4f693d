"""JSON to an address of the operator's choice, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable

import httpx

from assistant.errors import SettingsError
from assistant.notify.channel import NotDelivered
from assistant.notify.letter import Letter
from assistant.settings import Settings
from assistant.storage import moments

SIGNATURE, TIMESTAMP, KEY = "X-Assistant-Signature", "X-Assistant-Timestamp", "Idempotency-Key"
_SECONDS = 15.0


class Webhook:
    """Posts letters as JSON.

    The signature is `sha256=` and the HMAC-SHA256, in hexadecimal, of the timestamp header, a full stop and the body.
    A receiver computes the same, and refuses old timestamps.

    Args:
        url: Where to.
        secret: Key of the signature.
        seconds: Longest wait for one step.
        clock: Seconds since 1970.
    """

    name = "webhook"

    def __init__(
        self, url: str, secret: str, *, seconds: float = _SECONDS, clock: Callable[[], float] = time.time
    ) -> None:
        """Prepare the client; nothing is opened before the first letter."""
        self._url, self._secret, self._clock = url, secret.encode(), clock
        self._client = httpx.AsyncClient(timeout=seconds, follow_redirects=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> Webhook | None:
        """Return the channel as set; None if there is none.

        Raises:
            SettingsError: The secret is missing.
        """
        if not settings.webhook_url:
            return None
        if not settings.webhook_secret:
            raise SettingsError("ASSISTANT_WEBHOOK_URL is set: give ASSISTANT_WEBHOOK_SECRET, a long random text.")
        return cls(settings.webhook_url, settings.webhook_secret.value)

    async def send(self, letter: Letter) -> None:
        """Post a letter.

        Raises:
            NotDelivered: The receiver answered anything but 2xx, could not be reached, or took too long.
        """
        body = _body(letter)
        at = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: at,
            SIGNATURE: signature(self._secret, at, body),
            KEY: letter.id,
        }
        try:
            response = await self._client.post(self._url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise NotDelivered(f"webhook: {type(error).__name__}") from error
        if not response.is_success:
            raise NotDelivered(f"webhook: the receiver answered {response.status_code}")

    async def close(self) -> None:
        """Close connections."""
        await self._client.aclose()


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """Return the value of the signature header."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _body(letter: Letter) -> bytes:
    told = {
        "id": letter.id,
        "kind": letter.kind,
        "reference": letter.reference,
        "link": letter.link or None,
        "happened_at": moments.from_ms(letter.created_at).isoformat(timespec="seconds"),
    }
    return json.dumps(told).encode()
