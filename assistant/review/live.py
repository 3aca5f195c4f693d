"""Open staff pages look again when something changed, within five seconds at the latest."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.gateway.broker import listening
from assistant.gateway.desk import STAFF
from assistant.gateway.services import Parts, Services
from assistant.review import sessions
from assistant.review.access import Reader

router = APIRouter()
# What another process of the service stored is seen at the next look.
LOOK_SECONDS = 3.0
_PING_SECONDS = 15


@router.get("/events", response_class=EventSourceResponse)
async def events(request: Request, parts: Parts, _account: Reader) -> EventSourceResponse:
    """Stream `changed` whenever a request or a safeguarding record changed; it carries no content."""
    return EventSourceResponse(_stream(request, parts), ping=_PING_SECONDS)


async def _stream(request: Request, parts: Services) -> AsyncIterator[ServerSentEvent]:
    with listening(parts.broker, STAFF) as queue:
        known = await run_sync(parts.storage.queue.pulse)
        yield ServerSentEvent(event="ready", data="")
        # A session that has ended, or been ended by a manager, ends its stream as well.
        while await sessions.current(request, parts) is not None:
            news = False
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    if await queue.get() is None:
                        return
                    news = True
            before, known = known, await run_sync(parts.storage.queue.pulse)
            if news or known != before:
                yield ServerSentEvent(event="changed", data="")
        yield ServerSentEvent(event="ended", data="")
