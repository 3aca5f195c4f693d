"""The parts that the routes work with, joined once in `create_app`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from anyio.to_thread import run_sync
from fastapi import Depends, Request

from assistant.gateway.broker import Broker
from assistant.gateway.limits import Limiter
from assistant.gateway.locks import ConversationLocks
from assistant.gateway.metrics import Metrics
from assistant.gateway.ports import Guard, Rasa, Redactor, Replies
from assistant.settings import Settings
from assistant.storage.storage import Storage

T = TypeVar("T")


@dataclass(frozen=True)
class Services:
    """Everything a route may need."""

    settings: Settings
    storage: Storage
    rasa: Rasa
    guard: Guard
    redactor: Redactor
    replies: Replies
    broker: Broker
    limiter: Limiter
    locks: ConversationLocks
    metrics: Metrics

    async def read(self, query: Callable[[str], T], key: str) -> T:
        """Run a short read of storage, in a thread only where it would hold up everyone else.

        Raises:
            StorageError: The database does not answer.
        """
        return query(key) if self.storage.database.is_embedded else await run_sync(query, key)


async def services(request: Request) -> Services:
    """Return the parts of the running application."""
    found: Services = request.app.state.services
    return found


Parts = Annotated[Services, Depends(services)]
