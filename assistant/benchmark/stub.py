"""`python -m assistant.benchmark.stub PORT`: stands in for Rasa with one answer, so that the gateway alone is timed."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import uvicorn

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
_ANSWER = Path(__file__).with_name("stub.json")


class Stub:
    """An ASGI application that gives every request the same JSON."""

    def __init__(self, body: bytes) -> None:
        """Take the answer."""
        self._body = body

    async def __call__(self, scope: Mapping[str, Any], receive: object, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})


def main(port: int) -> None:
    """Serve on loopback until stopped."""
    uvicorn.run(Stub(_ANSWER.read_bytes()), host="127.0.0.1", port=port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    main(int(sys.argv[1]))
