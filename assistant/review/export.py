"""The list of requests for other programs: CSV, JSON, and the queue's own address for them."""

import csv
import io
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from assistant.gateway.services import Parts, Services
from assistant.review.access import Reader
from assistant.review.filters import Filters, page_number
from assistant.review.queue import names
from assistant.storage import desk_records, moments
from assistant.storage.staff_records import Account

router = APIRouter()
# Ids, states and times; nothing that a family typed.
_PLAIN = ("id", "reference", "state", "preferred_contact", "share_transcript", "close_reason", "helped")
_TIMES = ("created_at", "expected_by", "due_at", "first_reply_at", "updated_at", "closed_at")
COLUMNS = (*_PLAIN, "priority", "assigned_to", *_TIMES, "tags")
_API_SIZE = 100


@router.get("/export/requests.csv")
async def as_csv(request: Request, parts: Parts, account: Reader) -> Response:
    """Give the filtered list as CSV, one row a request."""
    rows = await run_sync(lambda: _exported(request, parts, account, "csv"))
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows({**row, "tags": " | ".join(row["tags"])} for row in rows)
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=_attached("requests.csv"))


@router.get("/export/requests.json")
async def as_json(request: Request, parts: Parts, account: Reader) -> Response:
    """Give the filtered list as JSON."""
    rows = await run_sync(lambda: _exported(request, parts, account, "json"))
    return JSONResponse({"requests": rows}, headers=_attached("requests.json"))


@router.get("/api/v1/handovers")
async def handovers(request: Request, parts: Parts, account: Reader) -> Response:
    """List the queue, a hundred at a time (`page`), with the same filters as the page (`state` and so on)."""
    filters, number = Filters.read(request.query_params), page_number(request.query_params)

    def read() -> tuple[list[dict[str, Any]], int, desk_records.Counts]:
        wanted = filters.wanted(me=account.id, now=parts.storage.now(), zone=parts.settings.timezone)
        found, total = parts.storage.queue.page(wanted, offset=(number - 1) * _API_SIZE, limit=_API_SIZE)
        people = names(parts.storage.staff.all())
        return [_row(one, people) for one in found], total, parts.storage.queue.counts()

    rows, total, counts = await run_sync(read)
    tallies = {"requests": counts.requests, "safeguarding": counts.flags, "late": counts.late}
    return JSONResponse({"handovers": rows, "total": total, "page": number, "counts": tallies})


def _exported(request: Request, parts: Services, account: Account, kind: str) -> list[dict[str, Any]]:
    filters = Filters.read({"state": "all", **request.query_params})
    wanted = filters.wanted(me=account.id, now=parts.storage.now(), zone=parts.settings.timezone)
    found = parts.storage.queue.all(wanted)
    parts.storage.audit.record(
        None, actor=account.id, action="requests.exported", detail={"format": kind, "count": len(found)}
    )
    people = names(parts.storage.staff.all())
    return [_row(one, people) for one in found]


def _row(request: desk_records.Request, people: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(request, name) for name in _PLAIN}
    fields["priority"] = request.priority
    fields["assigned_to"] = people.get(request.assignee or "")
    fields |= {name: _moment(getattr(request, name)) for name in _TIMES}
    return fields | {"tags": list(request.tags)}


def _moment(value: int | None) -> str | None:
    return moments.from_ms(value).strftime("%Y-%m-%dT%H:%M:%SZ") if value is not None else None


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
