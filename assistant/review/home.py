"""Where staff arrive after signing in."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from assistant.review.access import Signed
from assistant.review.view import PREFIX
from assistant.storage.staff_records import Role

router = APIRouter()
_FIRST: dict[Role, str] = {"reviewer": "/requests", "manager": "/requests", "editor": "/content"}


@router.get("/")
async def home(account: Signed) -> Response:
    """Go to where the day's work is."""
    return RedirectResponse(PREFIX + _FIRST[account.role], status_code=303)
