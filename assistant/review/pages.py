"""Joins the staff pages: an application of its own below `/staff`, with its own errors and headers."""

from pathlib import Path
from types import ModuleType

from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.gateway.services import Services
from assistant.review import (
    accounts,
    audit_page,
    contacts,
    content,
    directory,
    export,
    home,
    insight,
    live,
    operator,
    problems,
    queue,
    request_steps,
    requests,
    safeguarding,
    second_factor,
    sign_in,
    tickets,
    view,
)
from assistant.review.access import check_csrf, signed

# Each Argon2 hash takes 64 MiB and a core: a flood of tries must not take the machine.
_HASHES_AT_ONCE = 2
_STATIC = Path(__file__).with_name("static")
# Each module has a `router`. The open ones answer without a session; nothing else does.
_OPEN: tuple[ModuleType, ...] = (sign_in, second_factor, directory)
_PARTS: tuple[ModuleType, ...] = (
    home,
    accounts,
    audit_page,
    queue,
    requests,
    request_steps,
    safeguarding,
    export,
    live,
    insight,
    tickets,
    content,
    contacts,
    operator,
)
_HEADERS = {
    # Nothing of the staff pages may be framed; the rest is as for every page.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def install(app: FastAPI) -> FastAPI:
    """Add the staff pages to an application that has its services already; return theirs."""
    services: Services = app.state.services
    staff = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    problems.install(staff)
    staff.include_router(_joined())
    staff.mount("/static", StaticFiles(directory=_STATIC), name="static")
    staff.add_middleware(Headers)
    addresses = frozenset(view.PREFIX + route.path for route in routes())
    staff.state.services = services
    staff.state.directory = directory.client(services.settings)
    staff.state.hashing = CapacityLimiter(_HASHES_AT_ONCE)
    staff.state.view = view.build(addresses, zone=services.settings.timezone)
    app.add_route(view.PREFIX, _with_slash, include_in_schema=False)
    app.mount(view.PREFIX, staff, name="staff")
    return staff


def _joined() -> APIRouter:
    whole = APIRouter(include_in_schema=False)
    for part in _OPEN:
        whole.include_router(part.router, dependencies=[Depends(check_csrf)])
    for part in _PARTS:
        # In this order: without a session nothing else is looked at.
        whole.include_router(part.router, dependencies=[Depends(signed), Depends(check_csrf)])
    return whole


def routes() -> tuple[APIRoute, ...]:
    """Return every route of the staff pages; addresses without `/staff`."""
    found = (route for part in _OPEN + _PARTS for route in part.router.routes)
    return tuple(route for route in found if isinstance(route, APIRoute))


async def _with_slash(_request: Request) -> Response:
    return RedirectResponse(f"{view.PREFIX}/", status_code=308)


class Headers:
    """Adds the stricter headers of the staff pages.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Remember the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        static = scope["path"].startswith(f"{view.PREFIX}/static/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers["Cache-Control"] = "no-cache" if static else "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
