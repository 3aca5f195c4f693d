"""Signing in with e-mail address and password, and signing out."""

import logging
from typing import Annotated
from urllib.parse import urlencode

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.gateway.services import Parts, Services
from assistant.log import event
from assistant.review import passwords, sessions
from assistant.review.access import SIGN_IN, check_rate
from assistant.review.view import PREFIX, back, page
from assistant.storage.staff_records import Account, Stage

router = APIRouter()
_logger = logging.getLogger(__name__)
Field = Annotated[str, Form(max_length=400)]
START = f"{PREFIX}/"


@router.get("/sign-in")
async def show(request: Request, parts: Parts, next: str = "") -> Response:
    """Show the form; who is signed in already goes on."""
    session = await sessions.current(request, parts)
    if session is not None and session.stage == "full":
        return RedirectResponse(safe(next), status_code=303)
    return _form(request, parts, next=next)


@router.post("/sign-in")
async def sign_in(
    request: Request, parts: Parts, email: Field = "", password: Field = "", next: Field = ""
) -> Response:
    """Check the password; the second factor comes next."""
    check_rate(parts, request)
    account = await _checked(request, parts, email, password)
    if account is None:
        return _form(request, parts, next=next, email=email, error="wrong", status=401)
    stage = await _stage(parts, account)
    if stage == "full":
        await run_sync(parts.storage.staff.succeeded, account.id)
    return await begun(request, parts, account, stage=stage, next=next)


@router.post("/sign-out")
async def sign_out(request: Request, parts: Parts) -> Response:
    """End the session; harmless without one."""
    session = await sessions.current(request, parts)
    if session is not None:
        await run_sync(parts.storage.staff_sessions.end, session.id, session.account.id)
    response = back("/sign-in", said="signed_out")
    sessions.forget(response)
    return response


async def begun(request: Request, parts: Services, account: Account, *, stage: Stage, next: str) -> Response:
    """Begin a session at this stage and send the person on."""
    onward = f"?{urlencode({'next': safe(next)})}" if next else ""
    pages = {"full": safe(next), "code": f"{SIGN_IN}/code{onward}", "enrol": f"{SIGN_IN}/second-factor"}
    response = RedirectResponse(pages[stage], status_code=303)
    await sessions.begin(request, response, parts, account, stage)
    return response


def safe(address: str) -> str:
    """Return an address below `/staff` to go on to; anything else becomes the start page."""
    plain = address.isprintable() and "\\" not in address and ".." not in address
    own = address.startswith(START) and not address.startswith(f"{PREFIX}/sign-")
    return address if plain and own else START


async def check_password(request: Request, password: str, stored: str | None) -> bool:
    """Compare a password with its hash in a thread, a few at a time."""
    limiter: CapacityLimiter = request.app.state.hashing
    return await run_sync(passwords.matches, password[: passwords.LONGEST], stored, limiter=limiter)


async def _checked(request: Request, parts: Services, email: str, password: str) -> Account | None:
    """Return the account that the password opens; every way to fail takes as long and looks the same."""
    attempt = await run_sync(parts.storage.staff.attempt, email)
    right = await check_password(request, password, attempt.password_hash)
    account = attempt.account
    if account is None or not attempt.allowed or not right:
        event(_logger, "staff_sign_in_failed", known=account is not None, paused=not attempt.allowed)
        await run_sync(lambda: _note_failure(parts, account, paused=not attempt.allowed))
        return None
    await run_sync(parts.storage.staff.password_was_right, account.id)
    if passwords.is_dated(attempt.password_hash or ""):
        await run_sync(parts.storage.staff.renew_hash, account.id, passwords.hashed(password))
    return account


def _note_failure(parts: Services, account: Account | None, *, paused: bool) -> None:
    # What was typed is not kept: people type passwords into the wrong field.
    name = account.id if account else "unknown"
    parts.storage.audit.record(
        None, actor=name, action="staff.sign_in_failed", subject=name, detail={"paused": paused and account is not None}
    )


async def _stage(parts: Services, account: Account) -> Stage:
    state = await run_sync(parts.storage.staff.state, account.id)
    if state is not None and state.has_second_factor:
        return "code"
    return "enrol" if parts.settings.staff_second_factor else "full"


def _form(
    request: Request, parts: Services, *, next: str, email: str = "", error: str = "", status: int = 200
) -> Response:
    context = {"next": next, "email": email, "error": error, "directory": bool(parts.settings.oidc_issuer)}
    return page(request, "sign_in.html", status=status, **context)
