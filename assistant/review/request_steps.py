"""The forms on the page of a request: each step is refused if somebody else changed the request meanwhile."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assistant.errors import Stale
from assistant.gateway import rendering
from assistant.gateway.broker import News
from assistant.gateway.desk import reply_due, tell_staff
from assistant.gateway.events import message_news
from assistant.gateway.services import Parts, Services
from assistant.gateway.text import clean
from assistant.review import requests
from assistant.review.access import Reader
from assistant.review.queue import assignable
from assistant.review.view import back
from assistant.storage.desk import Told
from assistant.storage.desk_records import PRIORITIES, NoSuchRecord, NotPossible, Seen
from assistant.storage.records import Conversation, NewMessage
from assistant.storage.staff_records import Account

router = APIRouter(prefix="/requests/{request_id}")
_TAG = re.compile(r"[a-z0-9][a-z0-9 &-]{0,30}")
_MOST_TAGS = 8
_Text = Annotated[str, Form(max_length=8000)]
_Short = Annotated[str, Form(max_length=300)]
_Version = Annotated[int, Form()]
Step = Callable[[Conversation | None], Told | None]


@router.post("/assign")
async def assign(
    request: Request, parts: Parts, account: Reader, request_id: str, version: _Version, to: _Short = ""
) -> Response:
    """Take the request, give it to a colleague, or release it (`to` empty)."""

    def step(_chat: Conversation | None) -> None:
        if to and to not in {one.id for one in assignable(parts.storage.staff.all())}:
            raise NotPossible("no_such_colleague")
        parts.storage.desk.assign(Seen(request_id, version), to=to or None, by=account.id)

    said = "request_released" if not to else "request_taken" if to == account.id else "request_assigned"
    return await _act(request, parts, account, request_id, step, said=said, field="to")


@router.post("/priority")
async def prioritise(
    request: Request, parts: Parts, account: Reader, request_id: str, version: _Version, priority: _Version
) -> Response:
    """Set the priority."""

    def step(_chat: Conversation | None) -> None:
        if priority not in PRIORITIES:
            raise NotPossible("priority")
        parts.storage.desk.prioritise(Seen(request_id, version), priority=priority, by=account.id)

    return await _act(request, parts, account, request_id, step, said="request_changed", field="priority")


@router.post("/tags")
async def tag(
    request: Request, parts: Parts, account: Reader, request_id: str, version: _Version, tags: _Short = ""
) -> Response:
    """Replace the tags, typed with commas between them."""
    wished = {" ".join(part.lower().split()) for part in tags.split(",")} - {""}

    def step(_chat: Conversation | None) -> None:
        if len(wished) > _MOST_TAGS or not all(map(_TAG.fullmatch, wished)):
            raise NotPossible("tags")
        parts.storage.desk.tag(Seen(request_id, version), tags=wished, by=account.id)

    typed = {"tags": tags}
    return await _act(request, parts, account, request_id, step, said="request_changed", field="tags", typed=typed)


@router.post("/notes")
async def note(request: Request, parts: Parts, account: Reader, request_id: str, note: _Text = "") -> Response:
    """Add a private note."""
    text = clean(note)

    def step(_chat: Conversation | None) -> None:
        _check_length(text, requests.NOTE_LIMIT, "note")
        parts.storage.desk.note(request_id, text=text, by=account.id)

    typed = {"note": note}
    return await _act(request, parts, account, request_id, step, said="note_added", field="note", typed=typed)


@router.post("/reply")
async def reply(
    request: Request,
    parts: Parts,
    account: Reader,
    request_id: str,
    version: _Version,
    once: _Short,
    reply: _Text = "",
) -> Response:
    """Write to the family in the chat."""
    text = clean(reply)

    def step(_chat: Conversation | None) -> Told:
        _check_length(text, requests.REPLY_LIMIT, "reply")
        message = NewMessage(sender="person", text=text, hidden={"by": account.id})
        return parts.storage.desk.reply(Seen(request_id, version), message=message, once=once[:36], by=account.id)

    typed = {"reply": reply}
    return await _act(request, parts, account, request_id, step, said="reply_sent", field="reply", typed=typed)


@router.post("/replied")
async def replied(request: Request, parts: Parts, account: Reader, request_id: str, version: _Version) -> Response:
    """Note that the family was rung or written to outside the chat."""

    def step(_chat: Conversation | None) -> None:
        parts.storage.desk.replied_elsewhere(Seen(request_id, version), by=account.id)

    return await _act(request, parts, account, request_id, step, said="request_changed")


@router.post("/close")
async def close(
    request: Request,
    parts: Parts,
    account: Reader,
    request_id: str,
    version: _Version,
    reason: _Short = "",
    words: _Text = "",
    newest: _Short = "",
) -> Response:
    """Close the request, with a last word to the family if there is one."""
    text = clean(words)

    def step(chat: Conversation | None) -> Told:
        if text:
            _check_length(text, requests.REPLY_LIMIT, "words")
        said = [NewMessage(sender="person", text=text, hidden={"by": account.id})] if text else []
        said.append(_notice(parts, "person_closed", chat))
        seen = Seen(request_id, version)
        return parts.storage.desk.close(seen, reason=reason, words=said, newest=newest or None, by=account.id)

    typed = {"reason": reason, "words": words}
    return await _act(request, parts, account, request_id, step, said="request_closed", field="reason", typed=typed)


@router.post("/reopen")
async def reopen(request: Request, parts: Parts, account: Reader, request_id: str, version: _Version) -> Response:
    """Open a closed request again."""

    def step(chat: Conversation | None) -> Told:
        words = [_notice(parts, "person_back", chat)]
        seen = Seen(request_id, version)
        return parts.storage.desk.reopen(seen, words=words, due=reply_due(parts), by=account.id)

    return await _act(request, parts, account, request_id, step, said="request_reopened")


@router.post("/answers/{message_id}/wrong")
async def wrong(
    request: Request, parts: Parts, account: Reader, request_id: str, message_id: str, comment: _Text = ""
) -> Response:
    """Raise a ticket for an answer of the assistant that was wrong."""
    text = clean(comment)

    def step(_chat: Conversation | None) -> None:
        _check_length(text, requests.NOTE_LIMIT, "comment")
        shown = parts.storage.desk.shown_answer(request_id, message_id)
        if shown is None:
            raise NoSuchRecord(message_id)
        answer, question = shown
        cited = [citation["article_id"] for citation in answer.citations if citation.get("article_id")]
        number = parts.storage.tickets.raise_(
            None,
            message_id=message_id,
            article_ids=list(dict.fromkeys([*answer.article_ids, *cited])),
            question_text=question,
            comment=text,
            by=account.id,
        )
        parts.storage.audit.record(
            None, actor=account.id, action="request.answer_wrong", subject=request_id, detail={"ticket": number}
        )

    field = f"comment-{message_id}"
    typed = {field: comment}
    return await _act(request, parts, account, request_id, step, said="ticket_raised", field=field, typed=typed)


async def _act(
    request: Request,
    parts: Services,
    account: Account,
    request_id: str,
    step: Step,
    *,
    said: str,
    field: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Take a step and go back to the page; where it is refused, the page says why and keeps what was typed.

    Args:
        request: The HTTP request.
        parts: The services.
        account: Who acts.
        request_id: Which request.
        step: What to do, given the conversation if there still is one; runs in a thread.
        said: What the page says afterwards, a key of `messages` in texts.yml.
        field: The field of the form that is named if something is wrong with it.
        typed: What stood in the form.

    Raises:
        NoSuchRecord: The request is gone.
    """
    try:
        told = await _take(parts, request_id, step)
    except (Stale, NotPossible) as error:
        key = error.key if isinstance(error, NotPossible) else "stale"
        problem, status = (field, key), 409 if isinstance(error, Stale) else 422
        return await requests.render(request, parts, account, request_id, status=status, problem=problem, typed=typed)
    await _tell(parts, *told)
    return back(f"/requests/{request_id}", said=said)


