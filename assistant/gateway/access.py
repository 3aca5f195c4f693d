"""Who may do what how often: conversation tokens and request limits, as FastAPI dependencies."""

from typing import Annotated

from fastapi import Depends, Header, Request

from assistant.gateway import tokens
from assistant.gateway.limits import Rate
from assistant.gateway.problems import ProblemError
from assistant.gateway.services import Parts, Services
from assistant.storage.records import Conversation

_SCHEME = "bearer "


async def own_conversation(
    parts: Parts, conversation_id: str, authorization: Annotated[str | None, Header()] = None
) -> Conversation:
    """Return the conversation that the bearer's token opens.

    Raises:
        ProblemError: 401 without the right token, 404 if there is no such conversation.
    """
    given = authorization or ""
    if not given.lower().startswith(_SCHEME):
        raise _unauthorised()
    return await opened(parts, conversation_id, given[len(_SCHEME) :].strip())


async def opened(parts: Services, conversation_id: str, token: str) -> Conversation:
    """Return the conversation if the token opens it.

    Raises:
        ProblemError: 401 or 404.
    """
    found = await parts.read(parts.storage.conversations.find, conversation_id)
    if found is None:
        raise ProblemError(404, "no_conversation")
    if not tokens.matches(token, found.token_hash):
        raise _unauthorised()
    return found


Own = Annotated[Conversation, Depends(own_conversation)]


def _unauthorised() -> ProblemError:
    return ProblemError(401, "no_token", headers={"WWW-Authenticate": "Bearer"})


def client_address(request: Request) -> str:
    """Return the caller's address as the server sees it; used for limits only, never kept."""
    return request.client.host if request.client else "unknown"


def check_rate(parts: Services, scope: str, who: str, rate: Rate) -> None:
    """Count a request.

    Raises:
        ProblemError: 429 with Retry-After when there were too many.
    """
    if not parts.settings.rate_limit:
        return
    seconds = parts.limiter.wait(scope, who, rate)
    if seconds:
        parts.metrics.event("limited")
        raise ProblemError(429, "too_many", headers={"Retry-After": str(seconds)})


async def check_client(parts: Parts, request: Request) -> None:
    """Count a request of any kind from this address.

    Raises:
        ProblemError: 429.
    """
    check_rate(parts, "client", client_address(request), Rate(parts.settings.limit_client_per_minute, 60))


async def check_start(parts: Parts, request: Request) -> None:
    """Count a new conversation from this address.

    Raises:
        ProblemError: 429.
    """
    rate = Rate(parts.settings.limit_conversations_per_hour, 3600)
    check_rate(parts, "start", client_address(request), rate)
