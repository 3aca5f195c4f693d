"""The lane of safeguarding records: a list, one record with its history, and the steps through its states."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assistant.errors import Stale
from assistant.gateway.desk import tell_staff
from assistant.gateway.services import Parts, Services
from assistant.gateway.text import clean
from assistant.review.access import Reader
from assistant.review.filters import page_number
from assistant.review.queue import SIZE, names
from assistant.review.requests import NOTE_LIMIT
from assistant.review.view import back, page
from assistant.storage import moments
from assistant.storage.desk_records import FLAG_STATES, NoSuchRecord, NotPossible
from assistant.storage.staff_records import Account

router = APIRouter(prefix="/safeguarding")
_Short = Annotated[str, Form(max_length=24)]
_Text = Annotated[str, Form(max_length=8000)]


@router.get("")
async def lane(request: Request, parts: Parts, account: Reader) -> Response:
    """Show the records that are open, or with `closed` those that are closed."""
    closed, number = bool(request.query_params.get("closed")), page_number(request.query_params)

    def read() -> tuple[object, int]:
        found, total = parts.storage.flags.page(closed=closed, offset=(number - 1) * SIZE, limit=SIZE)
        detail = {"count": len(found)}
        parts.storage.audit.record(None, actor=account.id, action="safeguarding.listed", detail=detail)
        return found, total

    found, total = await run_sync(read)
    last = max(1, -(-total // SIZE))
    now = moments.to_ms(parts.storage.now())
    return page(
        request, "safeguarding.html", flags=found, total=total, closed=closed, number=number, last=last, now=now
    )


@router.get("/{flag_id}")
async def show(request: Request, parts: Parts, account: Reader, flag_id: str) -> Response:
    """Show one record."""
    return await _render(request, parts, account, flag_id)


@router.post("/{flag_id}")
async def move(
    request: Request,
    parts: Parts,
    account: Reader,
    flag_id: str,
    seen: _Short = "",
    to: _Short = "",
    note: _Text = "",
) -> Response:
    """Move a record on, with a note."""
    text = clean(note)

    def step() -> None:
        if len(text) > NOTE_LIMIT:
            raise NotPossible("note")
        parts.storage.flags.move(flag_id, seen=seen, to=to, note=text, by=account.id)

    try:
        await run_sync(step)
    except (Stale, NotPossible) as error:
        is_stale = isinstance(error, Stale)
        key = "flag_stale" if isinstance(error, Stale) else error.key
        return await _render(
            request, parts, account, flag_id, status=409 if is_stale else 422, problem=("note", key), typed=note
        )
    await tell_staff(parts)
    return back(f"/safeguarding/{flag_id}", said="flag_moved")


async def _render(
    request: Request,
    parts: Services,
    account: Account,
    flag_id: str,
    *,
    status: int = 200,
    problem: tuple[str, str] | None = None,
    typed: str = "",
) -> Response:
    def read() -> tuple[object, object]:
        found = parts.storage.flags.find(flag_id)
        if found is None:
            raise NoSuchRecord(flag_id)
        parts.storage.audit.record(None, actor=account.id, action="safeguarding.viewed", subject=flag_id)
        return found, names(parts.storage.staff.all())

    flag, people = await run_sync(read)
    return page(
        request,
        "safeguarding_record.html",
        status=status,
        flag=flag,
        names=people,
        problem=problem,
        typed=typed,
        states=FLAG_STATES,
        limit=NOTE_LIMIT,
        now=moments.to_ms(parts.storage.now()),
    )
