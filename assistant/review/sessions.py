"""The browser's side of a staff session: cookie, form token, beginning and end."""

import hashlib
import hmac
import secrets

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from assistant.gateway.services import Services
from assistant.storage.staff_records import Account, StaffSession, Stage

COOKIE = "send_staff"
_PATH = "/staff"
_BYTES = 32
# Longest name first where one browser's name contains another's.
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Macintosh", "Linux")


def session_id(value: str) -> str:
    """Return the name under which storage knows a cookie's value."""
    return hashlib.sha256(b"staff:" + value.encode("utf-8", "surrogatepass")).hexdigest()


async def current(request: Request, parts: Services) -> StaffSession | None:
    """Return the browser's session at any stage, or None."""
    value = request.cookies.get(COOKIE, "")
    return await parts.read(parts.storage.staff_sessions.find, session_id(value)) if value else None


async def begin(request: Request, response: Response, parts: Services, account: Account, stage: Stage) -> None:
    """Begin a session under a new cookie, whatever the browser sent; the one before ends."""
    value = secrets.token_urlsafe(_BYTES)
    before = request.cookies.get(COOKIE, "")
    await run_sync(
        lambda: parts.storage.staff_sessions.begin(
            session_id(value),
            account,
            stage=stage,
            device=device(request.headers.get("user-agent", "")),
            instead_of=session_id(before) if before else "",
        )
    )
    _set(request, response, value)


def forget(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="strict")


def form_token(request: Request) -> str:
    """Return the token that forms of this browser must carry; bound to its session, useless without the cookie.

    A browser without a cookie gets one with the page (`keep_browser`), so that sign-in is protected as well.
    """
    value = request.cookies.get(COOKIE) or _fresh(request)
    return hmac.new(value.encode("utf-8", "surrogatepass"), b"form token", hashlib.sha256).hexdigest()


def keep_browser(request: Request, response: Response) -> None:
    """Give a browser without a cookie the value that its form token was made from."""
    value = getattr(request.state, "fresh_cookie", "")
    if value:
        _set(request, response, value)


def device(agent: str) -> str:
    """Return browser and system by name, without the version numbers that would single a person out."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return ", ".join(part for part in (browser, system) if part)


def _fresh(request: Request) -> str:
    if not getattr(request.state, "fresh_cookie", ""):
        request.state.fresh_cookie = secrets.token_urlsafe(_BYTES)
    value: str = request.state.fresh_cookie
    return value


def _set(request: Request, response: Response, value: str) -> None:
    parts: Services = request.app.state.services
    # A page rendered before may have given the browser a cookie already; there must be one.
    mark = f"{COOKIE}=".encode()
    response.raw_headers = [
        (name, text) for name, text in response.raw_headers if name != b"set-cookie" or not text.startswith(mark)
    ]
    response.set_cookie(
        COOKIE,
        value,
        path=_PATH,
        httponly=True,
        samesite="strict",
        secure=parts.settings.cookie_secure or request.url.scheme == "https",
    )
