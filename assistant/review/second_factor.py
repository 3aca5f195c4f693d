"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for a lost phone."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Annotated

import pyotp
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from assistant.gateway.services import Parts, Services
from assistant.review import sessions
from assistant.review.access import SIGN_IN, check_rate
from assistant.review.problems import NotSignedIn
from assistant.review.sign_in import Field, begun
from assistant.review.view import PREFIX, page
from assistant.storage.staff_records import Account, StaffSession

router = APIRouter()
ISSUER = "SEND assistant Medway"
_STEP_SECONDS = 30
# A phone's clock may be one step off.
_STEPS = (0, -1, 1)
_RECOVERY_CODES = 10
# Without letters and digits that are mistaken for one another; 16 of them are 79 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz3456789"


async def _half_way(request: Request, parts: Parts) -> StaffSession:
    session = await sessions.current(request, parts)
    if session is None:
        raise NotSignedIn(SIGN_IN)
    return session


HalfWay = Annotated[StaffSession, Depends(_half_way)]


@router.get("/sign-in/code")
async def ask_code(request: Request, session: HalfWay, next: str = "") -> Response:
    """Ask for a code."""
    if session.stage != "code":
        return RedirectResponse(f"{PREFIX}/", status_code=303)
    return page(request, "code.html", next=next, error="")


@router.post("/sign-in/code")
async def take_code(request: Request, parts: Parts, session: HalfWay, code: Field = "", next: Field = "") -> Response:
    """Check a code of the app or a recovery code."""
    check_rate(parts, request)
    if session.stage != "code":
        return RedirectResponse(f"{PREFIX}/", status_code=303)
    if not await run_sync(is_right, parts, session.account, code):
        return page(request, "code.html", status=401, next=next, error="wrong_code")
    await run_sync(parts.storage.staff.succeeded, session.account.id)
    return await begun(request, parts, session.account, stage="full", next=next)


@router.get("/sign-in/second-factor")
async def show_set_up(request: Request, parts: Parts, session: HalfWay) -> Response:
    """Show the secret to type into an app."""
    if not await _may_set_up(parts, session):
        return RedirectResponse(f"{PREFIX}/", status_code=303)
    return await _set_up_page(request, parts, session)


@router.post("/sign-in/second-factor")
async def set_up(request: Request, parts: Parts, session: HalfWay, code: Field = "") -> Response:
    """Store the second factor once the app shows the right code; show the recovery codes once."""
    check_rate(parts, request)
    if not await _may_set_up(parts, session):
        return RedirectResponse(f"{PREFIX}/", status_code=303)
    secret = await _pending(parts, session)
    step = step_of(secret, code, parts.storage.now())
    if step is None:
        return await _set_up_page(request, parts, session, error="wrong_set_up")
    codes = new_recovery_codes()
    hashes = [recovery_hash(each) for each in codes]
    owner = session.account.id
    await run_sync(lambda: parts.storage.staff.set_totp(owner, secret, step=step, recovery=hashes, actor=owner))
    await run_sync(parts.storage.staff.succeeded, owner)
    response = page(request, "recovery_codes.html", codes=codes)
    await sessions.begin(request, response, parts, session.account, "full")
    return response


def is_right(parts: Services, account: Account, code: str) -> bool:
    """Check a code and use it up; counts as a try to sign in. Blocks."""
    staff = parts.storage.staff
    if staff.attempt_code(account.id).allowed and _takes(parts, account, code):
        return True
    parts.storage.audit.record(None, actor=account.id, action="staff.code_failed", subject=account.id)
    return False


def _takes(parts: Services, account: Account, code: str) -> bool:
    staff = parts.storage.staff
    secret = staff.totp_secret(account.id)
    if secret is None:
        return False
    step = step_of(secret, code, parts.storage.now())
    if step is not None:
        return staff.use_step(account.id, step)
    return staff.use_recovery_code(account.id, recovery_hash(code))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code this is, or None if it is no present code."""
    given = "".join(code.split())
    totp, at = pyotp.TOTP(secret), int(now.timestamp()) // _STEP_SECONDS
    found = None
    for step in (at + off for off in _STEPS):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given.encode("utf-8", "surrogatepass")):
            found = step
    return found


def new_recovery_codes() -> tuple[str, ...]:
    """Return fresh codes as they are shown."""
    return tuple("-".join(_letters(4) for _ in range(4)) for _ in range(_RECOVERY_CODES))


def recovery_hash(code: str) -> str:
    """Return what is stored of a recovery code; hyphens, blanks and capitals do not matter."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(b"recovery:" + plain.encode("utf-8", "surrogatepass")).hexdigest()


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))


async def _may_set_up(parts: Services, session: StaffSession) -> bool:
    """Tell whether this session may set up: it is past the password and there is no second factor yet."""
    state = await run_sync(parts.storage.staff.state, session.account.id)
    return session.stage != "code" and state is not None and not state.has_second_factor


async def _pending(parts: Services, session: StaffSession) -> str:
    return await run_sync(parts.storage.staff_sessions.pending_totp, session.id, pyotp.random_base32())


async def _set_up_page(request: Request, parts: Services, session: StaffSession, *, error: str = "") -> Response:
    secret = await _pending(parts, session)
    link = pyotp.TOTP(secret).provisioning_uri(name=session.account.email, issuer_name=ISSUER)
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    status = 422 if error else 200
    return page(request, "set_up.html", status=status, secret=grouped, link=link, error=error)
