"""A member of staff's own account, and the list of accounts for managers."""

from collections.abc import Callable

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.gateway.services import Parts, Services
from assistant.review import passwords, second_factor, sessions, sign_in
from assistant.review.access import Manager, OwnSession, Signed, check_rate
from assistant.review.problems import StaffProblem
from assistant.review.sign_in import Field
from assistant.review.view import back, page
from assistant.storage import moments
from assistant.storage.staff import Staff
from assistant.storage.staff_records import Account, StaffSession

router = APIRouter()


@router.get("/account")
async def own(request: Request, parts: Parts, session: OwnSession) -> Response:
    """Show the own account: password, second factor, where it is signed in."""
    return await _own_page(request, parts, session)


@router.post("/account/password")
async def change_password(
    request: Request, parts: Parts, session: OwnSession, current: Field = "", new: Field = "", again: Field = ""
) -> Response:
    """Change the own password; other browsers are signed out and this one gets a new session."""
    check_rate(parts, request)
    account = session.account
    problem = await _password_problem(request, parts, account, current, new, again)
    if problem is not None:
        return await _own_page(request, parts, session, problem=problem)
    fresh = await run_sync(passwords.hashed, new, limiter=request.app.state.hashing)
    await run_sync(lambda: parts.storage.staff.set_password(account.id, fresh, actor=account.id))
    response = back("/account", said="password_changed")
    await sessions.begin(request, response, parts, account, "full")
    return response


@router.post("/account/second-factor/remove")
async def remove_second_factor(request: Request, parts: Parts, session: OwnSession, code: Field = "") -> Response:
    """Remove the own second factor, proved by a last code; a new one is set up at the next sign-in."""
    check_rate(parts, request)
    account = session.account
    if not await run_sync(second_factor.is_right, parts, account, code):
        return await _own_page(request, parts, session, problem=("code", "wrong_code"))
    await run_sync(parts.storage.staff.succeeded, account.id)
    await run_sync(lambda: parts.storage.staff.reset_totp(account.id, actor=account.id))
    response = back("/sign-in", said="second_factor_removed")
    sessions.forget(response)
    return response


@router.post("/account/sessions/{session_id}/end")
async def end_session(parts: Parts, account: Signed, session_id: str) -> Response:
    """Sign one of the own browsers out.

    Raises:
        StaffProblem: 404 if it is not the own.
    """
    ended = await run_sync(
        lambda: parts.storage.staff_sessions.end(session_id, account.id, action="staff.session_ended")
    )
    if not ended:
        raise StaffProblem(404, "no_such_page")
    return back("/account", said="session_ended")


@router.post("/account/sessions/end-others")
async def end_others(parts: Parts, session: OwnSession) -> Response:
    """Sign all other browsers out."""
    owner = session.account.id
    await run_sync(lambda: parts.storage.staff_sessions.end_all(owner, actor=owner, but=session.id))
    return back("/account", said="sessions_ended")


@router.get("/accounts")
async def every(request: Request, parts: Parts, account: Manager) -> Response:
    """Show who can sign in."""
    states = await run_sync(parts.storage.staff.all)
    return page(request, "accounts.html", states=states, now=moments.to_ms(parts.storage.now()), own=account.id)


@router.post("/accounts/{account_id}/{step}")
async def change(parts: Parts, account: Manager, account_id: str, step: str) -> Response:
    """Close, open, unlock or reset an account.

    Raises:
        StaffProblem: 404 for an unknown account or step; 403 for the own account: nobody locks themselves out.
    """
    state = await run_sync(parts.storage.staff.state, account_id)
    if state is None or step not in _STEPS:
        raise StaffProblem(404, "no_such_page")
    if account_id == account.id:
        raise StaffProblem(403, "own_account")
    said, act = _STEPS[step]
    await run_sync(act, parts.storage.staff, account_id, account.id)
    return back("/accounts", said=said)


_STEPS: dict[str, tuple[str, Callable[[Staff, str, str], None]]] = {
    "disable": ("account_disabled", lambda staff, it, by: staff.set_disabled(it, True, actor=by)),
    "enable": ("account_enabled", lambda staff, it, by: staff.set_disabled(it, False, actor=by)),
    "unlock": ("account_unlocked", lambda staff, it, by: staff.unlock(it, actor=by)),
    "reset-second-factor": ("second_factor_removed", lambda staff, it, by: staff.reset_totp(it, actor=by)),
}


async def _password_problem(
    request: Request, parts: Services, account: Account, current: str, new: str, again: str
) -> tuple[str, str] | None:
    """Return field and key of what is wrong."""
    attempt = await run_sync(parts.storage.staff.attempt, account.email)
    right = await sign_in.check_password(request, current, attempt.password_hash)
    if not attempt.allowed or not right:
        return "current", "wrong_current"
    await run_sync(parts.storage.staff.password_was_right, account.id)
    fault = passwords.fault(new, email=account.email)
    if fault:
        return "new", fault
    return ("again", "different") if new != again else None


async def _own_page(
    request: Request, parts: Services, session: StaffSession, *, problem: tuple[str, str] | None = None
) -> Response:
    owner = session.account.id
    context = {
        "state": await run_sync(parts.storage.staff.state, owner),
        "sessions": await run_sync(parts.storage.staff_sessions.of, owner),
        "session": session,
        "problem": problem,
    }
    return page(request, "account.html", status=422 if problem else 200, **context)
