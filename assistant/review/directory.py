"""Sign-in with the directory of a council or charity: OpenID Connect, by Authlib."""

import logging
from collections.abc import Mapping
from typing import Any

from anyio.to_thread import run_sync
from authlib.common.errors import AuthlibBaseError

# Authlib chooses between two HTTP libraries; errors are those of the one it has chosen.
from authlib.integrations.httpx_client.oauth2_client import httpx2 as http
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Request
from joserfc.errors import JoseError
from starlette.responses import Response

from assistant.errors import StorageError
from assistant.gateway.services import Parts, Services
from assistant.log import event
from assistant.review import sessions
from assistant.review.access import check_rate
from assistant.review.problems import StaffProblem
from assistant.review.sign_in import safe
from assistant.review.view import PREFIX, page
from assistant.settings import Settings
from assistant.storage import moments
from assistant.storage.staff_records import Account

router = APIRouter()
_logger = logging.getLogger(__name__)
_PATH = f"{PREFIX}/sign-in/directory"
# The browser comes back from another site, so this cookie cannot be Strict; it lives for one sign-in.
_COOKIE = "send_staff_directory"
_MINUTES = 10
_SECONDS_TO_ANSWER = 8.0
# Signed with a key that only the provider has: neither "none" nor the client's own secret.
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


def client(settings: Settings) -> Any:
    """Return Authlib's client of the directory, or None if none is set; nothing is fetched yet."""
    if not settings.oidc_issuer:
        return None
    return OAuth().register(
        "directory",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.value or None,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "timeout": _SECONDS_TO_ANSWER,
            "token_endpoint_auth_method": "client_secret_basic" if settings.oidc_client_secret else "none",
        },
    )


@router.get("/sign-in/directory")
async def start(request: Request, parts: Parts, next: str = "") -> Response:
    """Send the browser to the directory, with state, nonce and PKCE remembered in a sealed cookie.

    Raises:
        StaffProblem: 404 where no directory is set, 502 if it does not answer as it should.
    """
    check_rate(parts, request)
    found = _client(request)
    until = moments.to_ms(parts.storage.now()) + _MINUTES * 60_000
    request.scope["session"] = {"until": until, "next": safe(next)}
    try:
        await _check_metadata(found, parts.settings)
        response: Response = await found.authorize_redirect(request, _return_address(request, parts.settings))
    except (http.HTTPError, AuthlibBaseError, JoseError, RuntimeError, ValueError) as error:
        raise _down(error) from error
    response.status_code = 303
    response.set_cookie(
        _COOKIE,
        parts.storage.seal.close(request.scope["session"]).decode(),
        max_age=_MINUTES * 60,
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=parts.settings.cookie_secure or request.url.scheme == "https",
    )
    return response


@router.get("/sign-in/directory/back")
async def back(request: Request, parts: Parts) -> Response:
    """Check what the directory says and begin a session.

    Raises:
        StaffProblem: 401 if the answer cannot be trusted, 403 if there is no account for the person.
    """
    check_rate(parts, request)
    session = _remembered(request, parts)
    claims = await _claims(request, parts.settings, session)
    account = await run_sync(_account, parts, claims)
    if account is None:
        raise StaffProblem(403, "directory_unknown")
    # A redirect would still count as coming from the other site, and the browser would hold the Strict cookie
    # back; a page of ours that goes on by itself does not.
    response = page(request, "directory_back.html", address=safe(str(session.get("next", ""))))
    response.delete_cookie(_COOKIE, path=_PATH, httponly=True, samesite="lax")
    await sessions.begin(request, response, parts, account, "full")
    return response


def _client(request: Request) -> Any:
    found = request.app.state.directory
    if found is None:
        raise StaffProblem(404, "no_such_page")
    return found


async def _check_metadata(found: Any, settings: Settings) -> Mapping[str, Any]:
    """Load what the directory says of itself, once; narrow the algorithms to those that can be trusted."""
    metadata: dict[str, Any] = await found.load_server_metadata()
    if str(metadata.get("issuer", "")).rstrip("/") != settings.oidc_issuer:
        # Not kept: the next try asks again.
        found.server_metadata.clear()
        raise ValueError("the issuer in the directory's metadata is another")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in _ALGORITHMS]
    return metadata


async def _claims(request: Request, settings: Settings, session: dict[str, Any]) -> Mapping[str, Any]:
    """Exchange the code and return the verified claims of the identity token."""
    found = _client(request)
    request.scope["session"] = session
    try:
        metadata = await _check_metadata(found, settings)
        options = {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": settings.oidc_client_id},
        }
        token = await found.authorize_access_token(request, claims_options=options)
    except http.HTTPError as error:
        raise _down(error) from error
    except (AuthlibBaseError, JoseError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise _refused(type(error).__name__) from error
    claims: Mapping[str, Any] | None = token.get("userinfo")
    if not claims:
        raise _refused("no_id_token")
    return claims


def _account(parts: Services, claims: Mapping[str, Any]) -> Account | None:
    """Find the account; writes down who was turned away by id only."""
    confirmed = claims.get("email_verified") is True and isinstance(claims.get("email"), str)
    subject = f"{str(claims['iss']).rstrip('/')} {claims['sub']}"
    account = parts.storage.staff.of_directory(subject, claims["email"] if confirmed else None)
    if account is None:
        parts.storage.audit.record(None, actor="unknown", action="staff.directory_refused")
    return account


def _remembered(request: Request, parts: Services) -> dict[str, Any]:
    """Return what `start` put into the cookie; nothing if it is missing, foreign or too old."""
    sealed = request.cookies.get(_COOKIE, "")
    try:
        session = parts.storage.seal.open(sealed.encode("ascii", "replace")) if sealed else {}
    except StorageError:
        session = {}
    return session if session.get("until", 0) > moments.to_ms(parts.storage.now()) else {}


def _return_address(request: Request, settings: Settings) -> str:
    base = settings.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return f"{base}{_PATH}/back"


def _down(error: Exception) -> StaffProblem:
    event(_logger, "directory_down", level=logging.ERROR, kind=type(error).__name__)
    return StaffProblem(502, "directory_down")


def _refused(kind: str) -> StaffProblem:
    # The error's own text can hold parts of the token.
    event(_logger, "directory_refused", level=logging.WARNING, kind=kind)
    return StaffProblem(401, "directory_failed")
