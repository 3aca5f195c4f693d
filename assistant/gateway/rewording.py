"""Changing the reading mode, which words the last answer, or the welcome, again."""

from collections.abc import Sequence

from anyio.to_thread import run_sync

from assistant.gateway import contract, rendering, turns
from assistant.gateway.ports import RasaTurn
from assistant.gateway.problems import ProblemError
from assistant.gateway.services import Services
from assistant.storage.records import SILENT, Change, Conversation, Message, NewMessage

_INTENT = "choose_option"


async def change(parts: Services, conversation: Conversation, wish: contract.ChangeRequest) -> tuple[Message, ...]:
    """Keep the wish; with a new reading mode, give the last answer in it.

    Returns:
        The answer worded again, or the welcome if nothing was said yet; empty if the mode is the same, there is no
        answer, or the dialogue is down (the wish is kept all the same).

    Raises:
        ProblemError: 404 if the conversation was deleted meanwhile.
    """
    wanted = Change(reading_mode=wish.reading_mode, audience=wish.audience)
    async with parts.locks.hold(conversation.id):
        if not await run_sync(parts.storage.conversations.change, conversation.id, wanted):
            raise ProblemError(404, "no_conversation")
        if wish.reading_mode in (None, conversation.reading_mode):
            return ()
        return await _again(parts, conversation.id)


async def _again(parts: Services, conversation_id: str) -> tuple[Message, ...]:
    store = parts.storage.conversations
    now = await run_sync(store.find, conversation_id)
    messages = await run_sync(store.messages, conversation_id)
    if now is None or now.handover in SILENT or parts.storage.operator.current.pause is not None:
        return ()
    if all(message.sender == "assistant" for message in messages):
        return await _welcome(parts, now)
    article = _last_article(messages)
    if article is None:
        return ()
    asked = turns.rasa_turn(now, "", {"intent": _INTENT, "entities": {"article": article}})
    return await _answer(parts, now, asked)


async def _welcome(parts: Services, conversation: Conversation) -> tuple[Message, ...]:
    mode = conversation.reading_mode
    words = parts.replies.welcome(mode, keep_days=parts.operating.retention_days)
    return await _keep(
        parts, conversation.id, [rendering.from_payload(payload, mode=mode) for payload in words], Change()
    )


async def _answer(parts: Services, conversation: Conversation, asked: RasaTurn) -> tuple[Message, ...]:
    draft = await turns.ask_dialogue(parts, conversation, asked)
    if draft is None:
        return ()
    return await _keep(parts, conversation.id, draft.replies, draft.change)


async def _keep(
    parts: Services, conversation_id: str, replies: Sequence[NewMessage], change: Change
) -> tuple[Message, ...]:
    stored = [await run_sync(parts.storage.conversations.add, conversation_id, reply, change) for reply in replies]
    return tuple(message for message in stored if message is not None)


def _last_article(messages: Sequence[Message]) -> str | None:
    """Return the article of the last message of the assistant, if it was an answer."""
    spoken = [message for message in messages if message.sender == "assistant"]
    if not spoken or spoken[-1].status != "answered":
        return None
    citations = spoken[-1].body.get("citations") or [{}]
    article: str | None = citations[0].get("article_id")
    return article
