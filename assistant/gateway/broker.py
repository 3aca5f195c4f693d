"""Live news of a conversation to whoever listens, inside one process."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

# A listener that reads nothing for this many events is cut off and comes back with `after`.
_BACKLOG = 100


@dataclass(frozen=True)
class News:
    """One event: its name (`message`, `handover`, `gone`) and its JSON data."""

    name: str
    data: Mapping[str, Any]


class Broker(Protocol):
    """Publishes and listens by topic."""

    async def publish(self, topic: str, news: News) -> None:
        """Give the news to all who listen to the topic now."""

    def listen(self, topic: str) -> "asyncio.Queue[News | None]":
        """Begin to listen; None in the queue ends it."""

    def leave(self, topic: str, queue: "asyncio.Queue[News | None]") -> None:
        """Stop listening."""


class MemoryBroker:
    """The broker of a single process."""

    def __init__(self) -> None:
        """Begin without listeners."""
        self._listeners: dict[str, set[asyncio.Queue[News | None]]] = {}

    async def publish(self, topic: str, news: News) -> None:
        """Give the news to all who listen to the topic now."""
        for queue in list(self._listeners.get(topic, ())):
            if queue.full():
                self.leave(topic, queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(news)

    def listen(self, topic: str) -> "asyncio.Queue[News | None]":
        """Begin to listen."""
        queue: asyncio.Queue[News | None] = asyncio.Queue(_BACKLOG)
        self._listeners.setdefault(topic, set()).add(queue)
        return queue

    def leave(self, topic: str, queue: "asyncio.Queue[News | None]") -> None:
        """Stop listening; harmless when done twice."""
        listeners = self._listeners.get(topic, set())
        listeners.discard(queue)
        if not listeners:
            self._listeners.pop(topic, None)

    def listeners(self, topic: str) -> int:
        """Return how many listen to the topic."""
        return len(self._listeners.get(topic, ()))


@contextmanager
def listening(broker: Broker, topic: str) -> Iterator["asyncio.Queue[News | None]"]:
    """Listen as long as the block runs."""
    queue = broker.listen(topic)
    try:
        yield queue
    finally:
        broker.leave(topic, queue)
