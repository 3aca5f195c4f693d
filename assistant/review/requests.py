"""One request: what the family sent, the conversation as far as consent covers it, and the forms to work on it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.gateway.desk import tell_staff
from assistant.gateway.services import Parts, Services
from assistant.review.access import Reader
from assistant.review.background import is_background
from assistant.review.queue import assignable, names
from assistant.review.view import page
from assistant.storage import moments
from assistant.storage.audit import AuditFilter
from assistant.storage.desk_records import CLOSE_REASONS, PRIORITIES, Dossier, NoSuchRecord, Note, Presence
from assistant.storage.operator import CannedReply
from assistant.storage.staff_records import Account, AccountState, AuditEntry

router = APIRouter()
REPLY_LIMIT, NOTE_LIMIT, TAGS_LIMIT = 2000, 2000, 200
_HISTORY = 30


@dataclass(frozen=True)
class Whole:
    """Everything that the page of a request shows, contact details apart."""

    dossier: Dossier
    notes: tuple[Note, ...]
    others: tuple[Presence, ...]
    is_fresh_look: bool
    staff: tuple[AccountState, ...]
    replies: tuple[CannedReply, ...]
    history: tuple[AuditEntry, ...]


@router.get("/requests/{request_id}")
async def show(request: Request, parts: Parts, account: Reader, request_id: str) -> Response:
    """Show a request."""
    return await render(request, parts, account, request_id)


@router.post("/requests/{request_id}/contact")
async def contact(request: Request, parts: Parts, account: Reader, request_id: str) -> Response:
    """Show a request with name, e-mail and phone; the look is written down first."""

    def opened() -> dict[str, str | None]:
        if parts.storage.requests.find(request_id) is None:
            raise NoSuchRecord(request_id)
        parts.storage.audit.record(None, actor=account.id, action="request.contact_viewed", subject=request_id)
        return parts.storage.requests.contact(request_id)

    return await render(request, parts, account, request_id, contact=await run_sync(opened))


@router.get("/requests/{request_id}/print")
async def printed(request: Request, parts: Parts, account: Reader, request_id: str) -> Response:
    """Show note, conversation and private notes as one plain page for the printer."""
    whole = await run_sync(lambda: _read(parts, account, request_id, action="request.printed", background=False))
    return page(request, "request_print.html", **_context(parts, whole))


@router.post("/requests/{request_id}/presence")
async def present(parts: Parts, account: Reader, request_id: str) -> Response:
    """Take a sign of life of somebody who has the request open."""
    was_here, _ = await run_sync(parts.storage.requests.see, request_id, account.id)
    if not was_here:
        await tell_staff(parts)
    return Response(status_code=204)


async def render(
    request: Request,
    parts: Services,
    account: Account,
    request_id: str,
    *,
    status: int = 200,
    problem: tuple[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    contact: Mapping[str, str | None] | None = None,
) -> Response:
    """Render the page of a request.

    Args:
        request: The HTTP request.
        parts: The services.
        account: Who looks; written down.
        request_id: Which one.
        status: What the answer carries.
        problem: Field and key of what went wrong with a form (`desk.problems` in texts.yml).
        typed: What stood in the form that was sent: nothing typed is lost.
        contact: Contact details, if they were asked for.

    Raises:
        NoSuchRecord: The request is gone.
    """
    silent = is_background(request)
    whole = await run_sync(lambda: _read(parts, account, request_id, action="request.viewed", background=silent))
    if whole.is_fresh_look:
        # Whoever else has it open sees that somebody came.
        await tell_staff(parts)
    own = {"problem": problem, "typed": typed or {}, "contact": contact, "once": uuid.uuid4().hex}
    return page(request, "request.html", status=status, **own, **_context(parts, whole))


def _read(parts: Services, account: Account, request_id: str, *, action: str, background: bool) -> Whole:
    storage = parts.storage
    was_here, others = storage.requests.see(request_id, account.id)
    # A page that looks again by itself is the same look, as long as it began with one that was written down.
    if not (background and was_here):
        storage.audit.record(None, actor=account.id, action=action, subject=request_id)
    dossier = storage.requests.dossier(request_id)
    if dossier is None:
        raise NoSuchRecord(request_id)
    return Whole(
        dossier=dossier,
        notes=storage.requests.notes(request_id),
        others=others,
        is_fresh_look=not was_here,
        staff=storage.staff.all(),
        replies=storage.operator.canned_replies(),
        history=storage.audit.page(AuditFilter(subject=request_id), limit=_HISTORY)[0],
    )


def _context(parts: Services, whole: Whole) -> dict[str, Any]:
    heard = [line for line in whole.dossier.lines if line.id]
    return {
        "whole": whole,
        "dossier": whole.dossier,
        "asked": whole.dossier.request,
        "names": names(whole.staff),
        "colleagues": assignable(whole.staff),
        "now": moments.to_ms(parts.storage.now()),
        "newest": heard[-1].id if heard else "",
        "reasons": CLOSE_REASONS,
        "priorities": PRIORITIES,
        "limits": {"reply": REPLY_LIMIT, "note": NOTE_LIMIT, "tags": TAGS_LIMIT},
    }
