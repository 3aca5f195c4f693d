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
from assistant.gateway.ports import Conduct, Guard, Rasa, Redactor, Replies
from assistant.notify.sender import Sender
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
    conduct: Conduct
    replies: Replies
    broker: Broker
    limiter: Limiter
    locks: ConversationLocks
    metrics: Metrics
    sender: Sender

    @property
    def operating(self) -> Settings:
        """The settings as they hold now: the environment's, with what managers have set."""
        return self.storage.operator.current.settings

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
