"""The session of the page without JavaScript: a cookie that only this page gets, and a form token."""

import hashlib
import hmac

from starlette.requests import Request
from starlette.responses import Response

from assistant.gateway.access import opened
from assistant.gateway.problems import ProblemError
from assistant.gateway.services import Services
from assistant.storage.records import Conversation

_COOKIE = "send_chat"
_PATH = "/chat"
# Browsers say where a request comes from; those that do not say are held by SameSite and the form token.
_OWN_SITES = frozenset({"same-origin", "none", ""})


def remember(response: Response, request: Request, parts: Services, *, conversation_id: str, token: str) -> None:
    """Let the browser open this conversation until it is closed."""
    response.set_cookie(
        _COOKIE,
        f"{conversation_id}.{token}",
        path=_PATH,
        httponly=True,
        samesite="strict",
        secure=parts.settings.cookie_secure or request.url.scheme == "https",
    )


def forget(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(_COOKIE, path=_PATH, httponly=True, samesite="strict")


async def current(request: Request, parts: Services) -> Conversation | None:
    """Return the browser's conversation, or None if it has none that can be opened."""
    conversation_id, _, token = request.cookies.get(_COOKIE, "").partition(".")
    if not conversation_id or not token:
        return None
    try:
        return await opened(parts, conversation_id, token)
    except ProblemError:
        return None


def form_token(request: Request) -> str:
    """Return the token that forms of this browser must carry; another site cannot know it."""
    return hashlib.sha256(b"form:" + request.cookies.get(_COOKIE, "").encode()).hexdigest()


def check_form(request: Request, given: str) -> None:
    """Refuse forms that another site sent.

    Raises:
        ProblemError: 403.
    """
    own = request.headers.get("sec-fetch-site", "") in _OWN_SITES
    if not own or not hmac.compare_digest(given.encode(), form_token(request).encode()):
        raise ProblemError(403, "foreign_form")
