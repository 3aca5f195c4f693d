"""Live news of a conversation as server-sent events."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Header, Query
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.gateway import rendering
from assistant.gateway.access import Own, check_client
from assistant.gateway.broker import News, listening
from assistant.gateway.problems import ProblemError
from assistant.gateway.services import Parts, Services
from assistant.storage.records import Conversation, Message

router = APIRouter(prefix="/conversations", dependencies=[Depends(check_client)], tags=["conversations"])
# Below the idle limit of common proxies (60 s).
_PING_SECONDS = 15


@router.get(
    "/{conversation_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def events(
    parts: Parts,
    conversation: Own,
    after: Annotated[str | None, Query(max_length=64)] = None,
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
) -> EventSourceResponse:
    """Stream new messages and hand-over changes; `after` or Last-Event-ID first gives what was missed."""
    since = after or last_event_id
    try:
        await _missed(parts, conversation, since)
    except LookupError:
        raise ProblemError(422, "unknown_message") from None
    return EventSourceResponse(_stream(parts, conversation, since), ping=_PING_SECONDS)


async def _stream(parts: Services, conversation: Conversation, since: str | None) -> AsyncIterator[ServerSentEvent]:
    # Listening begins before the look at what was missed, so that nothing falls between the two.
    with listening(parts.broker, conversation.id) as queue:
        missed = await _missed(parts, conversation, since)
        for message in missed:
            yield _event(message_news(message, mode=conversation.reading_mode))
        sent = {message.id for message in missed}
        while (news := await queue.get()) is not None:
            if news.data.get("id") not in sent:
                yield _event(news)
            if news.name == "gone":
                return


async def _missed(parts: Services, conversation: Conversation, since: str | None) -> tuple[Message, ...]:
    if not since:
        return ()
    return await run_sync(lambda: parts.storage.conversations.messages(conversation.id, after=since))


def message_news(message: Message, *, mode: str) -> News:
    """Return a stored message as an event."""
    return News("message", rendering.to_contract(message, mode=mode).model_dump(mode="json"))


def _event(news: News) -> ServerSentEvent:
    return ServerSentEvent(data=json.dumps(news.data), event=news.name, id=news.data.get("id"))
