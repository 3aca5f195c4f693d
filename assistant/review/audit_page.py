"""The audit log for managers: filtered and paginated, read only."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from assistant.gateway.services import Parts, Services
from assistant.review.access import Manager
from assistant.review.view import PREFIX, page
from assistant.storage import moments
from assistant.storage.audit import AuditFilter

router = APIRouter()
_ENTRIES = 50
_LAST_PAGE = 1_000_000
_Text = Annotated[str, Query(max_length=120)]


@router.get("/audit")
async def show(
    request: Request,
    parts: Parts,
    _account: Manager,
    actor: _Text = "",
    action: _Text = "",
    subject: _Text = "",
    since: _Text = "",
    until: _Text = "",
    number: Annotated[int, Query(alias="page", ge=1, le=_LAST_PAGE)] = 1,
) -> Response:
    """Show entries, newest first."""
    given = {"actor": actor, "action": action, "subject": subject.strip(), "since": since, "until": until}
    wanted = _filter(parts, given)
    offset = (number - 1) * _ENTRIES
    entries, total = await run_sync(lambda: parts.storage.audit.page(wanted, offset=offset, limit=_ENTRIES))
    states = await run_sync(parts.storage.staff.all)
    context: dict[str, Any] = {
        "entries": entries,
        "total": total,
        "number": number,
        "last": max(1, math.ceil(total / _ENTRIES)),
        "address": f"{PREFIX}/audit?{urlencode({key: value for key, value in given.items() if value} | {'page': ''})}",
        "given": given,
        "names": {state.account.id: state.account.name for state in states},
        "actions": await run_sync(parts.storage.audit.actions),
    }
    return page(request, "audit.html", **context)


def _filter(parts: Services, given: Mapping[str, str]) -> AuditFilter:
    until = _day(given["until"])
    return AuditFilter(
        actor=given["actor"],
        action=given["action"],
        subject=given["subject"],
        since=_start(parts, _day(given["since"])),
        until=_start(parts, until + timedelta(days=1) if until else None),
    )


def _day(text: str) -> date | None:
    """Return a day; what is none (a browser without date fields) filters nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(parts: Services, day: date | None) -> int | None:
    return moments.to_ms(datetime.combine(day, time(), parts.settings.timezone)) if day else None