async def _take(parts: Services, request_id: str, step: Step) -> tuple[Told | None, Conversation | None]:
    found = await run_sync(parts.storage.requests.find, request_id)
    if found is None:
        raise NoSuchRecord(request_id)
    # The family's turns wait meanwhile, so that a step and a turn come one after the other.
    async with parts.locks.hold(found.conversation_id or found.id):
        chat_id = found.conversation_id
        chat = await run_sync(parts.storage.conversations.find, chat_id) if chat_id else None
        return await run_sync(step, chat), chat


async def _tell(parts: Services, told: Told | None, chat: Conversation | None) -> None:
    """Let the family's open chat and the other staff pages know."""
    if told is not None and told.conversation_id is not None:
        for message in told.messages:
            news = message_news(message, mode=chat.reading_mode if chat else "standard")
            await parts.broker.publish(told.conversation_id, news)
        if told.handover:
            await parts.broker.publish(told.conversation_id, News("handover", {"handover": told.handover}))
    await tell_staff(parts)


def _notice(parts: Services, key: str, chat: Conversation | None) -> NewMessage:
    mode = chat.reading_mode if chat else "standard"
    return rendering.from_payload(parts.replies.notice(key, mode), mode=mode, sender="system")


def _check_length(text: str, most: int, key: str) -> None:
    if not 1 <= len(text) <= most:
        raise NotPossible(key)
