"""Who may see what: a session for everything, roles for most, a form token for every change."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import quote, urlsplit

from anyio.to_thread import run_sync
from fastapi import Depends, Request

from assistant.gateway.access import client_address
from assistant.gateway.limits import Rate
from assistant.gateway.services import Parts, Services
from assistant.review import sessions
from assistant.review.background import is_background
from assistant.review.problems import NotSignedIn, StaffProblem, for_program
from assistant.review.view import PREFIX
from assistant.storage.staff_records import Account, Role, StaffSession, Stage

FORM_FIELD = "csrf"
FORM_HEADER = "x-csrf-token"
SIGN_IN = f"{PREFIX}/sign-in"
_SAFE = frozenset({"GET", "HEAD"})
_OWN_SITES = frozenset({"same-origin", "none", ""})
# Where a session that is not complete goes on.
_NEXT: dict[Stage, str] = {"code": f"{SIGN_IN}/code", "enrol": f"{SIGN_IN}/second-factor"}


async def signed(request: Request, parts: Parts) -> Account:
    """Return the signed-in account.

    Raises:
        NotSignedIn: A page was asked for without a session, or before the second factor.
        StaffProblem: 401 where something was sent, or a script asks.
    """
    session = await sessions.current(request, parts)
    if session is None or session.stage != "full":
        raise _not_signed_in(request, session)
    if not is_background(request):
        await run_sync(parts.storage.staff_sessions.seen, session)
    request.state.session, request.state.account = session, session.account
    return session.account


Signed = Annotated[Account, Depends(signed)]


def needs(*roles: Role) -> Callable[[Request, Parts, Signed], Awaitable[Account]]:
    """Build a dependency that lets some roles through, returns the account and writes down who was refused."""

    async def allowed(request: Request, parts: Parts, account: Signed) -> Account:
        if account.role not in roles:
            path = request.url.path
            await run_sync(
                lambda: parts.storage.audit.record(None, actor=account.id, action="access.refused", subject=path)
            )
            raise StaffProblem(403, "not_allowed")
        return account

    return allowed


reader, manager, editor = needs("reviewer", "manager"), needs("manager"), needs("editor", "manager")
# May read families' requests.
Reader = Annotated[Account, Depends(reader)]
Manager = Annotated[Account, Depends(manager)]
# May work on content; requests are not shown to editors.
Editor = Annotated[Account, Depends(editor)]


async def own_session(request: Request, _account: Signed) -> StaffSession:
    """Return the session of the request."""
    session: StaffSession = request.state.session
    return session


OwnSession = Annotated[StaffSession, Depends(own_session)]


async def check_csrf(request: Request, parts: Parts) -> None:
    """Refuse changes that did not come from a page of ours; on every staff route.

    Raises:
        StaffProblem: 403.
    """
    if request.method in _SAFE:
        return
    if not _from_here(request, parts):
        raise StaffProblem(403, "foreign_form")
    given = request.headers.get(FORM_HEADER) or (await request.form()).get(FORM_FIELD, "")
    if not isinstance(given, str) or not _same(given, sessions.form_token(request)):
        raise StaffProblem(403, "foreign_form")


def check_rate(parts: Services, request: Request) -> None:
    """Count a try to sign in from this address.

    Raises:
        StaffProblem: 429.
    """
    if parts.settings.rate_limit:
        rate = Rate(parts.settings.staff_sign_ins_per_minute, 60)
        seconds = parts.limiter.wait("staff-sign-in", client_address(request), rate)
        if seconds:
            raise StaffProblem(429, "too_many", headers={"Retry-After": str(seconds)})


def _from_here(request: Request, parts: Services) -> bool:
    if request.headers.get("sec-fetch-site", "") not in _OWN_SITES:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    own = {request.headers.get("host", ""), urlsplit(parts.settings.public_url).netloc}
    return bool(origin != "null" and urlsplit(origin).netloc in own - {""})


def _not_signed_in(request: Request, session: StaffSession | None) -> Exception:
    if request.method not in _SAFE or for_program(request):
        return StaffProblem(401, "signed_out")
    if session is not None and session.stage in _NEXT:
        return NotSignedIn(_NEXT[session.stage])
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return NotSignedIn(f"{SIGN_IN}?next={quote(wanted, safe='')}")


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), token.encode())
