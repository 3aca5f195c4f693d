"""The queue: safeguarding on top, then requests by state, with filters, search and pages."""

from dataclasses import dataclass

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.gateway.services import Parts, Services
from assistant.review.access import Reader
from assistant.review.background import is_background
from assistant.review.filters import Filters, page_number
from assistant.review.view import page
from assistant.storage import desk_records, moments
from assistant.storage.desk_records import Counts, SafeguardingFlag
from assistant.storage.staff_records import Account, AccountState

router = APIRouter()
SIZE = 25
# More than this many safeguarding records are on the lane's own pages.
_LANE = 6


@dataclass(frozen=True)
class _Found:
    requests: tuple[desk_records.Request, ...]
    total: int
    number: int
    counts: Counts
    flags: tuple[SafeguardingFlag, ...]
    tags: tuple[str, ...]
    staff: tuple[AccountState, ...]


@router.get("/requests")
async def queue(request: Request, parts: Parts, account: Reader) -> Response:
    """Show the queue."""
    filters = Filters.read(request.query_params)
    number = page_number(request.query_params)
    found = await run_sync(lambda: _read(parts, filters, number, account))
    if found.flags and not is_background(request):
        count = len(found.flags)
        await run_sync(
            lambda: parts.storage.audit.record(
                None, actor=account.id, action="safeguarding.listed", detail={"count": count}
            )
        )
    return page(
        request,
        "queue.html",
        found=found,
        filters=filters,
        now=moments.to_ms(parts.storage.now()),
        names=names(found.staff),
        last=max(1, -(-found.total // SIZE)),
        states=desk_records.REQUEST_STATES,
        open_total=sum(count for state, count in found.counts.requests.items() if state != "closed"),
        open_flags=sum(count for state, count in found.counts.flags.items() if state != "closed"),
    )


def names(staff: tuple[AccountState, ...]) -> dict[str, str]:
    """Return the name of each account by id."""
    return {state.account.id: state.account.name for state in staff}


def assignable(staff: tuple[AccountState, ...]) -> tuple[Account, ...]:
    """Return the accounts that can look after a request."""
    return tuple(state.account for state in staff if state.account.role != "editor" and not state.disabled)


def _read(parts: Services, filters: Filters, number: int, account: Account) -> _Found:
    storage = parts.storage
    wanted = filters.wanted(me=account.id, now=storage.now(), zone=parts.settings.timezone)
    requests, total = storage.queue.page(wanted, offset=(number - 1) * SIZE, limit=SIZE)
    if not requests and total:
        # The page was there until some were closed.
        number = -(-total // SIZE)
        requests, total = storage.queue.page(wanted, offset=(number - 1) * SIZE, limit=SIZE)
    return _Found(
        requests=requests,
        total=total,
        number=number,
        counts=storage.queue.counts(),
        flags=storage.flags.page(closed=False, limit=_LANE)[0],
        tags=storage.queue.tags(),
        staff=storage.staff.all(),
    )
