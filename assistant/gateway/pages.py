"""The chat as a page without JavaScript: plain forms, the same conversation and the same answers."""

import uuid
from pathlib import Path
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from assistant.gateway import contract, conversations, handover, page_session, page_words, rendering, rewording, turns
from assistant.gateway.access import check_client, check_rate, check_start
from assistant.gateway.limits import Rate
from assistant.gateway.problems import ProblemError
from assistant.gateway.services import Parts, Services
from assistant.gateway.text import MAX_LENGTH
from assistant.gateway.transcript import as_text
from assistant.storage.records import Conversation

router = APIRouter(prefix="/chat", include_in_schema=False)
_templates = Jinja2Templates(directory=Path(__file__).with_name("templates"))
_templates.env.filters |= {"day": page_words.day, "site": page_words.site}
_templates.env.tests |= {"whole_number": page_words.is_whole_number}
_Field = Annotated[str, Form(max_length=5000)]


@router.get("")
async def show(request: Request, parts: Parts) -> Response:
    """Show the conversation, or the way to begin one."""
    conversation = await page_session.current(request, parts)
    if conversation is None:
        return _page(request, "start.html", {})
    return await _chat(request, parts, conversation)


@router.post("/start")
async def start(request: Request, parts: Parts, reading_mode: _Field = "standard") -> Response:
    """Begin a conversation."""
    page_session.check_form(request, page_session.form_token(request))
    try:
        await check_start(parts, request)
    except ProblemError as error:
        return _page(request, "start.html", {"error": parts.replies.phrase(error.detail)}, code=error.status)
    mode: contract.ReadingMode = "easy" if reading_mode == "easy" else "standard"
    begun = await conversations.start(parts, contract.StartRequest(reading_mode=mode))
    response = _to_chat()
    page_session.remember(response, request, parts, conversation_id=begun.conversation_id, token=begun.token)
    return response


@router.post("/say")
async def say(
    request: Request,
    parts: Parts,
    form_token: _Field = "",
    text: _Field = "",
    choice: _Field = "",
    client_message_id: _Field = "",
) -> Response:
    """Say something or press a choice; sending the same form twice says it once."""
    conversation = await _own(request, parts, form_token)
    if conversation is None:
        return _to_chat()
    try:
        await check_client(parts, request)
        check_rate(parts, "say", conversation.id, Rate(parts.settings.limit_conversation_per_minute, 60))
        said = await conversations.read_said(parts, conversation, _said(text, choice, client_message_id))
        await turns.take_turn(parts, conversation, said)
    except ProblemError as error:
        words = parts.replies.phrase(error.detail)
        return await _chat(request, parts, conversation, error=words, typed=text, code=error.status)
    return _to_chat("#latest")


@router.post("/mode")
async def change_mode(request: Request, parts: Parts, form_token: _Field = "", reading_mode: _Field = "") -> Response:
    """Switch the reading mode."""
    conversation = await _own(request, parts, form_token)
    if conversation is not None and reading_mode in ("standard", "easy"):
        wish = contract.ChangeRequest.model_validate({"reading_mode": reading_mode})
        await rewording.change(parts, conversation, wish)
    return _to_chat("#latest")


@router.post("/feedback")
async def rate(
    request: Request,
    parts: Parts,
    form_token: _Field = "",
    message: _Field = "",
    helpful: _Field = "",
    comment: _Field = "",
) -> Response:
    """Say whether an answer helped, and in a line why not."""
    conversation = await _own(request, parts, form_token)
    if conversation is not None:
        words = comment[:MAX_LENGTH] or None
        await conversations.keep_feedback(parts, conversation, message, helpful=helpful == "yes", comment=words)
    return _to_chat("?thanks=1#thanks")


@router.get("/person")
async def person_form(request: Request, parts: Parts) -> Response:
    """Show the form for asking for a person."""
    conversation = await page_session.current(request, parts)
    return _to_chat() if conversation is None else _page(request, "person.html", {"given": {}})


@router.post("/person")
async def ask_for_person(request: Request, parts: Parts) -> Response:
    """Ask for a person; what was typed stays on the page if something is missing."""
    fields = {key: str(value) for key, value in (await request.form()).items()}
    conversation = await _own(request, parts, fields.get("form_token", ""))
    if conversation is None:
        return _to_chat()
    try:
        await handover.submit(parts, conversation, _handover_form(fields))
    except ProblemError as error:
        context = {"given": fields, "error": parts.replies.phrase(error.detail)}
        return _page(request, "person.html", context, code=error.status)
    return _to_chat("#latest")


@router.get("/transcript")
async def transcript(request: Request, parts: Parts) -> Response:
    """Give the conversation as a text file."""
    conversation = await page_session.current(request, parts)
    if conversation is None:
        return _to_chat()
    found = await run_sync(parts.storage.conversations.messages, conversation.id)
    headers = {"Content-Disposition": 'attachment; filename="chat.txt"'}
    text = as_text(found, parts.replies, parts.settings.timezone)
    return Response(text, media_type="text/plain", headers=headers)


@router.get("/leave")
async def leave(parts: Parts) -> Response:
    """Forget the conversation in this browser and go to a neutral page."""
    response = RedirectResponse(parts.replies.phrase("leave_url"), status_code=303)
    page_session.forget(response)
    return response


@router.post("/delete")
async def delete(request: Request, parts: Parts, form_token: _Field = "") -> Response:
    """Delete the conversation."""
    conversation = await _own(request, parts, form_token)
    if conversation is not None:
        await conversations.remove(parts, conversation)
    response = _page(request, "start.html", {"deleted": True})
    page_session.forget(response)
    return response


async def _own(request: Request, parts: Services, form_token: str) -> Conversation | None:
    page_session.check_form(request, form_token)
    return await page_session.current(request, parts)


async def _chat(
    request: Request,
    parts: Services,
    conversation: Conversation,
    *,
    error: str = "",
    typed: str = "",
    code: int = 200,
) -> Response:
    found = await run_sync(parts.storage.conversations.messages, conversation.id)
    shown = [rendering.to_contract(message, mode=conversation.reading_mode) for message in found]
    context = {
        "messages": shown,
        "conversation": conversation,
        "error": error,
        "typed": typed[: MAX_LENGTH * 4],
        "limit": MAX_LENGTH,
        "client_message_id": uuid.uuid4(),
        "thanks": "thanks" in request.query_params,
    }
    return _page(request, "chat.html", context, code=code)


def _page(request: Request, name: str, context: dict[str, Any], *, code: int = 200) -> Response:
    common = {"form_token": page_session.form_token(request)}
    return _templates.TemplateResponse(request, name, common | context, status_code=code)


def _to_chat(place: str = "") -> RedirectResponse:
    return RedirectResponse(f"/chat{place}", status_code=303)


def _said(text: str, choice: str, client_message_id: str) -> contract.SayRequest:
    given = {"choice": choice} if choice else {"text": text}
    try:
        return contract.SayRequest.model_validate(given | {"client_message_id": client_message_id or None})
    except ValidationError:
        raise ProblemError(422, "invalid_fields") from None


def _handover_form(fields: dict[str, str]) -> contract.HandoverForm:
    values = {key: value for key, value in fields.items() if value.strip()}
    try:
        return contract.HandoverForm.model_validate(
            values | {"consent": "consent" in values, "share_transcript": "share_transcript" in values}
        )
    except ValidationError:
        raise ProblemError(422, "incomplete_form") from None
