"""Errors of the HTTP surface: always RFC 9457 problem+json, never what was sent in."""

import http
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from assistant.errors import StorageError
from assistant.log import event

MEDIA_TYPE = "application/problem+json"
# How every error is described in the OpenAPI file.
DOCUMENTED: dict[str, Any] = {
    "description": "A problem after RFC 9457",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_logger = logging.getLogger(__name__)


class ProblemError(Exception):
    """An answer that is an error, raised anywhere below a route.

    Args:
        status: HTTP status, 4xx or 5xx.
        detail: A key of `problems` in the text file.
        headers: Extra headers such as Retry-After.
    """

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Remember the parts."""
        super().__init__(f"{status} {detail}")
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: object) -> Response:
    """Build the answer; `more` are extension members."""
    title = http.HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Register the handlers for everything that can go wrong."""
    app.add_exception_handler(ProblemError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StorageError, _storage)
    app.add_exception_handler(Exception, _unexpected)


def phrase(request: Request, key: str) -> str:
    """Return the sentence for a problem from the text file."""
    words: str = request.app.state.services.replies.phrase(key)
    return words


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem(error.status, phrase(request, error.detail), headers=error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem(400, phrase(request, "invalid_json"))
    # Names of fields only: the values may be personal.
    fields = sorted({".".join(str(part) for part in item["loc"][1:]) for item in found} - {""})
    return problem(422, phrase(request, "invalid_fields"), fields=[_short(name) for name in fields])


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    keys = {400: "invalid_json", 404: "no_such_address", 405: "no_such_method"}
    key = keys.get(error.status_code, "not_possible")
    return problem(error.status_code, phrase(request, key), headers=error.headers)


async def _storage(request: Request, error: Exception) -> Response:
    event(_logger, "storage_failed", level=logging.ERROR, reason=error)
    return problem(503, phrase(request, "storage_down"), headers={"Retry-After": "5"})


async def _unexpected(request: Request, error: Exception) -> Response:
    # The text of an unknown error may carry what was sent, so only its type is logged.
    event(_logger, "unexpected_error", level=logging.ERROR, kind=type(error).__name__)
    return problem(500, phrase(request, "unexpected"))


def _short(name: str) -> str:
    return name[:40]
