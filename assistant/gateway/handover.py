"""The family's side of a hand-over to a person."""

import re
from datetime import datetime

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends

from assistant.gateway import contract, rendering
from assistant.gateway.access import Own, check_client
from assistant.gateway.broker import News
from assistant.gateway.desk import tell_staff
from assistant.gateway.hours import Calendar
from assistant.gateway.problems import ProblemError
from assistant.gateway.services import Parts, Services
from assistant.gateway.text import clean
from assistant.storage import moments
from assistant.storage.records import Conversation, HandoverRequest, NewMessage, StoredHandover

router = APIRouter(prefix="/conversations", dependencies=[Depends(check_client)], tags=["conversations"])
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,22}[0-9]( ?(ext|x)\.? ?[0-9]{1,5})?", re.IGNORECASE)


@router.post("/{conversation_id}/handover", status_code=201)
async def hand_over(parts: Parts, conversation: Own, form: contract.HandoverForm) -> contract.HandedOver:
    """Ask for a person; the same submission twice is one request."""
    return await submit(parts, conversation, form)


async def submit(parts: Services, conversation: Conversation, form: contract.HandoverForm) -> contract.HandedOver:
    """Check and store a request, and let the conversation's listeners know.

    Raises:
        ProblemError: 422 without consent, note or way to reply; 404 if the conversation is gone.
    """
    request = checked(form)
    # What was set a moment ago in another process holds for this promise, too.
    await run_sync(parts.storage.operator.refresh)
    moment = moments.now()
    calendar = Calendar(parts.operating)
    due = calendar.expected_by(moment)
    expected = expectation(parts, due, is_open=calendar.is_open(moment))

    def confirm(reference: str) -> NewMessage:
        payload = parts.replies.handed_over(conversation.reading_mode, reference=reference, expected=expected)
        return rendering.from_payload(payload, mode=conversation.reading_mode, sender="system")

    async with parts.locks.hold(conversation.id):
        stored = await run_sync(
            lambda: parts.storage.handovers.submit(conversation.id, request, expected_by=due, confirm=confirm)
        )
    if stored is None:
        raise ProblemError(404, "no_conversation")
    if stored.is_new:
        parts.metrics.event("handover")
        await parts.broker.publish(conversation.id, News("handover", {"handover": "waiting"}))
    await tell_staff(parts)
    return _answer(parts, stored)


def checked(form: contract.HandoverForm) -> HandoverRequest:
    """Clean and check a form.

    Raises:
        ProblemError: 422 with what is missing.
    """
    if not form.consent:
        raise ProblemError(422, "no_consent")
    name, email, phone = (clean(value or "") or None for value in (form.name, form.email, form.phone))
    if email and not _EMAIL.fullmatch(email):
        raise ProblemError(422, "bad_email")
    if phone and not _PHONE.fullmatch(phone):
        raise ProblemError(422, "bad_phone")
    if not {"email": email, "phone": phone, "chat": True}[form.preferred_contact]:
        raise ProblemError(422, "no_way_to_reply")
    summary = clean(form.summary)
    if not summary:
        raise ProblemError(422, "summary_length")
    return HandoverRequest(
        preferred_contact=form.preferred_contact,
        summary=summary,
        share_transcript=form.share_transcript,
        name=name,
        email=email,
        phone=phone,
    )


def expectation(parts: Services, due: datetime, *, is_open: bool) -> str:
    """Say honestly when a reply can be expected."""
    moment = f"{due:%A} {due.day} {due:%B}, {due:%H:%M}"
    sentence = parts.replies.phrase("expected_open" if is_open else "expected_closed")
    parts_of_it = [sentence.replace("{moment}", moment)]
    if not parts.operating.hours_confirmed:
        parts_of_it.append(parts.replies.phrase("hours_unconfirmed"))
    return " ".join(parts_of_it)


def _answer(parts: Services, stored: StoredHandover) -> contract.HandedOver:
    due = moments.from_ms(stored.expected_by).astimezone(parts.settings.timezone)
    is_open = Calendar(parts.operating).is_open(moments.from_ms(stored.created_at))
    return contract.HandedOver(
        reference=stored.reference,
        expected_reply=expectation(parts, due, is_open=is_open),
        expected_by=moments.from_ms(stored.expected_by),
    )
