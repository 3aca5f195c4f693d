"""The routes of a conversation."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Response

from assistant.gateway import contract, rendering, rewording, tokens, turns
from assistant.gateway.access import Own, check_client, check_rate, check_start
from assistant.gateway.broker import News
from assistant.gateway.desk import tell_staff
from assistant.gateway.limits import Rate
from assistant.gateway.operator import switched_off
from assistant.gateway.problems import ProblemError
from assistant.gateway.services import Parts, Services
from assistant.gateway.text import MAX_LENGTH, clean
from assistant.gateway.transcript import as_text
from assistant.storage import moments
from assistant.storage.records import Conversation

router = APIRouter(prefix="/conversations", dependencies=[Depends(check_client)], tags=["conversations"])


@router.post("", status_code=201, dependencies=[Depends(check_start)])
async def create(parts: Parts, wish: contract.StartRequest | None = None) -> contract.Started:
    """Begin a conversation."""
    return await start(parts, wish or contract.StartRequest())


@router.post("/{conversation_id}/messages")
async def say(parts: Parts, conversation: Own, body: contract.SayRequest) -> contract.Said:
    """Say something or press a choice."""
    rate = Rate(parts.settings.limit_conversation_per_minute, 60)
    check_rate(parts, "say", conversation.id, rate)
    outcome = await turns.take_turn(parts, conversation, await read_said(parts, conversation, body))
    mode = conversation.reading_mode
    shown = [rendering.to_contract(message, mode=mode) for message in outcome.messages]
    return contract.Said.model_validate({"messages": shown, "handover": outcome.handover})


@router.get("/{conversation_id}/messages")
async def messages(
    parts: Parts, conversation: Own, after: Annotated[str | None, Query(max_length=64)] = None
) -> contract.Said:
    """Return all messages, or those after one."""
    try:
        found = await run_sync(lambda: parts.storage.conversations.messages(conversation.id, after=after or None))
    except LookupError:
        raise ProblemError(422, "unknown_message") from None
    shown = [rendering.to_contract(message, mode=conversation.reading_mode) for message in found]
    return contract.Said.model_validate({"messages": shown, "handover": conversation.handover})


@router.patch("/{conversation_id}")
async def change(parts: Parts, conversation: Own, wish: contract.ChangeRequest) -> contract.Said:
    """Change how the reader wishes to be addressed; with a new reading mode, word the last answer again."""
    again = await rewording.change(parts, conversation, wish)
    mode = wish.reading_mode or conversation.reading_mode
    shown = [rendering.to_contract(message, mode=mode) for message in again]
    return contract.Said.model_validate({"messages": shown, "handover": conversation.handover})


@router.post("/{conversation_id}/messages/{message_id}/feedback", status_code=204)
async def rate(parts: Parts, conversation: Own, message_id: str, body: contract.FeedbackRequest) -> Response:
    """Say whether a message helped; a later word replaces an earlier one."""
    if not await keep_feedback(parts, conversation, message_id, helpful=body.helpful, comment=body.comment):
        raise ProblemError(404, "unknown_message")
    return Response(status_code=204)


@router.get("/{conversation_id}/transcript", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def transcript(parts: Parts, conversation: Own) -> Response:
    """Return the whole conversation as plain text, for printing and keeping."""
    found = await run_sync(parts.storage.conversations.messages, conversation.id)
    return Response(as_text(found, parts.replies, parts.settings.timezone), media_type="text/plain")


@router.delete("/{conversation_id}", status_code=204)
async def delete(parts: Parts, conversation: Own) -> Response:
    """Delete everything of the conversation."""
    await remove(parts, conversation)
    return Response(status_code=204)


async def keep_feedback(
    parts: Services, conversation: Conversation, message_id: str, *, helpful: bool, comment: str | None
) -> bool:
    """Store feedback, redacted; False if the message is not one of this conversation."""
    words = clean(comment or "") or None
    kept = parts.redactor.redact(words).text if words else None
    known = await run_sync(
        lambda: parts.storage.conversations.rate(conversation.id, message_id, helpful=helpful, comment=kept)
    )
    if known:
        parts.metrics.event("helpful" if helpful else "not_helpful")
    return known


async def start(parts: Services, wish: contract.StartRequest) -> contract.Started:
    """Make a conversation with its token and first messages."""
    token, mode = tokens.new_token(), wish.reading_mode
    first = parts.replies.welcome(mode, keep_days=parts.operating.retention_days)
    off = switched_off(parts.storage.operator, parts.replies, mode=mode, verdict=None)
    welcome = [rendering.from_payload(payload, mode=mode) for payload in first] + ([off] if off else [])
    conversation, stored = await run_sync(
        lambda: parts.storage.conversations.create(
            tokens.digest(token), reading_mode=mode, audience=wish.audience, welcome=welcome
        )
    )
    parts.metrics.event("conversation_begun")
    return contract.Started(
        conversation_id=conversation.id,
        token=token,
        expires_at=moments.from_ms(conversation.expires_at),
        messages=[rendering.to_contract(message, mode=mode) for message in stored],
    )


async def read_said(parts: Services, conversation: Conversation, body: contract.SayRequest) -> turns.Said:
    """Check what was sent.

    Raises:
        ProblemError: 422 if it is neither a text of the right length nor a choice offered here.
    """
    client_id = str(body.client_message_id) if body.client_message_id else None
    if (body.text is None) == (body.choice is None):
        raise ProblemError(422, "text_or_choice")
    if body.choice is not None:
        known = await run_sync(parts.storage.conversations.choice, conversation.id, body.choice)
        if known is None:
            raise ProblemError(422, "unknown_choice")
        return turns.Said(text=known[0], choice=known[1], client_message_id=client_id)
    text = clean(body.text or "")
    if not 1 <= len(text) <= MAX_LENGTH:
        raise ProblemError(422, "text_length")
    return turns.Said(text=text, client_message_id=client_id)


async def remove(parts: Services, conversation: Conversation) -> None:
    """Delete everything of a conversation and tell its listeners."""
    async with parts.locks.hold(conversation.id):
        await run_sync(parts.storage.deletion.delete, conversation.id)
    parts.metrics.event("conversation_deleted")
    await parts.broker.publish(conversation.id, News("gone", {}))
    await tell_staff(parts)
