"""What can go wrong on the staff pages, shown as a page, or as problem+json to scripts."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from assistant.errors import StorageError
from assistant.gateway.problems import problem
from assistant.log import event
from assistant.review import sessions
from assistant.review.view import page, wording
from assistant.storage.desk_records import NoSuchRecord

_logger = logging.getLogger(__name__)
_API = "/staff/api/"
_PROGRAMS = ("application/json", "text/event-stream")
_BY_STATUS = {404: "no_such_page", 405: "no_such_page", 413: "too_large"}


class StaffProblem(Exception):
    """An answer that is an error, raised anywhere below a staff route.

    Args:
        status: HTTP status, 4xx or 5xx.
        key: A key of `problems` in texts.yml.
        headers: Extra headers such as Retry-After.
    """

    def __init__(self, status: int, key: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Remember the parts."""
        super().__init__(f"{status} {key}")
        self.status, self.key, self.headers = status, key, dict(headers or {})


class NotSignedIn(Exception):
    """A page was asked for that needs a session; the reader is sent to sign in and then on.

    Args:
        address: Where the reader goes instead.
    """

    def __init__(self, address: str) -> None:
        """Remember the address."""
        super().__init__("not signed in")
        self.address = address


def install(staff: FastAPI) -> None:
    """Register the handlers of the staff pages."""
    staff.add_exception_handler(StaffProblem, _known)
    staff.add_exception_handler(NotSignedIn, _not_signed_in)
    staff.add_exception_handler(RequestValidationError, _invalid)
    staff.add_exception_handler(HTTPException, _http)
    staff.add_exception_handler(NoSuchRecord, _no_record)
    staff.add_exception_handler(StorageError, _storage)
    staff.add_exception_handler(Exception, _unexpected)


def for_program(request: Request) -> bool:
    """Tell whether a program asks, which is answered without pages and sign-in forms."""
    return request.url.path.startswith(_API) or request.headers.get("accept", "").startswith(_PROGRAMS)


def _show(request: Request, status: int, key: str, headers: Mapping[str, str] | None = None) -> Response:
    words = wording(request, "problems", key)
    if for_program(request):
        return problem(status, words["text"], headers=headers)
    response = page(request, "problem.html", status=status, **words)
    response.headers.update(headers or {})
    return response


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, StaffProblem)
    return _show(request, error.status, error.key, error.headers)


async def _not_signed_in(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotSignedIn)
    return RedirectResponse(error.address, status_code=303)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _show(request, 422, "invalid")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    await _recognise(request)
    return _show(request, error.status_code, _BY_STATUS.get(error.status_code, "invalid"), error.headers)


async def _no_record(request: Request, _error: Exception) -> Response:
    return _show(request, 404, "no_such_page")


async def _recognise(request: Request) -> None:
    """Let a page that no route answers show the reader's sections, if there is a session."""
    session = await sessions.current(request, request.app.state.services)
    if session is not None and session.stage == "full":
        request.state.account = session.account


async def _storage(request: Request, error: Exception) -> Response:
    event(_logger, "storage_failed", level=logging.ERROR, reason=error)
    return _show(request, 503, "storage_down", {"Retry-After": "5"})


async def _unexpected(request: Request, error: Exception) -> Response:
    # The text of an unknown error may carry what was sent, so only its type is logged.
    event(_logger, "unexpected_error", level=logging.ERROR, kind=type(error).__name__)
    return _show(request, 500, "unexpected")
